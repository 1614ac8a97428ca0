"""Random numbers that depend on nothing but their key: same record, same draw, whatever the batch, worker or device."""

import math
from typing import Self

import torch
from torch import Tensor

_GOLDEN = -7046029254386353131  # 2^64 / golden ratio, odd, as a signed number
_FIRST, _SECOND = -4658895280553007687, -7723592293110705685  # multipliers of the splitmix64 finaliser
_UNITS = 1 << 24  # a float32 holds 24 bits


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
        self.draws = 0

    @classmethod
    def of(cls, seed: int, epoch: int, rows: Tensor) -> Self:
        """Give the chance of the records `rows` (batch,) in an epoch of a run with this seed."""
        return cls(_mixed(_mixed(rows.long() + _wrapped(seed * _GOLDEN)) + epoch))

    def bits(self, *shape: int) -> Tensor:
        """Give (batch, *shape) random 64-bit numbers."""
        self.draws += 1
        stream = _mixed(self.keys + _wrapped(self.draws * _FIRST))
        counter = torch.arange(math.prod(shape), device=stream.device) * _GOLDEN
        return _mixed(stream[:, None] + counter).reshape(-1, *shape)

    def uniform(self, *shape: int) -> Tensor:
        """Give (batch, *shape) float32 numbers, even in [0, 1)."""
        return _shifted(self.bits(*shape), 40).float() / _UNITS

    def between(self, low: float, high: float, *shape: int) -> Tensor:
        """Give (batch, *shape) float32 numbers, even in [low, high)."""
        return low + (high - low) * self.uniform(*shape)

    def normal(self, *shape: int) -> Tensor:
        """Give (batch, *shape) float32 numbers, normal with mean 0 and standard deviation 1 (Box and Muller 1958)."""
        count = math.prod(shape)
        bits = self.bits((count + 1) // 2)
        radius = torch.sqrt(-2 * torch.log((_shifted(bits, 40).float() + 1) / _UNITS))
        angle = (bits & (_UNITS - 1)).float() * (2 * math.pi / _UNITS)
        both = torch.cat([radius * torch.cos(angle), radius * torch.sin(angle)], dim=1)
        return both[:, :count].reshape(-1, *shape)

    def below(self, limits: Tensor) -> Tensor:
        """Give one whole number in 0 … limits - 1 for each of the limits (batch, …)."""
        return (self.uniform(*limits.shape[1:]) * limits).long().minimum(limits.long() - 1)
