"""Gaussian noise, white, of a random strength."""

from torch import Tensor

from ecgssl_core.signals.chance import Chance


def add_noise(signal: Tensor, low_mv: float, high_mv: float, chance: Chance) -> Tensor:
    """Give the signal with white noise of one strength for each view, in all leads (Phan et al. 2022, GN).

    Args:
        signal: (batch, views, leads, samples), in mV.
        low_mv: weakest standard deviation, in mV.
        high_mv: strongest standard deviation, in mV.
        chance: source of chance.
    """
    strength = chance.between(low_mv, high_mv, signal.shape[1], 1, 1)
    return signal + strength * chance.normal(*signal.shape[1:])
