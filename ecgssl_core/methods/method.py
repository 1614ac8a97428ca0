"""What the loop asks of a training objective."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from torch import Tensor, nn

from ecgssl_core.signals.chance import Chance


@dataclass(frozen=True)
class Batch:
    """Records of one step.

    source: (batch, leads, samples) in mV, a random stretch of each record.
    labels: (batch, classes) 1, 0, or -1 where unknown; None where there are none.
    watched: whether figures of health are asked for, which cost time.
    patients: (batch,) int64, equal for records of one person; None where nobody asks.
    """

    source: Tensor
    labels: Tensor | None
    watched: bool = True
    patients: Tensor | None = None


class Method(nn.Module, ABC):
    """A training objective with the networks that it trains."""

    source_samples: int

    @abstractmethod
    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the loss of a batch, and, of a watched one, figures of health worth logging."""

    def begin_epoch(self, epoch: int) -> None:
        """Prepare for an epoch, counted from 0."""

    def after_step(self, progress: float) -> None:
        """Follow the optimiser's step; progress runs from 0 to 1 over the training."""
