"""Made ECGs say that they are made, are the same for a seed, and show what their labels say."""

from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.corpus.made import RATE, RHYTHMS, made_signal, make_corpus
from ecgssl_core.corpus.source import open_source
from ecgssl_core.errors import CorpusError
from ecgssl_core.records import Record, measure, read_isolated
from ecgssl_core.signals.leads import LEADS


def record(place: int) -> Record:
    signal = made_signal(RHYTHMS[place], np.random.default_rng(7)).astype(np.float32)
    return Record("made", signal, RATE, LEADS, dict.fromkeys(LEADS, "file"), (0.001,) * 12, None, None, "WFDB", (), ())


@pytest.mark.parametrize("place", range(len(RHYTHMS)), ids=[rhythm.code for rhythm in RHYTHMS])
def test_the_rate_is_that_of_the_rhythm(place: int) -> None:
    rate = measure(record(place)).heart_rate_per_min
    rhythm = RHYTHMS[place]
    assert rate is not None
    assert 0.85 * rhythm.slowest <= rate <= 1.15 * rhythm.fastest


def test_the_corpus_is_one_that_a_pack_can_be_made_of(tmp_path: Path) -> None:
    make_corpus(tmp_path / "records", 10)
    source = open_source(None, tmp_path / "records", None, None)
    assert len(source.entries) == 10
    files = {path.name: path.read_bytes() for path in (tmp_path / "records").glob("made00003.*")}
    (one,) = read_isolated(files).records
    assert (one.rate, one.leads) == (RATE, LEADS)
    assert "Made: no person's ECG" in files["made00003.hea"].decode()
    assert "# Dx: 164889003" in files["made00003.hea"].decode()


def test_the_same_seed_makes_the_same_and_another_another(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make_corpus(tmp_path / name, 3, seed)
    a, b, c = ((tmp_path / name / "made00002.dat").read_bytes() for name in "abc")
    assert a == b != c


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="already"):
        make_corpus(tmp_path, 3)
