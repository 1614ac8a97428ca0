"""Writing the embeddings of a pack: in steps that can be gone on with, its progress left beside it."""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from ecgssl_core.corpus.pack import Pack
from ecgssl_core.durable import locked, replace_file
from ecgssl_core.errors import CorpusError, OwnFault
from ecgssl_core.models.bundle import Bundle
from ecgssl_core.signals.spec import prepare

from .along import features_of
from .arranged import missing_leads
from .embeddings import ABOUT, FEATURES, MAP, MEAN, NORMS, PART, PROGRESS

_GROUP = 32  # records whose windows go through the network together
_SAVE_S = 1.0
_ROWS = 4096  # at a time, once all are there


def embed(bundle: Bundle, pack: Pack, folder: Path, progress: Callable[[int, int], None]) -> int:
    """Write the embeddings of a pack, or go on with them; those that are there and whole are left as they are.

    Args:
        bundle: the model.
        pack: the pack.
        folder: where to.
        progress: called with the numbers of records done, and of all.

    Returns:
        How many records were worked on.

    Raises:
        CorpusError: the pack lacks leads that the model reads, or somebody else is writing.
        OwnFault: the disk refused.
    """
    missing = missing_leads(bundle.input, pack.leads)
    if missing:
        raise CorpusError(f"The model reads {', '.join(missing)}, which the pack {pack.name} does not have.")
    about = {"pack": pack.name, "digest": pack.digest, "model": bundle.manifest.name, "sha256": bundle.sha256}
    if _said(folder / ABOUT) == about:
        return 0
    part = folder.with_name(f"{folder.name}{PART}")
    try:
        part.mkdir(parents=True, exist_ok=True)
        with locked(part / "lock", f"The embeddings {folder.name} are being written already."):
            worked = _fill(bundle, pack, part, about, progress)
            _finish(part, about)
            _put(part, folder)
    except OSError as error:
        raise OwnFault(f"The embeddings {folder.name} cannot be written ({error.strerror}).") from error
    return worked


def _fill(bundle: Bundle, pack: Pack, part: Path, about: dict[str, str], progress: Callable[[int, int], None]) -> int:
    state = _said(part / PROGRESS) or {}
    done = int(state["done"]) if state.get("about") == about and (part / FEATURES).is_file() else 0
    width = features_of(bundle.model, np.zeros((1, len(bundle.input.leads), bundle.input.window), np.float32)).shape[1]
    if done:
        features = open_memmap(part / FEATURES, "r+")
    else:
        features = open_memmap(part / FEATURES, "w+", np.float16, (len(pack), width))
    worked, saved = len(pack) - done, 0.0
    torch.set_num_threads(max(1, int(os.environ.get("OMP_NUM_THREADS", "1"))))
    while done < len(pack):
        rows = range(done, min(done + _GROUP, len(pack)))
        features[rows.start : rows.stop] = _features(bundle, pack, rows)
        done = rows.stop
        progress(done, len(pack))
        if time.monotonic() - saved > _SAVE_S or done == len(pack):
            features.flush()
            words = {"done": done, "total": len(pack), "about": about}
            replace_file(part / PROGRESS, json.dumps(words).encode(), sync=False)
            saved = time.monotonic()
    return worked


def _features(bundle: Bundle, pack: Pack, rows: range) -> NDArray[np.float32]:
    windows = [prepare(pack.signal(row), pack.rate, pack.leads, bundle.input) for row in rows]
    found = features_of(bundle.model, np.concatenate(windows))
    ends = np.cumsum([len(one) for one in windows])[:-1]
    return np.stack([part.mean(axis=0) for part in np.split(found, ends)])


def _finish(part: Path, about: dict[str, str]) -> None:
    """Write mean, lengths and map, over blocks of rows: a large pack's features need not fit in memory."""
    features = np.load(part / FEATURES, mmap_mode="r", allow_pickle=False)
    blocks = [slice(first, first + _ROWS) for first in range(0, len(features), _ROWS)]
    mean = np.sum([features[block].sum(axis=0, dtype=np.float64) for block in blocks], axis=0) / len(features)
    spread = np.zeros((len(mean), len(mean)))
    for block in blocks:
        rows = features[block] - mean
        spread += rows.T @ rows
    first_two = np.linalg.eigh(spread)[1][:, :-3:-1]  # (width, 2), the largest first
    # a direction has no sign of its own: its largest part is made positive
    first_two = first_two * np.sign(first_two[np.abs(first_two).argmax(axis=0), [0, 1]])
    norms = [np.linalg.norm(features[block] - mean, axis=1) for block in blocks]
    places = [(features[block] - mean) @ first_two for block in blocks]
    np.save(part / MEAN, mean.astype(np.float32))
    np.save(part / NORMS, np.concatenate(norms).astype(np.float32))
    np.save(part / MAP, np.concatenate(places).astype(np.float32))
    replace_file(part / ABOUT, json.dumps(about, indent=1).encode())


def _put(part: Path, folder: Path) -> None:
    """Move finished embeddings to their place; older ones of another state of the pack give way."""
    for name in (PROGRESS, "lock"):
        (part / name).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)


def _said(path: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
