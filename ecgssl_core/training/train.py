"""The loop: batches through a method, an optimiser behind it, and everything a reader may want to know in the run."""

import math
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ecgssl_core.errors import RunError
from ecgssl_core.methods.method import Method
from ecgssl_core.runs import RunDir
from ecgssl_core.settings import Settings

from .checkpoint import load_checkpoint, save_checkpoint
from .loader import Loader
from .memory import keep_memory
from .optimiser import clip, make_optimiser, set_rates
from .progress import Progress, size_of

EpochHook = Callable[[int, dict[str, float]], dict[str, float]]


def use_device(settings: Settings) -> torch.device:
    """Give the device of a run, having set the number of threads.

    Raises:
        RunError: a CUDA device is asked for, and there is none.
    """
    part = settings.training
    if part.threads:
        torch.set_num_threads(part.threads)
    keep_memory()
    if part.device == "cuda" and not torch.cuda.is_available():
        raise RunError("There is no CUDA device here; set training.device=cpu.")
    return torch.device("cuda" if part.device != "cpu" and torch.cuda.is_available() else "cpu")


@dataclass
class _Epoch:
    """Sums of an epoch; kept on the device, so that no step waits for a number to travel."""

    sums: dict[str, Tensor] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)

    def add(self, values: dict[str, Tensor]) -> None:
        """Add the figures of a step."""
        for name, value in values.items():
            self.sums[name] = self.sums[name] + value.detach() if name in self.sums else value.detach()
        self.counts.update(values.keys())

    def means(self) -> dict[str, float]:
        """Give the mean of each figure, and the seconds that the epoch took."""
        means = {name: value.item() / self.counts[name] for name, value in self.sums.items()}
        return {**means, "seconds": time.monotonic() - self.began}


def train(method: Method, loader: Loader, settings: Settings, run: RunDir, on_epoch: EpochHook | None = None) -> bool:
    """Train a method, from the run's last checkpoint if there is one.

    Args:
        method: what is trained, on its device.
        loader: batches on the same device.
        settings: epochs, rates, precision.
        run: where state, metrics and checkpoints go.
        on_epoch: gives further figures to log after an epoch, from its number and its mean figures.

    Returns:
        Whether training came to its end; False if it was asked to stop, having saved.

    Raises:
        RunError: the loss is no number any more, or the checkpoints are damaged.
    """
    optimiser = make_optimiser(method, settings)
    step = load_checkpoint(run.checkpoints(), method, optimiser) or 0
    epochs, steps = settings.training.epochs, settings.training.epochs * loader.steps
    run.cut_metrics(step)
    run.write_state("running", step=step, steps=steps, epoch=step // loader.steps, epochs=epochs)
    print(size_of(loader, epochs), file=sys.stderr, flush=True)
    progress = Progress(run, steps, epochs, step)
    for epoch in range(step // loader.steps, epochs):
        method.train().begin_epoch(epoch)
        figures, rate = _Epoch(), 0.0
        for batch, chance in loader.batches(epoch, step % loader.steps):
            rate = set_rates(optimiser, settings, step, loader.steps)
            torch.manual_seed(settings.training.seed * 1_000_003 + step)  # dropout: the same after a resume
            with torch.autocast(batch.source.device.type, torch.bfloat16, settings.training.precision == "bf16"):
                loss, health = method.loss(batch, chance)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            clip(method, settings.optimiser.clip)
            optimiser.step()
            step += 1
            method.after_step(step / steps)
            figures.add({"loss": loss, **health})
            progress.tell_step(step, epoch)
            if run.stop_asked():
                save_checkpoint(run.checkpoints(), step, method, optimiser)
                run.write_state("cancelled", step=step, steps=steps, epoch=epoch, epochs=epochs)
                return False
        means = figures.means()
        if not math.isfinite(means["loss"]):
            raise RunError(f"The loss is no number after epoch {epoch + 1}; lower optimiser.rate and start anew.")
        extra = on_epoch(epoch, means) if on_epoch else {}
        run.add_metrics({"step": step, "epoch": epoch + 1, "split": "train", "rate": rate, **means, **extra})
        if (epoch + 1) % settings.training.checkpoint_epochs == 0 or epoch + 1 == epochs:
            save_checkpoint(run.checkpoints(), step, method, optimiser)
        progress.tell_epoch(step, epoch + 1, means["loss"])
    return True
