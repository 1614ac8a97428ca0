"""How training went: the losses of the fine-tunings, and the health of the pretrainings that they began with."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ecgssl_core.errors import EcgError
from ecgssl_core.plots.learning import learning_figure
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import NONE, number
from ecgssl_core.runs import RunDir, open_run
from ecgssl_core.settings import Settings

Lines = tuple[str, list[dict[str, Any]]]  # a run's title and what it wrote

_HEALTH = {
    "loss": "Loss of each pretraining.",
    "teacher_entropy": "Entropy of the teacher in each pretraining, in nats.",
}
_AT_THE_END = {
    "loss": "loss",
    "teacher_entropy": "teacher entropy (nats)",
    "kl_to_uniform": "KL to uniform (nats)",
    "feature_rank": "feature rank",
    "auroc": "k-NN probe AUROC",
}


def learning_section(study: Study) -> Section | None:
    """Give the losses of the fine-tunings by arm, and of the pretrainings that they began with; None without any."""
    drawings = []
    arms = {
        arm.title: [(_title(run.run.name, run.settings), run.run.metrics()) for run in arm.runs] for arm in study.arms
    }
    tuned = {title: runs for title, runs in arms.items() if _has(runs, "loss")}
    if tuned:
        alt = "Loss of each fine-tuning over its epochs, a panel an arm, a line a run."
        drawings.append(Drawing("learning", alt, learning_figure(tuned, "loss"), 700))
    encoders = _pretrainings(study)
    for name, alt in _HEALTH.items():
        shown = {title: runs for title, runs in encoders.items() if _has(runs, name)}
        if shown:
            drawings.append(Drawing(f"pretraining_{name}", alt, learning_figure(shown, name, 2), 480))
    if not drawings:
        return None
    sentence = "A line a run. No epoch is chosen by these curves: what is scored is the end of a fixed schedule."
    rows = [_health(title, runs) for title, runs in encoders.items()]
    tables = {"Pretrainings, at their end, mean over runs": pd.DataFrame(rows)} if rows else {}
    return Section("learning", "Learning curves", (sentence,), tables, tuple(drawings))


def _pretrainings(study: Study) -> dict[str, list[Lines]]:
    """Give the lines of the encoders' runs, each once, by modality and transformations."""
    seen: set[str] = set()
    found: dict[str, list[Lines]] = {}
    for arm in study.variants.values():
        for run in arm.runs:
            for name in run.settings.data.encoders:
                encoder = _opened(name, run.run)
                if encoder and name not in seen:
                    seen.add(name)
                    found.setdefault(encoder[1].arm, []).append((_title(name, encoder[1]), encoder[0].metrics()))
    return found


def _opened(name: str, beside: RunDir) -> tuple[RunDir, Settings] | None:
    try:
        run = open_run(name, beside.path.parent.parent)
        return run, run.settings()
    except EcgError:
        return None


def _title(name: str, settings: Settings) -> str:
    return f"fold {settings.data.fold}, seed {settings.training.seed} · {name}"


def _has(runs: Sequence[Lines], name: str) -> bool:
    return any(line.get(name) is not None for _, lines in runs for line in lines)


def _health(title: str, runs: Sequence[Lines]) -> dict[str, object]:
    row: dict[str, object] = {"pretraining": title, "runs": len(runs)}
    for name, heading in _AT_THE_END.items():
        kept = [[line[name] for line in lines if line.get(name) is not None] for _, lines in runs]
        ends = [values[-1] for values in kept if values]
        row[heading] = number(float(np.mean(ends)), 3) if ends else NONE
    return row
