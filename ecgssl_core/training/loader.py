"""The batches of an epoch: an order that depends on seed and epoch alone, so that a resumed run sees the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from ecgssl_core.methods.method import Batch
from ecgssl_core.signals.chance import Chance

_WATCH = 8  # every so many steps figures of health are taken


class Drawn(Protocol):
    """What batches are drawn from: recordings, or what was kept of them."""

    @property
    def patients(self) -> Tensor:
        """(records,) int64, equal for records of one person; on the training device."""

    def __len__(self) -> int: ...

    def stretches(self, records: Tensor, samples: int, chance: Chance) -> Tensor:
        """Give something of each record, (batch, …), drawn by chance."""


@dataclass(frozen=True)
class Loader:
    """Batches of stretches, drawn from recordings on the training device.

    recordings, labels: what is drawn from, labels (records, classes) or None; batch: records of a step; samples: length
    of a stretch; seed: of order, stretches and views.
    """

    recordings: Drawn
    labels: Tensor | None
    batch: int
    samples: int
    seed: int

    @property
    def steps(self) -> int:
        """Steps of an epoch; the records left over wait for another epoch's order."""
        return max(1, len(self.recordings) // self.batch)

    def batches(self, epoch: int, first: int = 0) -> Iterator[tuple[Batch, Chance]]:
        """Give the batches of an epoch from step `first` on, each with the chance for its views."""
        device = self.recordings.patients.device
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + epoch)
        order = torch.randperm(len(self.recordings), generator=generator).to(device)
        for step in range(first, self.steps):
            records = order[step * self.batch : (step + 1) * self.batch]
            chance = Chance.of(self.seed, epoch, records)
            source = self.recordings.stretches(records, self.samples, chance)
            labels = None if self.labels is None else self.labels[records]
            patients = self.recordings.patients[records]
            yield Batch(source, labels, step % _WATCH == 0, patients), chance
