"""Whether a training can begin at all, asked before a run is made: a refused command leaves nothing behind."""

from typing import Literal

from ecgssl_core.corpus.leaks import hashes_seen
from ecgssl_core.corpus.pack import Pack, require_leads
from ecgssl_core.errors import CorpusError, RunError
from ecgssl_core.runs import RunDir, open_run
from ecgssl_core.settings import Settings
from ecgssl_core.signals.spec import InputSpec

from .pretrain import choose_unlabelled, input_spec
from .split import split
from .takeover import seen_by, spec_with
from .train import use_device


def refuse_unready(settings: Settings, kind: Literal["pretrain", "finetune"]) -> None:
    """Stop a training that could only fail: its packs, folds, device and encoders are looked at, nothing is written.

    Args:
        settings: everything that decides the run.
        kind: which training.

    Raises:
        EcgError: it cannot begin.
    """
    use_device(settings)
    spec = input_spec(settings)
    if kind == "pretrain":
        for pack, _ in choose_unlabelled(settings).packs:
            require_form(pack, spec)
        return
    part = split(settings)
    require_form(part.pack, spec)
    encoders = [pretraining(name) for name in settings.data.encoders]
    spec_with(spec, encoders, settings)
    held = set(hashes_seen(part.pack, [*part.validation, *part.test]))
    for run in encoders:
        seen_by(run, held, settings)


def require_form(pack: Pack, spec: InputSpec) -> None:
    """Stop a training on a pack of another rate or of other leads than its input.

    Raises:
        CorpusError: the pack has another rate, or other leads.
    """
    require_leads(pack, spec.leads)
    if pack.rate != spec.rate:
        raise CorpusError(
            f"The pack {pack.name} has {pack.rate:g} samples a second, and training takes {spec.rate:g}; pack its "
            f"folder again with --rate {spec.rate:g}."
        )


def pretraining(name: str) -> RunDir:
    """Give a finished pretraining by its name.

    Raises:
        RunError: there is no such run, it is no pretraining, or it is not done.
    """
    run = open_run(name, wanted="pretraining")
    if run.settings().method in ("supervised", "baseline"):
        raise RunError(f"{run.name} is no pretraining; name a finished run of `pretrain` after --from.")
    state = run.state().state
    if state != "done":
        raise RunError(f"The pretraining {run.name} is {state}, not done; let it end first.")
    return run
