"""Random numbers that depend on nothing but their key: same record, same draw, whatever the batch, worker or device."""

import math
from typing import Self

import torch
from torch import Tensor

_GOLDEN = -7046029254386353131  # 2^64 / golden ratio, odd, as a signed number
_FIRST, _SECOND = -4658895280553007687, -7723592293110705685  # multipliers of the splitmix64 finaliser
_UNITS = 1 << 24  # a float32 holds 24 bits
_BLOCK = 256


def _mixed(bits: Tensor) -> Tensor:
    """Give each 64-bit number scrambled (Steele, Lea and Flood 2014, splitmix64)."""
    bits = (bits ^ _shifted(bits, 30)) * _FIRST
    bits = (bits ^ _shifted(bits, 27)) * _SECOND
    return bits ^ _shifted(bits, 31)


def _shifted(bits: Tensor, places: int) -> Tensor:
    # torch shifts signed numbers arithmetically: the copies of the sign must go
    return (bits >> places) & ((1 << (64 - places)) - 1)


def _wrapped(number: int) -> int:
    """Give a number as the signed 64-bit number with the same last 64 bits."""
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


class Chance:
    """A stream of random numbers for each record of a batch.

    Args:
        keys: (batch,) int64, one a record; equal keys give equal numbers.
    """

    def __init__(self, keys: Tensor) -> None:
        self.keys = _mixed(keys)
        self._position, self._used = 0, 0
        self._ready = torch.empty(len(keys), 0, device=keys.device)

    @classmethod
    def of(cls, seed: int, epoch: int, rows: Tensor) -> Self:
        """Give the chance of the records `rows` (batch,) in an epoch of a run with this seed."""
        return cls(_mixed(_mixed(rows.long() + _wrapped(seed * _GOLDEN)) + epoch))

    def each(self, count: int) -> "Chance":
        """Give a stream for each of some views of each record, in the order (record, view); other ones at each call."""
        self._position += 1
        place = torch.arange(self._position << 32, (self._position << 32) + count, device=self.keys.device)
        return Chance((self.keys[:, None] + place * _GOLDEN).flatten())

    def uniform(self, *shape: int) -> Tensor:
        """Give (batch, *shape) float32 numbers, even in [0, 1)."""
        count = math.prod(shape)
        if self._used + count > self._ready.shape[1]:
            self._draw(max(count, _BLOCK))
        numbers = self._ready[:, self._used : self._used + count]
        self._used += count
        return numbers.reshape(-1, *shape)

    def _draw(self, count: int) -> None:
        # many at once: a view needs few, and each operation on a few costs as much as on many
        place = torch.arange(self._position, self._position + count, device=self.keys.device)
        bits = _mixed(self.keys[:, None] + place * _GOLDEN)
        self._ready, self._used = _shifted(bits, 40).float() / _UNITS, 0
        self._position += count

    def between(self, low: float, high: float, *shape: int) -> Tensor:
        """Give (batch, *shape) float32 numbers, even in [low, high)."""
        return low + (high - low) * self.uniform(*shape)

    def below(self, limits: Tensor) -> Tensor:
        """Give one whole number in 0 … limits - 1 for each of the limits (batch, …)."""
        return (self.uniform(*limits.shape[1:]) * limits).long().minimum(limits.long() - 1)
