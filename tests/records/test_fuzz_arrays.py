"""Damaged tables and arrays: each is read, or refused by one sentence; nothing else comes out of a reader."""

import pytest

from ecgssl_core.records.read import read_records
from ecgssl_core.records.record import Reading
from tests.records.made_arrays import FORMS, made_signal
from tests.records.mutations import mutations

# a thousand for each reader
COUNTS = dict.fromkeys(FORMS, 500) | {"watch.csv": 1000, "made.json": 1000, "made.parquet": 1000, "made.mat": 400}
COUNTS |= {"packed.mat": 300, "four.mat": 300}


def check(reading: Reading) -> None:
    """See that a damaged file gave records that are whole, or a sentence."""
    assert reading.records or reading.refused
    for record in reading.records:
        assert record.signal.shape == (len(record.leads), record.signal.shape[1])
    for refusal in reading.refused:
        assert refusal.kind in {"LIMIT", "UNSAFE", "BROKEN", "FORMAT", "EMPTY", "ASK-LEAD", "PART"}
        assert len(refusal.sentence.split()) <= 25, refusal.sentence


def fuzz(name: str, count: int, seed: int) -> None:
    content = FORMS[name](made_signal(60))
    assert read_records({name: content}).records
    for damaged in mutations(content, count, seed):
        check(read_records({name: damaged}))


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_a_thousand_damages_of_each_reader_s_files_give_records_or_sentences(name: str, count: int) -> None:
    fuzz(name, count, seed=11)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", FORMS)
def test_a_hundred_thousand_damages_give_records_or_sentences(name: str) -> None:
    fuzz(name, 100_000, seed=2026)
