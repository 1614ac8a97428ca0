"""What a file leaves open is asked, and a person's answer makes the record what it would have been."""

from collections.abc import Callable

import numpy as np
import pytest

from ecgssl_core.errors import LeadUnknown, SettingsError
from ecgssl_core.records import Answers, Record, answered, open_questions, parse_answers
from ecgssl_core.records.answers import unit_size
from ecgssl_core.records.assemble import assemble
from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.records.read import read_records
from ecgssl_core.signals.leads import LEADS


def made(names: tuple[str, ...], unit: str | None = "mV", rate: float | None = 500.0) -> Record:
    chance = np.random.default_rng(1)
    channels = tuple(Channel(name, np.rint(chance.normal(size=2000) * 200), unit, 1.0) for name in names)
    return assemble("made.csv", Draft("made", "made", rate, channels))


def test_a_unit_that_is_said_later_gives_the_record_of_a_file_that_says_it() -> None:
    told = answered(made(LEADS, None), Answers(unit_mv=0.001))
    said = made(LEADS, "uV")
    np.testing.assert_allclose(told.signal, said.signal, rtol=1e-6)
    np.testing.assert_allclose(told.lsb_mv, said.lsb_mv)
    assert set(told.units.values()) == {"user"}
    assert open_questions(told) == frozenset()


def test_leads_that_are_named_later_are_put_in_order_and_completed() -> None:
    nameless = made(("", "", ""))
    assert open_questions(nameless) == {"ASK-LEAD"}
    told = answered(nameless, Answers(leads=("V2", "II", "I")))
    assert told.leads == ("I", "II", "III", "aVR", "aVL", "aVF", "V2")
    assert told.derived == ("III", "aVR", "aVL", "aVF")
    np.testing.assert_array_equal(told.signal[told.leads.index("V2")], nameless.signal[0])
    assert open_questions(told) == frozenset()


def test_answers_change_nothing_that_the_file_says() -> None:
    record = made(LEADS)
    assert answered(record, Answers(1000.0, ("V1",), 250.0)) is record


def test_a_rate_is_asked_for_and_taken() -> None:
    silent = made(LEADS, rate=None)
    assert open_questions(silent) == {"ASK-RATE"}
    assert answered(silent, Answers(rate=250.0)).rate == 250.0


def test_one_answer_leaves_the_other_questions_open() -> None:
    told = answered(made(("", ""), None, None), Answers(rate=250.0))
    assert open_questions(told) == {"ASK-UNIT", "ASK-LEAD"}
    assert told.rate == 250.0


def test_a_wrong_number_of_names_is_refused() -> None:
    with pytest.raises(LeadUnknown, match="3 channels, and 2 leads are named"):
        answered(made(("", "", "")), parse_answers(leads="I,II"))


@pytest.mark.parametrize(
    ("text", "size"),
    [("mV", 1), ("uV", 1e-3), ("µV", 1e-3), ("nV", 1e-6), ("V", 1e3), ("4.88uV", 0.00488), ("5 uV", 0.005)],
)
def test_units_are_taken_as_people_write_them(text: str, size: float) -> None:
    assert unit_size(text) == pytest.approx(size)


@pytest.mark.parametrize("text", ["", "mmHg", "1e99uV", "0mV", "uV uV", "-1mV", "nan mV"])
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="no unit of voltage"):
        unit_size(text)


@pytest.mark.parametrize("leads", ["I,I", "I,,II", ""])
def test_leads_named_twice_or_not_at_all_are_refused(leads: str) -> None:
    with pytest.raises(SettingsError, match="--leads"):
        parse_answers(leads=leads)


def test_counts_without_a_gain_can_be_told_their_size(upload: Callable[..., dict[str, bytes]]) -> None:
    (silent,) = read_records(upload(gain="0/mV")).records
    (plain,) = read_records(upload()).records
    told = answered(silent, parse_answers(unit="1uV"))
    np.testing.assert_allclose(told.signal, plain.signal, rtol=1e-6)
    assert told.digest == plain.digest
