"""The test fold of a finished run scored again with fewer leads, the others being silent."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.errors import RunError
from ecgssl_core.inference.arranged import missing_leads
from ecgssl_core.inference.score_pack import score_pack
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.manifest import Decision
from ecgssl_core.runs import RunDir
from ecgssl_core.settings import Settings
from ecgssl_core.signals.lead_sets import LEAD_SETS, LeadSets
from ecgssl_core.signals.spec import InputSpec

from .checkpoint import load_checkpoint
from .decide import probabilities
from .finetune import start
from .split import split


def score_lead_sets(run: RunDir, progress: Callable[[str], None] = lambda _: None, sets: LeadSets = LEAD_SETS) -> int:
    """Write what a run's network says of its test fold with sets of leads, each once; give the number of new sets.

    Calibration and thresholds stay those of all leads: nothing is chosen anew on what is scored. A set that the pack
    does not have is left out.

    Args:
        run: a finished fine-tuning.
        progress: is told what is being done.
        sets: which.

    Raises:
        RunError: the run is not finished, is no fine-tuning, has lost its weights, or its pack was divided anew.
        CorpusError: its pack is gone.
    """
    found, settings = run.results(), run.settings()
    if found is None or settings.method != "supervised":
        raise RunError(f"{run.name} is not a finished fine-tuning; lead sets need a trained network.")
    known = run.lead_scores()
    done = set() if known is None else {frozenset(names.split(", ")) for names in known["names"].unique()}
    left = [(name, leads) for name, leads in sets if frozenset(leads) not in done]
    if not left:
        return 0
    part, spec = split(settings), InputSpec.from_json(run.provenance()["spec"])
    if part.folds_digest != found["folds"]:
        raise RunError(f"The pack of {run.name} was divided anew since; its test fold cannot be scored again.")
    model, decision = _trained(run, settings, spec), Decision.model_validate(found["decision"])
    keys = part.pack.table["key"].to_numpy()[part.test]
    frames = [] if known is None else [known]
    for name, leads in left:
        if missing_leads(replace(spec, leads=leads, fewer_leads=False), part.pack.leads):
            continue
        progress(f"{run.name}: {name}")
        said = probabilities(decision, score_pack(model, part.pack, part.test, leads).logits)
        columns = {f"p_{code}": said[:, place] for place, code in enumerate(part.classes.codes)}
        about = {"key": keys, "leads": len(leads), "set": name, "names": ", ".join(leads)}
        frames.append(pd.DataFrame(about | {key: np.asarray(values) for key, values in columns.items()}))
    run.write_lead_scores(pd.concat(frames, ignore_index=True))
    return len(frames) - (known is not None)


def _trained(run: RunDir, settings: Settings, spec: InputSpec) -> Classifier:
    """Give the network of a finished run."""
    method, _ = start(settings, spec, len(load_label_set(settings.data.classes)), [])
    try:
        step = load_checkpoint(run.checkpoints(), method)
    except RuntimeError as error:  # torch says so where the shapes of weights differ
        raise RunError(f"{run.name} was trained by an older version, whose network had another form.") from error
    if step is None:
        raise RunError(f"{run.name} has no weights any more; only a run that kept them can be asked again.")
    return method.finished()
