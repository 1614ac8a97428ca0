"""A data folder of made runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ecgssl_core.runs import RunDir
from tests.made_runs import make_run

Make = Callable[..., RunDir]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty data folder, which is that of the program."""
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def made(data: Path) -> Make:
    """Give a function that makes a finished run: words of settings, how good it is, what its results hold besides."""

    def make(*words: str, **more: Any) -> RunDir:
        return make_run(data, *words, **more)

    return make
