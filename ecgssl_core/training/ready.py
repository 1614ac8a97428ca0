"""Whether a training can begin at all, asked before a run is made: a refused command leaves nothing behind."""

from typing import Literal

from ecgssl_core.corpus.leaks import hashes_seen
from ecgssl_core.errors import RunError
from ecgssl_core.inference.arranged import require_suited
from ecgssl_core.runs import RunDir, open_run
from ecgssl_core.settings import Settings

from .identify import choose_persons
from .pretrain import choose_unlabelled, input_spec
from .recordings import leads_given
from .split import must_be_new, split
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
            require_suited(pack, spec)
        return
    if settings.method == "arcface":
        pack, persons = choose_persons(settings)
        _refuse_encoders(settings, set(hashes_seen(pack, persons.held)))
        return
    part = split(settings)
    require_suited(part.pack, spec)
    leads_given(settings, spec)
    _refuse_encoders(settings, must_be_new(part, settings))


def _refuse_encoders(settings: Settings, hashes: set[str]) -> None:
    encoders = [pretraining(name) for name in settings.data.encoders]
    spec_with(input_spec(settings), encoders, settings)
    for run in encoders:
        seen_by(run, hashes, settings)


def pretraining(name: str) -> RunDir:
    """Give a finished pretraining by its name.

    Raises:
        RunError: there is no such run, it is no pretraining, or it is not done.
    """
    run = open_run(name, wanted="pretraining")
    if not run.settings().pretrains:
        raise RunError(f"{run.name} is no pretraining; name a finished run of `pretrain` after --from.")
    state = run.state().state
    if state != "done":
        raise RunError(f"The pretraining {run.name} is {state}, not done; let it end first.")
    return run
