"""The signals of chosen rows of packs, as random stretches on the training device."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ecgssl_core.corpus.pack import Pack
from ecgssl_core.errors import CorpusError, SettingsError, nearest
from ecgssl_core.inference.arranged import packed, require_suited
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec, filtered

Rows = NDArray[np.int64]
_COUNTS = 32767


@dataclass(frozen=True)
class Recordings:
    """Signals laid end to end.

    samples: (all samples, leads) int16; start, length: (records,) int64; scale: (records, leads) mV a count;
    patients: (records,) int64, equal for records of one person.
    """

    samples: Tensor
    start: Tensor
    length: Tensor
    scale: Tensor
    patients: Tensor

    @classmethod
    def of(cls, chosen: Sequence[tuple[Pack, Rows]], spec: InputSpec, given: Sequence[str] | None = None) -> Self:
        """Give the recordings of rows of packs, filtered as the input asks.

        Args:
            chosen: packs, and rows of each.
            spec: what the network reads.
            given: use these leads only, the others being silent unless they follow from I and II; all without it.

        Raises:
            CorpusError: a pack lacks leads of the input, or has too low a rate.
        """
        for pack, _ in chosen:
            require_suited(pack, spec, given)
        signals = [filtered(packed(pack, int(row), spec, given), spec) for pack, rows in chosen for row in rows]
        scale = np.stack([np.maximum(np.abs(signal).max(axis=1), 1e-6) / _COUNTS for signal in signals])
        counts = [np.rint(signal / step[:, None]).astype(np.int16) for signal, step in zip(signals, scale, strict=True)]
        length = np.array([signal.shape[1] for signal in signals], dtype=np.int64)
        return cls(
            torch.from_numpy(np.ascontiguousarray(np.concatenate(counts, axis=1).T)),
            torch.from_numpy(np.cumsum(length) - length),
            torch.from_numpy(length),
            torch.from_numpy(scale.astype(np.float32)),
            torch.from_numpy(_patients(chosen)),
        )

    def __len__(self) -> int:
        return len(self.start)

    def at_least(self, samples: int) -> "Recordings":
        """Give those recordings that have so many samples.

        Raises:
            CorpusError: there is none.
        """
        rows = torch.nonzero(self.length >= samples)[:, 0]
        if not len(rows):
            raise CorpusError(f"No record is {samples} samples long, which this training cuts from each; pack others.")
        parts = {name: getattr(self, name)[rows] for name in ("start", "length", "scale", "patients")}
        return Recordings(self.samples, **parts)

    def to(self, device: torch.device) -> "Recordings":
        """Give the same recordings on a device."""
        return Recordings(*(getattr(self, part.name).to(device) for part in fields(self)))

    def stretches(self, records: Tensor, samples: int, chance: Chance) -> Tensor:
        """Give a random stretch of each record.

        Args:
            records: (batch,) positions among these recordings.
            samples: length; a shorter record is followed by zeros.
            chance: source of chance, one key a record.

        Returns:
            (batch, leads, samples), in mV.
        """
        offset = chance.below((self.length[records] - samples).clamp(min=0) + 1)
        return self.cut(records, offset, samples)

    def cut(self, records: Tensor, offset: Tensor, samples: int) -> Tensor:
        """Give the stretch (batch, leads, samples) in mV of each record that begins at its offset (batch,)."""
        length = self.length[records]
        step = torch.arange(samples, device=self.samples.device)
        place = offset[:, None] + step
        inside = place < length[:, None]
        index = self.start[records][:, None] + place.minimum(length[:, None] - 1)
        signal = self.samples[index].float() * self.scale[records][:, None] * inside[:, :, None]
        return signal.transpose(1, 2)


def leads_given(settings: Settings, spec: InputSpec) -> tuple[str, ...] | None:
    """Give the leads that a fine-tuning reads; None where all.

    Raises:
        SettingsError: the network has no such lead.
    """
    leads = settings.data.leads
    strange = next((lead for lead in leads if lead not in spec.leads), None)
    if strange is not None:
        raise SettingsError(f"There is no lead {strange!r}: {nearest(strange, list(spec.leads))}")
    return leads or None


def _patients(chosen: Sequence[tuple[Pack, Rows]]) -> Rows:
    """Give a number for each record, the same for records of one person; without a name each is one of its own."""
    names = []
    for pack, rows in chosen:
        table = pack.table.iloc[rows]
        named = table["patient"].where(table["patient"].notna(), "record " + table["key"].astype(str))
        names += [f"{pack.name} {name}" for name in named]
    return np.unique(np.array(names), return_inverse=True)[1].astype(np.int64)
