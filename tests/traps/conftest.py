"""A small made corpus on disk, its pack in four folds, and a way to spoil chosen records so that they are noticed."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.folds import make_folds
from ecgssl_core.corpus.pack import TABLE, open_pack
from ecgssl_core.corpus.source import open_source
from tests.traps.made import made_ecg, write_record

RECORDS = 40
CODES = ("426783006", "164889003", "426177001", "427084000", "59118001")
LOUD = 1000.0  # how much louder a spoilt record is


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder of forty made recordings of 6 s with one or two diagnoses each."""
    folder = tmp_path_factory.mktemp("made") / "recordings"
    for record in range(RECORDS):
        codes = {CODES[record % len(CODES)], CODES[record // 3 % len(CODES)]}
        sex = ("Female", "Male")[record % 2]
        lines = [f"# Age: {30 + record}", f"# Sex: {sex}", f"# Dx: {','.join(sorted(codes))}"]
        write_record(folder / "one" / f"R{record:03}", made_ecg(100, 6, record), 100, lines)
    return folder


@pytest.fixture(scope="session")
def built(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a pack of the corpus in four folds, which no test may change."""
    folder = tmp_path_factory.mktemp("built") / "pack"
    make_folds(build_pack(open_source(None, corpus), folder), 4)
    return folder


@pytest.fixture
def pack(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of that pack to do with as one likes; runs go into an empty data folder."""
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path / "data"))
    shutil.copytree(built, tmp_path / "pack")
    return tmp_path / "pack"


@pytest.fixture
def spoil(pack: Path) -> Callable[[Sequence[int]], None]:
    """Give a function that makes rows of the pack a thousand times as loud."""

    def make_loud(rows: Sequence[int]) -> None:
        table = open_pack(pack).table.copy()
        table.loc[list(rows), "scale_mv"] *= LOUD
        table.to_parquet(pack / TABLE, index=False)

    return make_loud
