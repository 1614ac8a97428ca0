"""What an installation needs, checked: versions, the data folder, the processes that read and predict, the models."""

import importlib.metadata
import os
import re
from dataclasses import dataclass
from pathlib import Path

from ecgssl_core.inference.card import find_models, verify_card
from ecgssl_core.records import sandbox_limits
from ecgssl_core.runs import data_root

REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"


@dataclass(frozen=True)
class Finding:
    """One thing that was checked."""

    what: str
    fine: bool
    text: str


def findings() -> list[Finding]:
    """Check the installation."""
    return [*_packages(), _folder(), _sandbox(), *_models()]


def _packages() -> list[Finding]:
    if not REQUIREMENTS.is_file():
        return []
    pinned = re.findall(r"^([\w.-]+)==([\w.]+)", REQUIREMENTS.read_text(), re.MULTILINE)
    found = []
    for name, wanted in pinned:
        try:
            have = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            have = "missing"
        same = have.partition("+")[0] == wanted
        found.append(Finding(name, have != "missing", have if same else f"{have}, tested with {wanted}"))
    return found


def _folder() -> Finding:
    root = data_root()
    nearest = next(path for path in (root, *root.parents) if path.exists())
    return Finding(
        "data folder", os.access(nearest, os.W_OK), f"{root.name}, {'there' if root.exists() else 'not yet made'}"
    )


def _sandbox() -> Finding:
    limits = sandbox_limits()
    missing = [name for name, holds in limits.items() if not holds]
    return Finding("reading process", True, f"without {', '.join(missing)}" if missing else "all limits hold")


def _models() -> list[Finding]:
    return [
        Finding(f"model {folder.name}", not problems, "; ".join(problems) or "whole")
        for folder in find_models()
        for problems in [verify_card(folder)]
    ]
