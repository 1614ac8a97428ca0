"""What a run is made from: revision, packages, device, seed."""

import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from ecgssl_core import __version__
from ecgssl_core.settings import Settings


def provenance(settings: Settings, device: torch.device) -> dict[str, Any]:
    """Give revision, packages, device and seed of a start."""
    return {
        "version": __version__,
        "revision": _revision(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("torch", "numpy", "scipy", "pandas")},
        "device": torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor() or "cpu",
        "threads": torch.get_num_threads(),
        "seed": settings.training.seed,
    }


def _revision() -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    folder = Path(__file__).parent
    asked = subprocess.run([git, "-C", folder, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return asked.stdout.strip()
