"""A training step in the order of our loop, without the loop's files."""

import torch
from torch import Tensor

from ecgssl_core.methods.method import Batch, Method
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance
from ecgssl_core.training.optimiser import clip, make_optimiser, set_rates

STEPS = 1000  # of an epoch that no benchmark reaches the end of
EPOCH = 20  # behind warm-up and frozen prototypes


class OurStep:
    """A method and its optimiser, in the middle of a training."""

    def __init__(self, method: Method, settings: Settings) -> None:
        self.method, self.settings = method, settings
        self.optimiser = make_optimiser(method, settings)
        method.train().begin_epoch(EPOCH)

    def __call__(self, batch: Batch, chance: Chance) -> Tensor:
        """Train on a batch and give the loss."""
        settings = self.settings
        set_rates(self.optimiser, settings, EPOCH * STEPS, STEPS)
        with torch.autocast(batch.source.device.type, torch.bfloat16, settings.training.precision == "bf16"):
            loss, _ = self.method.loss(batch, chance)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        clip(self.method, settings.optimiser.clip)
        self.optimiser.step()
        self.method.after_step(EPOCH / settings.training.epochs)
        return loss.detach()
