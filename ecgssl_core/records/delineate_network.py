"""The small network that says of each sample whether it lies in a P wave, a QRS complex, a T wave or in none, in NumPy.

A U-Net over one lead, of 0.5 s strides at its deepest, where it also sees the mean over all leads of the record: any
number of leads will do. `benchmarks/delineator` holds the same network in torch and trains it.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.signals.filters import highpass

RATE = 250.0
CLASSES = 4  # none, P, QRS, T
LEAST_SAMPLES = 64
WEIGHTS = Path(__file__).parent / "delineate_weights.npz"
_DILATIONS = (1, 2, 4, 8)
_STRIDE = 16  # of the deepest level, in samples
_BASELINE_HZ = 0.5
_SCALE_S = 1.5  # long enough to hold a beat at 40 a minute
_FLAT_MV = 0.01

Floats = NDArray[np.float32]
Weights = dict[str, Floats]


@lru_cache(maxsize=16)
def read_weights(path: Path = WEIGHTS) -> Weights:
    """Give the weights (outer, inner, width) and biases by the name of their convolution."""
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name].astype(np.float32) for name in file.files}


def levelled(signal: Floats, rate: float) -> Floats:
    """Give the signal (leads, samples) without its drifting baseline."""
    return highpass(signal, rate, _BASELINE_HZ)


def scaled(signal: Floats, rate: float) -> Floats:
    """Give each lead (leads, samples) with beats about 1 high, whatever its gain; a flat lead as zeros."""
    width = min(round(_SCALE_S * rate), signal.shape[1])
    windows = signal[:, : signal.shape[1] // width * width].reshape(len(signal), -1, width)
    heights = np.median(np.ptp(windows, axis=2), axis=1, keepdims=True)
    return np.where(heights > _FLAT_MV, signal / np.maximum(heights, _FLAT_MV), 0).astype(np.float32)


def wave_chances(signal: Floats, weights: Weights) -> Floats:
    """Give how likely each sample belongs to no wave, a P wave, a QRS complex or a T wave.

    Args:
        signal: (leads, samples) at `RATE`, levelled and scaled.
        weights: as `read_weights` gives them.

    Returns:
        (leads, 4, samples) that sum to 1 over the classes.
    """
    samples = signal.shape[1]
    whole = np.pad(signal, ((0, 0), (0, -samples % _STRIDE)), mode="edge")
    logits = _network(whole[None], weights)[..., :samples]
    chances = np.exp(logits - logits.max(axis=0))
    chances /= chances.sum(axis=0)
    return np.asarray(chances.transpose(1, 0, 2), dtype=np.float32)


def _network(signal: Floats, weights: Weights) -> Floats:
    """Give the logits (4, leads, samples) of signals (1, leads, samples)."""

    def block(name: str, inner: Floats, stride: int = 1, dilation: int = 1) -> Floats:
        outer = _convolution(inner, weights[f"{name}.weight"], weights[f"{name}.bias"], stride, dilation)
        return np.maximum(outer, 0, out=outer)

    fine = block("fine", block("stem", signal, 2))
    half = block("middle", block("down1", fine, 2))
    quarter = block("coarse", block("down2", half, 2))
    deep = block("down3", quarter, 2)
    shared = np.broadcast_to(deep.mean(axis=1, keepdims=True), deep.shape)
    deep = block("meet", np.concatenate([deep, shared]))
    for at, dilation in enumerate(_DILATIONS):
        deep = deep + block(f"wide.{at}", deep, 1, dilation)
    rising = block("up3", np.concatenate([deep.repeat(2, axis=2), quarter]))
    rising = block("up2", np.concatenate([rising.repeat(2, axis=2), half]))
    rising = block("up1", np.concatenate([rising.repeat(2, axis=2), fine]))
    pairs = _convolution(rising, weights["head.weight"], weights["head.bias"], 1, 1)
    leads, samples = signal.shape[1:]
    return pairs.reshape(CLASSES, 2, leads, samples // 2).transpose(0, 2, 3, 1).reshape(CLASSES, leads, samples)


def _convolution(inner: Floats, weight: Floats, bias: Floats, stride: int, dilation: int) -> Floats:
    """Give a convolution of (inner, leads, samples) as one product of matrices, the taps laid below each other."""
    outer, _, width = weight.shape
    reach = dilation * (width - 1)
    left = reach // 2 if width % 2 else (width - stride) // 2
    samples = inner.shape[2] // stride
    right = (samples - 1) * stride + reach + 1 - inner.shape[2] - left
    padded = np.pad(inner, ((0, 0), (0, 0), (left, right)))
    reaches = [padded[:, :, tap * dilation :][:, :, : (samples - 1) * stride + 1 : stride] for tap in range(width)]
    taps = np.stack(reaches).reshape(width * len(inner), -1)
    rows = weight.transpose(0, 2, 1).reshape(outer, -1)
    return np.asarray(rows @ taps + bias[:, None], dtype=np.float32).reshape(outer, inner.shape[1], samples)
