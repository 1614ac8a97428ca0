"""Power-line hum: one sine of 50 or 60 Hz, the same in all leads."""

import math

import torch
from torch import Tensor

from ecgssl_core.signals.chance import Chance

EITHER = "50 or 60"


def draw_hum(chance: Chance, views: int, hz: str, high_mv: float) -> tuple[Tensor, Tensor, Tensor]:
    """Give the frequency in Hz, the amplitude in mV and the phase in turns of each view's hum, each (batch, views).

    Args:
        chance: source of chance.
        views: of each record.
        hz: `50`, `60`, or `50 or 60` for a coin thrown for each view.
        high_mv: amplitudes are even between 0 and this.
    """
    amplitude, phase, coin = chance.between(0, high_mv, views), chance.uniform(views), chance.uniform(views)
    frequency = torch.where(coin < 0.5, 50.0, 60.0) if hz == EITHER else torch.full_like(coin, float(hz))
    return frequency, amplitude, phase


def add_hum_(signal: Tensor, frequency: Tensor, amplitude: Tensor, phase: Tensor, rate: float) -> Tensor:
    """Add the hum to the views, in their own memory.

    At 100 samples a second a hum of 50 Hz is the fastest change there is, and one of 60 Hz appears at 40 Hz, as after a
    machine that samples without a filter.

    Args:
        signal: (batch, views, leads, samples), in mV.
        frequency, amplitude, phase: (batch, views), in Hz, mV and turns.
        rate: samples a second.
    """
    seconds = torch.arange(signal.shape[-1], device=signal.device) / rate
    turns = frequency.unsqueeze(-1) * seconds + phase.unsqueeze(-1)  # (batch, views, samples)
    return signal.add_((amplitude.unsqueeze(-1) * torch.sin(2 * math.pi * turns)).unsqueeze(2))
