"""A training tells how far it is: one line that is rewritten on a terminal, a line an epoch elsewhere."""

from io import StringIO
from pathlib import Path

import torch

from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.settings import load_preset
from ecgssl_core.training.loader import Loader
from ecgssl_core.training.progress import Progress, size_of
from ecgssl_core.training.recordings import Recordings


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def _run(root: Path) -> RunDir:
    return create_run(load_preset("quick-time"), root)


def _loader(records: int) -> Loader:
    nothing = torch.zeros(records, dtype=torch.int64)
    return Loader(Recordings(nothing, nothing, nothing, nothing, nothing), None, 64, 250, 0)


def test_a_training_of_a_few_steps_says_so() -> None:
    assert size_of(_loader(96), 8) == "96 records, 8 epochs, 8 steps in all: few records, so little can be learned"
    assert size_of(_loader(7200), 8) == "7,200 records, 8 epochs, 896 steps in all"


def test_a_log_gets_a_line_an_epoch(tmp_path: Path) -> None:
    stream = StringIO()
    progress = Progress(_run(tmp_path), 4, 2, 0, stream)
    for step in (1, 2):
        progress.tell_step(step, 0)
    progress.tell_epoch(2, 1, 1.5)
    progress.tell_epoch(4, 2, 1.25)
    first, last = stream.getvalue().splitlines()
    assert first.startswith("epoch 1 of 2, loss 1.500, about ")
    assert last == "epoch 2 of 2, loss 1.250"


def test_a_terminal_has_one_line_rewritten(tmp_path: Path) -> None:
    stream = Terminal()
    progress = Progress(_run(tmp_path), 4, 2, 0, stream)
    progress.tell_step(1, 0)
    progress.tell_epoch(2, 1, 1.5)
    progress.tell_epoch(4, 2, 1.25)
    lines = stream.getvalue().split("\r")
    assert [line.split(",")[0].strip() for line in lines] == ["", "epoch 1 of 2", "epoch 1 of 2", "epoch 2 of 2"]
    assert stream.getvalue().count("\n") == 1


def test_a_step_is_a_sign_of_life(tmp_path: Path) -> None:
    run = _run(tmp_path)
    assert run.state().heartbeat_age_s is None
    Progress(run, 4, 2, 0, StringIO()).tell_step(1, 0)
    assert run.state().heartbeat_age_s is not None
    assert (run.state().step, run.state().steps) == (1, 4)
