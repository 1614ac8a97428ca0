"""One command's training from its words to its end state, whoever started it."""

import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Literal

from ecgssl_core.errors import EcgError
from ecgssl_core.runs import RESUMABLE, RunDir, create_run, open_run
from ecgssl_core.settings import Settings

from .finetune import finetune
from .pretrain import pretrain
from .ready import refuse_unready

TRAININGS = {"pretrain": pretrain, "finetune": finetune}


def work(name: str | None, settings: Callable[[], Settings], kind: Literal["pretrain", "finetune"]) -> int:
    """Train, in a new run or an existing one, and give the exit code.

    Args:
        name: the run to go on with; None makes one from the settings.
        settings: gives the settings of a new run.
        kind: which training.

    Raises:
        EcgError: words, settings, packs or encoders are wrong, and no run was made; what goes wrong in training is
            written into the run and printed.
    """
    run = open_run(name) if name else _new(settings(), kind)
    with run.hold():
        return _train(run, kind)


def _new(settings: Settings, kind: Literal["pretrain", "finetune"]) -> RunDir:
    refuse_unready(settings, kind)
    return create_run(settings)


def _train(run: RunDir, kind: Literal["pretrain", "finetune"]) -> int:
    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        run.ask_to_stop()

    signal.signal(signal.SIGTERM, ask_to_stop)
    before = run.state()
    if before.state in RESUMABLE:
        run.forget_stop()  # whoever goes on with a run takes back the wish that it should end
    run.write_state("running", before.step, before.steps, before.epoch, before.epochs)
    run.beat()  # a run that goes on begins with a fresh sign of life, however long its records take to read
    print(run.name, flush=True)
    try:
        ended = TRAININGS[kind](run.settings(), run)
    except EcgError as error:
        now = run.state()
        run.write_state("failed", now.step, now.steps, now.epoch, now.epochs, str(error))
        print(error, file=sys.stderr)
        return 1
    if ended:
        now = run.state()
        run.write_state("done", now.step, now.steps, now.epoch, now.epochs)
    return 0
