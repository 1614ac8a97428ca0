"""The ONNX file of a bundle, made by a process of its own and kept in the data folder until the bundle changes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.durable import locked
from ecgssl_core.errors import BundleError
from ecgssl_core.models.manifest import MANIFEST, file_digest, read_manifest
from ecgssl_core.records import gather, read_isolated
from ecgssl_core.signals.spec import InputSpec, prepare

EXAMPLES = Path(__file__).parents[2] / "examples"
EXPORTS = "exports"  # in the data folder
_STEP = re.compile(r"(\d+) of \d+: ")
_SHARES = (0.02, 0.1, 0.35, 0.6, 0.8, 0.97)  # of the time that is over where each step begins
_BUSY = "Another ONNX file is being made; wait until it is there."


@dataclass(frozen=True)
class OnnxFile:
    """An ONNX file that was compared with torch, and its JSON as a tree."""

    graph: Path
    sidecar: Path
    told: dict[str, Any]


def example_windows(spec: InputSpec) -> NDArray[np.float32]:
    """Give the windows of the recordings that come with the program, (windows, leads, samples) in mV.

    None where the model reads a lead that they do not have.
    """
    headers = sorted(EXAMPLES.glob("*.hea"))
    records = [record for path in headers for record in read_isolated(gather([path])[0]).records]
    try:
        parts = [prepare(record.signal, record.rate, record.leads, spec) for record in records]
    except ValueError:
        parts = []
    return np.concatenate(parts) if parts else np.zeros((0, len(spec.leads), spec.window), np.float32)


def kept_onnx(folder: Path, root: Path) -> OnnxFile | None:
    """Give the ONNX file that was made of a bundle as it is now; None if there is none.

    Args:
        folder: of the bundle.
        root: the data folder.
    """
    graph = _place(folder, root)
    try:
        told = json.loads(graph.with_suffix(".json").read_bytes())
    except (OSError, ValueError):
        return None
    return OnnxFile(graph, graph.with_suffix(".json"), told) if graph.is_file() else None


def make_onnx(
    folder: Path,
    root: Path,
    progress: Callable[[float], None] | None = None,
    began: Callable[[Callable[[], None]], None] | None = None,
) -> OnnxFile:
    """Have the ONNX file of a bundle made by another process, or give the one that is there.

    Args:
        folder: of the bundle.
        root: the data folder, which keeps the file.
        progress: called with the share that is done, 0 to 1.
        began: called with what ends the process early.

    Raises:
        BundleError: the bundle is damaged, differs as ONNX, or the process was stopped.
        RunError: another one is being made.
    """
    kept = kept_onnx(folder, root)
    if kept is not None:
        return kept
    graph = _place(folder, root)
    graph.parent.mkdir(parents=True, exist_ok=True)
    with locked(graph.parent / ".lock", _BUSY):
        words = [sys.executable, "-m", "ecgssl_core", "export-onnx", str(folder.absolute()), "--out", str(graph)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1"}
        process = subprocess.Popen(
            words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
        )
        if began is not None:
            began(process.kill)
        _follow(process, progress)
    made = kept_onnx(folder, root)
    if made is None:
        raise BundleError(f"The ONNX file of {folder.name} is not where it should be; make it again.")
    return made


def _follow(process: "subprocess.Popen[str]", progress: Callable[[float], None] | None) -> None:
    last = ""
    assert process.stderr is not None
    with process.stderr as lines:
        for line in lines:
            step = _STEP.match(line)
            last = last if step or not line.strip() else line.strip()
            if step and progress is not None:
                progress(_SHARES[min(int(step[1]), len(_SHARES)) - 1])
    if process.wait() < 0:
        raise BundleError("The ONNX export was stopped; nothing was written.")
    if process.returncode:
        raise BundleError(last if process.returncode == 1 and last else "The ONNX export failed; try it again.")


def _place(folder: Path, root: Path) -> Path:
    """Give where the ONNX file of a bundle is kept: by name and sum, so that a changed bundle has another."""
    name = read_manifest(folder)[0].name
    safe = re.sub(r"[^A-Za-z0-9._-]", "-", name)[:64]
    return root / EXPORTS / f"{safe}-{file_digest(folder / MANIFEST)[:8]}.onnx"
