"""A reading between processes: what goes in comes out, and nothing else is believed."""

import dataclasses
import json

import numpy as np
import pytest

from ecgssl_core.records.record import Issue, Reading, Record, Refusal
from ecgssl_core.records.wire import decode_reading, encode_reading

SIGNAL = np.array([[0.1, np.nan, 0.3], [1, 2, 3]], dtype=np.float32)
ISSUE = Issue("QUAL", "II", "block", "Lead II is odd.", "")
UNITS = {"I": "file", "II": "guessed"}
CODES = ("426783006",)
RECORD = Record("a", SIGNAL, 500.0, ("I", "II"), UNITS, (0.001, 0.005), 61.0, "female", "WFDB 16", CODES, (ISSUE,))
READING = Reading(
    (RECORD, dataclasses.replace(RECORD, age=None, sex=None)), (Refusal("b", "PART", "A part is missing."),)
)


def changed(**values: object) -> bytes:
    content = encode_reading(READING)
    length = int.from_bytes(content[:8], "little")
    form = json.loads(content[8 : 8 + length])
    form["records"][0] |= values
    text = json.dumps(form).encode()
    return len(text).to_bytes(8, "little") + text + content[8 + length :]


def test_a_reading_survives_the_way() -> None:
    back = decode_reading(encode_reading(READING))
    assert back.refused == READING.refused
    for there, here in zip(READING.records, back.records, strict=True):
        np.testing.assert_array_equal(there.signal, here.signal)
        assert there.digest == here.digest
        for field in dataclasses.fields(Record):
            if field.name != "signal":
                assert getattr(there, field.name) == getattr(here, field.name)


@pytest.mark.parametrize(
    "values",
    [{"shape": [2, 4]}, {"shape": [3, 2]}, {"shape": [-2, -3]}, {"shape": [2, 10**12]}, {"leads": ["I"]}, {"sex": "x"},
     {"rate": "fast"}, {"rate": 0}, {"rate": float("nan")}, {"name": "x" * 70_000}, {"more": 1},
     {"issues": [{"kind": "QUAL"}]}],
)  # fmt: skip
def test_a_reply_that_no_reader_gives_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of its sentences
        decode_reading(changed(**values))


def test_a_reply_cut_short_or_drawn_out_is_refused() -> None:
    content = encode_reading(READING)
    for wrong in (*(content[:end] for end in range(0, len(content), 7)), content + b"\0"):
        with pytest.raises(ValueError):  # noqa: PT011 - any of its sentences
            decode_reading(wrong)
