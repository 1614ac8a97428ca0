"""A pack of a few real records in folds, and settings small enough for a test."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.folds import make_folds
from ecgssl_core.corpus.source import open_source

RECORDS = 36
FOLDS = 4


@pytest.fixture(scope="session")
def pack(real: Callable[[str], Path], shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a pack of real PTB-XL records, divided into four folds."""
    source, folder = real("cinc2020") / "ptb-xl", tmp_path_factory.mktemp("corpus")
    (folder / "records" / "ptb-xl").mkdir(parents=True)
    for header in sorted(source.glob("*.hea"))[:RECORDS]:
        for path in (header, header.with_suffix(".mat")):
            shutil.copy(path, folder / "records" / "ptb-xl" / path.name)
    labels = shared("cinc2020_records.csv")
    made = build_pack(open_source(None, folder / "records", labels), folder / "pack")
    make_folds(made, FOLDS)
    return folder / "pack"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty data folder."""
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    return tmp_path
