"""What frozen encoders say of the windows of recordings, kept, so that no epoch asks them again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from ecgssl_core.methods.on_features import OnFeatures
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec, window_starts

from .recordings import Recordings

MOST_BYTES = 2 << 30  # beyond that the encoders are asked anew in every epoch
_BATCH = 64


@dataclass(frozen=True)
class Kept:
    """Features of windows, in the order of their records.

    features: (windows, numbers); first, count: (records,) where those of a record begin, and how many there are;
    patients: (records,), as of the recordings; window: samples of each.
    """

    features: Tensor
    first: Tensor
    count: Tensor
    patients: Tensor
    window: int

    @classmethod
    def of(cls, recordings: Recordings, method: OnFeatures, spec: InputSpec, beat: Callable[[], None]) -> Self:
        """Give the features of the windows that a record is scored by; `beat` is called now and then."""
        starts = [window_starts(max(int(length), spec.window), spec) for length in recordings.length]
        count = torch.tensor([len(one) for one in starts])
        device = recordings.patients.device
        records = torch.arange(len(starts)).repeat_interleave(count).to(device)
        offsets = torch.from_numpy(np.concatenate([np.asarray(one, dtype=np.int64) for one in starts])).to(device)
        found = torch.empty(len(records), method.numbers, device=device)
        for begin in range(0, len(records), _BATCH):
            part = slice(begin, begin + _BATCH)
            found[part] = method.features(recordings.cut(records[part], offsets[part], spec.window))
            beat()
        return cls(found, (count.cumsum(0) - count).to(device), count.to(device), recordings.patients, spec.window)

    def __len__(self) -> int:
        return len(self.first)

    def stretches(self, records: Tensor, samples: int, chance: Chance) -> Tensor:
        """Give the features of a random window of each record, (batch, numbers).

        Raises:
            ValueError: the windows are of another length.
        """
        if samples != self.window:
            raise ValueError(f"windows of {self.window} samples were kept, not of {samples}")
        return self.features[self.first[records] + chance.below(self.count[records])]


def bytes_kept(recordings: Recordings, method: OnFeatures, spec: InputSpec) -> int:
    """Give how much memory the features of all windows would take."""
    windows = sum(len(window_starts(max(int(length), spec.window), spec)) for length in recordings.length)
    return windows * method.numbers * torch.finfo(torch.float32).bits // 8
