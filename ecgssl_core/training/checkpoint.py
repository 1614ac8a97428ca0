"""Checkpoints: written aside, synced, moved, hashed; the previous one is kept in case the newest is damaged."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.optim import Optimizer

from ecgssl_core.errors import RunError

_KEPT = 2
_METHOD, _OPTIMISER, _MANIFEST = "method.safetensors", "optimiser.safetensors", "manifest.json"


def save_checkpoint(folder: Path, step: int, method: torch.nn.Module, optimiser: Optimizer) -> None:
    """Write a checkpoint of a step below the folder, and drop all but the two newest."""
    aside = folder / f".step-{step:08d}.part"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    save_file(_owned(method.state_dict()), aside / _METHOD)
    save_file(_owned(_flat(optimiser)), aside / _OPTIMISER)
    digests = {name: _digest(aside / name) for name in (_METHOD, _OPTIMISER)}
    (aside / _MANIFEST).write_text(json.dumps({"step": step, "sha256": digests}))
    for path in (*aside.iterdir(), aside):
        _sync(path)
    shutil.rmtree(folder / f"step-{step:08d}", ignore_errors=True)
    os.replace(aside, folder / f"step-{step:08d}")  # noqa: PTH105 - a rename in one step
    _sync(folder)
    for old in _stored(folder)[_KEPT:]:
        shutil.rmtree(old)


def load_checkpoint(folder: Path, method: torch.nn.Module, optimiser: Optimizer | None = None) -> int | None:
    """Load the newest whole checkpoint below the folder, and give its step; None if there is none.

    Raises:
        RunError: there are checkpoints, and all are damaged.
    """
    stored = _stored(folder)
    for path in stored:
        manifest = _manifest(path)
        if manifest is not None:
            method.load_state_dict(load_file(path / _METHOD))
            if optimiser is not None:
                _unflatten(optimiser, load_file(path / _OPTIMISER))
            return int(manifest["step"])
    if stored:
        raise RunError(f"Every checkpoint of {folder.parent.name} is damaged; start the run anew.")
    return None


def load_weights(folder: Path, prefix: str) -> dict[str, Tensor]:
    """Give the tensors below a prefix of the newest whole checkpoint, the prefix removed.

    Raises:
        RunError: there is no whole checkpoint, or no such tensors in it.
    """
    for path in _stored(folder):
        if _manifest(path) is not None:
            weights = {
                name.removeprefix(prefix): value
                for name, value in load_file(path / _METHOD).items()
                if name.startswith(prefix)
            }
            if weights:
                return weights
    raise RunError(f"{folder.parent.name} has no checkpoint with {prefix.rstrip('.')}; let it train first.")


def _stored(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*"), reverse=True)


def _manifest(path: Path) -> dict[str, Any] | None:
    try:
        manifest: dict[str, Any] = json.loads((path / _MANIFEST).read_text())
        whole = all(_digest(path / name) == digest for name, digest in manifest["sha256"].items())
    except (OSError, ValueError, KeyError):
        return None
    return manifest if whole else None


def _flat(optimiser: Optimizer) -> dict[str, Tensor]:
    state = optimiser.state_dict()["state"]
    return {f"{index}.{name}": torch.as_tensor(value) for index, part in state.items() for name, value in part.items()}


def _unflatten(optimiser: Optimizer, flat: dict[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in flat.items():
        index, name = key.split(".", 1)
        state.setdefault(int(index), {})[name] = value
    optimiser.load_state_dict({**optimiser.state_dict(), "state": state})


def _owned(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    # safetensors refuses tensors that share memory
    return {name: value.detach().cpu().clone().contiguous() for name, value in tensors.items()}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
