"""The direction in which a record's features point, by which persons are told apart."""

from collections.abc import Iterable

import numpy as np
import torch
from numpy.typing import NDArray

from ecgssl_core.corpus.pack import Pack
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.signals.spec import cut_windows

from .arranged import packed

Directions = NDArray[np.float64]
_BATCH = 64


def directions(
    encoder: Encoder,
    pack: Pack,
    rows: Iterable[int],
    given: NDArray[np.bool_] | None = None,
    part: str = "whole",
) -> Directions:
    """Give a unit vector for each record, (records, width): the mean of its windows' features.

    Args:
        encoder: the network.
        pack: the pack.
        rows: places in it.
        given: (leads,) which leads are given, the others being silent; all without it.
        part: `whole`, or the `first` or `last` window only.
    """
    encoder.eval()
    device = encoder.mean.device
    found = []
    for row in rows:
        signal = packed(pack, int(row), encoder.spec)
        if given is not None:
            signal = np.where(given[:, None], signal, np.float32(0))
        windows = cut_windows(signal, encoder.spec)
        windows = {"whole": windows, "first": windows[:1], "last": windows[-1:]}[part]
        with torch.inference_mode():
            features = [
                encoder(encoder.view(torch.from_numpy(windows[start : start + _BATCH]).to(device))).double().cpu()
                for start in range(0, len(windows), _BATCH)
            ]
        mean = torch.cat(features).mean(dim=0)
        found.append((mean / mean.norm().clamp(min=1e-12)).numpy())
    return np.stack(found)
