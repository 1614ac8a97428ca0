"""Fixtures that every room's tests share: the real recordings, unpacked once into a cache outside the repository."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
# the files that take longest begin: at the end, one process would work on them and the others stand still
LONGEST = (
    "browser/test_stories.py",
    "browser/test_walk.py",
    "pages/test_inspect.py",
    "pages/test_models.py",
    "models/test_onnx_export.py",
    "jobs/test_queue.py",
    "training/test_killed_sweep.py",
    "training/test_path.py",
    "cli/test_demo.py",
    "benchmarks/test_reference.py",
)
CACHE = Path(os.environ.get("ECGSSL_TEST_CACHE", Path.home() / ".cache" / "ecgssl-tests"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first; the others stay in their order."""
    places = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@contextmanager
def _alone(name: str) -> Iterator[Path]:
    """Keep other processes of the tests from unpacking a set meanwhile; give the file that says it is whole."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield CACHE / f".{name}.whole"


@pytest.fixture(scope="session")
def real() -> Callable[[str], Path]:
    """Give a function from the name of a set of real recordings to its unpacked folder; absent sets skip by name."""

    @cache
    def folder(name: str) -> Path:
        if not list(SHARED.glob(f"{name}.*z")):
            pytest.skip(f"real recordings {name!r} are not here ({SHARED})")
        archives = sorted(SHARED.glob(f"{name}.*z"))
        stamp = " ".join(f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in archives)
        with _alone(name) as whole:
            if not whole.exists() or whole.read_text() != stamp or not (CACHE / name).is_dir():
                command = [sys.executable, str(SHARED / "unpack.py"), name, "--into", str(CACHE)]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                whole.write_text(stamp)
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
