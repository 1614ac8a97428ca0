"""Records in a pack's form: counts that lose nothing, gaps bridged or refused, scale that shows a wrong unit."""

import numpy as np
import pytest

from ecgssl_core.corpus.ready import FULL_SCALE, Form, bridge_gaps, make_ready, quantise, span
from ecgssl_core.records.record import Issue, Reading, Record, Refusal

SINE = np.sin(2 * np.pi * 1.2 * np.arange(500) / 100).astype(np.float32)


def record(rows: int = 2, **fields: object) -> Record:
    leads = ("I", "II", "V1")[:rows]
    told = {
        "name": "a", "signal": np.stack([SINE * (row + 1) for row in range(rows)]), "rate": 100.0, "leads": leads,
        "units": dict.fromkeys(leads, "file"), "lsb_mv": (0.001,) * rows, "age": 61.0, "sex": "female",
        "format": "WFDB 16", "codes": ("426783006",), "issues": (),
    }  # fmt: skip
    return Record(**(told | fields))  # type: ignore[arg-type]


def facts_of(one: Record, form: Form) -> tuple[str, str]:
    facts = make_ready(Reading((one,), ()), form)[0]
    return facts.kind, facts.sentence


def test_the_largest_sample_takes_the_largest_count() -> None:
    signal = np.array([[0.5, -2.0, 0.25], [0.0, 1.0, 2.0]], dtype=np.float32)
    counts, scale = quantise(signal)
    assert counts.shape == (3, 2)
    assert np.abs(counts).max() == FULL_SCALE
    assert np.abs(counts.T * scale - signal).max() <= scale / 2 * 1.001
    assert float(np.float32(scale)) == scale


def test_a_flat_record_keeps_a_scale() -> None:
    counts, scale = quantise(np.zeros((2, 5), dtype=np.float32))
    assert not counts.any()
    assert scale > 0


def test_short_gaps_are_bridged_and_long_ones_named() -> None:
    signal = np.tile(np.arange(100, dtype=np.float32), (2, 1))
    signal[0, 10:12], signal[1, 20:23] = np.nan, np.nan
    bridged, long = bridge_gaps(signal, 100)
    assert bridged[0].tolist() == list(range(100))
    assert long == {1: 0.03}


def test_the_span_shows_a_wrong_unit() -> None:
    assert span(np.stack([SINE, SINE, SINE])) == pytest.approx(2, rel=0.02)
    assert span(1000 * SINE[None]) == pytest.approx(2000, rel=0.02)


def test_a_record_is_told_with_all_but_its_name() -> None:
    facts, counts = make_ready(Reading((record(),), ()), Form(50.0, ("II",), quality=True))
    assert counts.shape == (250, 1)
    assert (facts.leads, facts.units, facts.seconds, facts.codes) == (("I", "II"), "file", 5.0, ("426783006",))
    assert (facts.age, facts.sex, facts.digest) == (61.0, "female", record().digest)
    assert facts.quality in ("good", "warn", "bad")
    assert facts.quality == "good" or facts.marks


def test_a_record_that_is_only_looked_at_gives_no_counts() -> None:
    facts, counts = make_ready(Reading((record(),), ()), Form(0.0, (), quality=True))
    assert counts.size == 0
    assert facts.kind == ""
    assert facts.span_mv == pytest.approx(3, rel=0.02)


def test_each_objection_has_its_kind() -> None:
    form = Form(100.0, ("I", "II"))
    asked = Issue("ASK-LEAD", None, "block", "The file does not say which lead this is.", "")
    assert facts_of(record(units={"I": "file", "II": "guessed"}), form) == (
        "ASK-UNIT",
        "The file does not say the unit of lead II.",
    )
    assert facts_of(record(issues=(asked,)), form) == (asked.kind, asked.sentence)
    assert facts_of(record(signal=np.stack([SINE, SINE])[:, :90]), form)[0] == "NOPRED"
    assert facts_of(record(), Form(100.0, ("V1",))) == ("PART", "The record lacks 1 of the pack's 1 leads: V1.")
    assert make_ready(Reading((), (Refusal("a", "EMPTY", "Nothing."),)), form)[0].kind == "EMPTY"
    assert make_ready(Reading((record(), record()), ()), form)[0].kind == "FORMAT"


def test_answers_are_used_where_the_file_leaves_it_open() -> None:
    asked = Issue("ASK-UNIT", "I", "block", "The file does not say in which unit lead I is; drawn as if in mV.", "")
    silent = record(units={"I": "guessed", "II": "guessed"}, issues=(asked,), signal=np.stack([SINE, SINE]) * 1000)
    facts, _ = make_ready(Reading((silent,), ()), Form(100.0, ("I",), unit_mv=0.001))
    assert (facts.kind, facts.units) == ("", "user")
    assert facts.span_mv == pytest.approx(2, rel=0.02)
