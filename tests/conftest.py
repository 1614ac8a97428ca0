"""Fixtures that every room's tests share: the real recordings, unpacked once into a cache outside the repository."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
CACHE = Path(os.environ.get("ECGSSL_TEST_CACHE", Path.home() / ".cache" / "ecgssl-tests"))


@pytest.fixture(scope="session")
def real() -> Callable[[str], Path]:
    """Give a function from the name of a set of real recordings to its unpacked folder; absent sets skip by name."""

    @cache
    def folder(name: str) -> Path:
        if not list(SHARED.glob(f"{name}.*z")):
            pytest.skip(f"real recordings {name!r} are not here ({SHARED})")
        command = [sys.executable, str(SHARED / "unpack.py"), name, "--into", str(CACHE)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return CACHE / name

    return folder


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Give a function from the name of a table or folder beside the real recordings to its path; absent ones skip."""

    def path(name: str) -> Path:
        if not (SHARED / name).exists():
            pytest.skip(f"{name!r} is not here ({SHARED})")
        return SHARED / name

    return path
