"""Damaged copies of SCP-ECG, ISHNE, Kardia and Contec files: each gives a record that is sound, or a refusal."""

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import pytest

from ecgssl_core.records.read import READERS, read_records
from tests.records import made_kardia, made_scp, test_contec_reader, test_ishne_reader, test_scp_reader
from tests.records.mutations import mutations

FEW, MANY = 1000, 100_000
KINDS = {"LIMIT", "UNSAFE", "BROKEN", "FORMAT", "EMPTY", "ASK-LEAD", "PART"}
SHORT = 60  # samples: the whole of a file is head


def scp() -> bytes:
    """A small record that uses every section the reader looks at."""
    short = test_scp_reader.rows(SHORT)
    shape = np.arange(20)
    return made_scp.record(
        {
            1: b"\x08\1\0\1\x04\3\0\x32\0\1\xff\0\0",
            2: made_scp.tables(made_scp.TWO_TABLES),
            3: made_scp.leads(test_scp_reader.lines(SHORT), subtracted=True),
            4: made_scp.beats(40, 10, [(0, 5, 12, 20)], [(9, 16)]),
            5: made_scp.block([made_scp.coded_by_two_tables(shape, 1)] * 8, order=1),
            6: made_scp.block([made_scp.coded_by_two_tables(row, 2) for row in short], order=2),
        }
    )


def plain_scp() -> bytes:
    parts = [made_scp.plain(row) for row in test_scp_reader.rows(SHORT)]
    return made_scp.record({3: made_scp.leads(test_scp_reader.lines(SHORT)), 6: made_scp.block(parts)})


def bimodal_scp() -> bytes:
    return test_scp_reader.bimodal(leads=1)


def ishne() -> bytes:
    return test_ishne_reader.recording(test_ishne_reader.rows(SHORT), crc=0)


def kardia() -> bytes:
    counts = np.random.default_rng(8).integers(-3000, 3000, (2, SHORT))
    leads = [made_kardia.lead(what, row) for what, row in zip((b"ecg ", b"ecg2"), counts, strict=True)]
    return made_kardia.recording(made_kardia.form(), *leads, made_kardia.block(b"ann ", b"\x2c\1\0\0"))


def contec() -> bytes:
    return test_contec_reader.recording(test_contec_reader.rows()[:, :SHORT])


def as_it_is(content: bytes) -> bytes:
    return content


# damage under checksums that fit it goes where no checksum would let plain damage go
FILES: dict[str, tuple[Callable[[], bytes], Callable[[bytes], bytes]]] = {
    "SCP-ECG": (scp, as_it_is),
    "SCP-ECG, sealed": (scp, made_scp.sealed),
    "SCP-ECG uncompressed, sealed": (plain_scp, made_scp.sealed),
    "SCP-ECG bimodal, sealed": (bimodal_scp, made_scp.sealed),
    "ISHNE": (ishne, as_it_is),
    "Kardia": (kardia, as_it_is),
    "Kardia, summed": (kardia, made_kardia.summed),
    "Contec": (contec, as_it_is),
}


@cache
def whole(name: str) -> bytes:
    return FILES[name][0]()


def damaged(name: str, count: int) -> Iterator[bytes]:
    seal = FILES[name][1]
    for content in mutations(whole(name), count, seed=count):
        yield seal(content) if len(content) >= 16 else content


def check(content: bytes) -> str:
    """Read a damaged file; give what came of it.

    Warnings are errors, so that a calculation that overflows is noticed as well.
    """
    found = read_records({"damaged": content})
    assert len(found.records) + len(found.refused) == 1
    for refusal in found.refused:
        assert refusal.kind in KINDS
        assert len(refusal.sentence.split()) <= 25, refusal.sentence
        return refusal.kind
    (record,) = found.records
    assert record.signal.size <= 64 * len(content)
    assert not np.isinf(record.signal).any()
    return "read"


@pytest.mark.parametrize("name", FILES)
def test_a_thousand_damaged_files_give_sound_records_or_sentences(name: str) -> None:
    outcomes = [check(content) for content in damaged(name, FEW)]
    assert len(set(outcomes)) > 1
    assert check(whole(name)) == "read"


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", FILES)
def test_a_hundred_thousand_damaged_files_give_sound_records_or_sentences(name: str) -> None:
    for content in damaged(name, MANY):
        check(content)


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_at_any_byte_gives_a_sound_record_or_a_sentence(name: str) -> None:
    content = whole(name)
    for stop in range(0, min(len(content), 4096), 5):
        check(content[:stop])


def test_each_file_is_taken_by_one_reader() -> None:
    for name in FILES:
        assert len([reader for reader in READERS if not reader.GENERAL and reader.takes("x", whole(name))]) == 1
