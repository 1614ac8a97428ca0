"""The direction in which a record's features point, by which persons are told apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ecgssl_core.corpus.pack import Pack
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.signals.spec import InputSpec, cut_windows

from .arranged import packed

_BATCH = 64
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Directions:
    """Unit vectors of records, (records, width): of the whole, of the first window alone, and of the last one alone.

    apart: (records,) whether first and last window share no sample.
    """

    whole: Floats
    first: Floats
    last: Floats
    apart: NDArray[np.bool_]


def directions(
    network: Encoder | Classifier, pack: Pack, rows: Iterable[int], given: NDArray[np.bool_] | None = None
) -> Directions:
    """Give the directions of records of a pack.

    Args:
        network: gives the features: of an encoder, or what a classifier's head reads.
        pack: the pack.
        rows: places in it.
        given: (leads,) which leads are given, the others being silent; all without it.
    """
    parts, apart = [], []
    spec = network.spec
    for row in rows:
        signal = packed(pack, int(row), spec)
        if given is not None:
            signal = np.where(given[:, None], signal, np.float32(0))
        found = window_features(network, signal, spec)
        parts.append([unit(found.mean(axis=0)), unit(found[0]), unit(found[-1])])
        apart.append(signal.shape[1] >= 2 * spec.window)
    width = len(parts[0][0]) if parts else 0
    whole, first, last = np.array(parts, dtype=np.float64).reshape(-1, 3, width).transpose(1, 0, 2)
    return Directions(whole, first, last, np.array(apart, dtype=bool))


def window_features(network: Encoder | Classifier, signal: NDArray[np.float32], spec: InputSpec) -> Floats:
    """Give the features of each window of an arranged record, (windows, width).

    Args:
        network: gives the features.
        signal: (leads, samples) at the network's rate, in mV.
        spec: what the network reads.
    """
    windows = cut_windows(signal, spec)
    device = _device(network)
    with torch.inference_mode():
        found = [
            _features(network, torch.from_numpy(windows[start : start + _BATCH]).to(device)).double().cpu().numpy()
            for start in range(0, len(windows), _BATCH)
        ]
    return np.concatenate(found)


def unit(vector: Floats) -> Floats:
    """Give a vector at length 1."""
    return vector / max(float(np.linalg.norm(vector)), 1e-12)


def _features(network: Encoder | Classifier, windows: Tensor) -> Tensor:
    network.eval()
    if isinstance(network, Classifier):
        return network(windows).features  # type: ignore[no-any-return]
    return network(network.view(windows))  # type: ignore[no-any-return]


def _device(network: nn.Module) -> torch.device:
    return next(chain(network.parameters(), network.buffers())).device
