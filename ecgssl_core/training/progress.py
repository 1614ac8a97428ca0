"""What a training says of itself while it lasts: signs of life and state in its run, and a line on stderr."""

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

from ecgssl_core.runs import RunDir, spoken

from .loader import Loader

FEW_STEPS = 50  # with fewer, hardly anything is learned
_EVERY_S = 1.0


def say(sentence: str) -> None:
    """Say what is begun, on stderr."""
    print(f"{sentence} …", file=sys.stderr, flush=True)


def size_of(loader: Loader, epochs: int) -> str:
    """Give how long a training is, in one line; one of a few steps says so."""
    steps = loader.steps * epochs
    few = ": few records, so little can be learned" if steps < FEW_STEPS else ""
    counted = f"{epochs} epoch{'s' * (epochs > 1)}, {steps:,} step{'s' * (steps > 1)} in all"
    return f"{len(loader.recordings):,} records, {counted}{few}"


@dataclass
class Progress:
    """How far a training is, told once a second at most.

    Args:
        run: takes signs of life and the state.
        steps, epochs: of the whole training.
        step: where this start begins.
        stream: a terminal has one line rewritten; anything else gets a line an epoch.
    """

    run: RunDir
    steps: int
    epochs: int
    step: int
    stream: TextIO = field(default_factory=lambda: sys.stderr)

    def __post_init__(self) -> None:
        self._began, self._first, self._spoke = time.monotonic(), self.step, 0.0

    def tell_step(self, step: int, epoch: int) -> None:
        """Tell of a step that is done in an epoch, counted from 0."""
        now = time.monotonic()
        if now - self._spoke < _EVERY_S:
            return
        self._spoke = now
        self.run.beat()
        self.run.write_state("running", step=step, steps=self.steps, epoch=epoch, epochs=self.epochs)
        if self.stream.isatty():
            line = f"epoch {epoch + 1} of {self.epochs}, step {step:,} of {self.steps:,}{self._left(step)}"
            print(f"\r{line:<78}", end="", file=self.stream, flush=True)

    def tell_epoch(self, step: int, epoch: int, loss: float) -> None:
        """Tell of epochs that are done, so many, and the mean loss of the last."""
        self.run.write_state("running", step=step, steps=self.steps, epoch=epoch, epochs=self.epochs)
        line = f"epoch {epoch} of {self.epochs}, loss {loss:.3f}{self._left(step)}"
        whole = epoch == self.epochs or not self.stream.isatty()
        print(f"\r{line:<78}" if self.stream.isatty() else line, end="\n" * whole, file=self.stream, flush=True)

    def _left(self, step: int) -> str:
        done = step - self._first
        if step >= self.steps or done < 1:
            return ""
        return f", about {spoken((time.monotonic() - self._began) / done * (self.steps - step))} left"
