"""Real recordings that the printed sheets are made of."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from ecgssl_core.inference.files import read_files
from ecgssl_core.records import Record

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def example() -> Callable[..., Record]:
    """Give a function from a path below examples/ (or any other) to the record in it."""

    @cache
    def read(name: str = "HR00318.hea", folder: Path = ROOT / "examples") -> Record:
        reading = read_files([folder / name])
        assert not reading.refused
        return reading.records[0]

    return read
