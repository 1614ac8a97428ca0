"""From drafts to records: order, derived and supplementary leads, units, limits, and what is left out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecgssl_core.errors import BrokenFile, EmptyFile, LeadUnknown, LimitError, RecordError
from ecgssl_core.records.assemble import assemble
from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.signals.leads import LEADS

CHANCE = np.random.default_rng(3)
VALUES = np.rint(CHANCE.normal(size=(20, 1000)) * 300)


def draft(names: list[str], unit: str | None = "uV", rate: float | None = 500.0, step: float = 1.0) -> Draft:
    return Draft("made", "made", rate, tuple(Channel(name, VALUES[at], unit, step) for at, name in enumerate(names)))


def made(*rows: np.ndarray) -> Draft:
    return Draft("a", "made", 500.0, tuple(Channel("", row, "mV", 1e-3) for row in rows))


def test_missing_limb_leads_are_derived_and_marked() -> None:
    record = assemble("a", draft(["V1", "lead ii", "MDC_ECG_LEAD_I"]))
    assert record.leads == ("I", "II", "III", "aVR", "aVL", "aVF", "V1")
    assert record.derived == ("III", "aVR", "aVL", "aVF")
    first, second = record.signal[0], record.signal[1]
    np.testing.assert_allclose(record.signal[2], second - first, atol=1e-6)
    np.testing.assert_allclose(record.signal[3], -(first + second) / 2, atol=1e-6)
    assert [issue.sentence for issue in record.issues] == ["Derived from I and II: III, aVR, aVL, aVF."]


def test_leads_of_unlike_units_are_never_combined() -> None:
    channels = (Channel("I", VALUES[0], "uV", 1.0), Channel("II", VALUES[1], None, 1.0))
    assert assemble("a", Draft("a", "made", 500.0, channels)).derived == ()


def test_frank_posterior_and_right_sided_leads_are_kept_aside() -> None:
    record = assemble("a", draft([*LEADS, "vx", "V7", "V4R", "Nehb D"]))
    assert record.leads == LEADS
    assert record.aside == ("X", "V7", "V4R", "Nehb D")
    assert record.aside_signal is not None
    np.testing.assert_allclose(record.aside_signal, VALUES[12:16] / 1000, rtol=1e-6)


def test_a_record_of_frank_leads_alone_keeps_them_and_is_asked_about() -> None:
    record = assemble("a", draft(["X", "Y", "Z"]))
    assert (record.leads, record.aside) == (("X", "Y", "Z"), ())
    assert [issue.kind for issue in record.issues] == ["ASK-LEAD"]


def test_channels_that_are_no_ecg_are_left_out_and_named() -> None:
    names = ["I", "PLETH", "RESP", "EEG Fpz-Cz"]
    channels = tuple(Channel(name, VALUES[at], "mV" if at != 1 else "NU", 0.01) for at, name in enumerate(names))
    record = assemble("a", Draft("a", "made", 500.0, channels))
    assert record.leads == ("I",)
    assert record.issues[-1].sentence == "Left out, no ECG: PLETH, RESP, EEG Fpz-Cz."


def test_a_file_without_any_ecg_is_empty() -> None:
    with pytest.raises(EmptyFile, match="no ECG channel"):
        assemble("a", draft(["EEG F3-C3", "SpO2"]))


def test_the_cabrera_lead_is_turned_upright() -> None:
    record = assemble("a", draft(["-aVR"]))
    np.testing.assert_allclose(record.signal[0], -VALUES[0] / 1000, rtol=1e-6)
    assert record.leads == ("aVR",)


def test_a_unit_that_is_no_voltage_on_a_lead_is_asked_about() -> None:
    record = assemble("a", draft(["I", "V1"], "mmHg"))
    assert set(record.units.values()) == {"guessed"}
    assert [issue.kind for issue in record.issues] == ["ASK-UNIT"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (draft(["I", "D1"]), LeadUnknown),
        (draft(["I"], rate=20.0), BrokenFile),
        (draft(["I"], step=float("nan")), BrokenFile),
        (draft(["I"], step=1e9), BrokenFile),
        (draft(["I"], "V", step=1e-30), BrokenFile),
        (made(VALUES[0], VALUES[0, 1:]), BrokenFile),
        (made(VALUES[0, :0]), BrokenFile),
        (made(VALUES[0] * np.inf), BrokenFile),
        (made(*[VALUES[0]] * 33), LimitError),
    ],
)  # fmt: skip
def test_drafts_that_contradict_themselves_are_refused(wrong: Draft, error: type[RecordError]) -> None:
    with np.errstate(invalid="ignore"), pytest.raises(error):
        assemble("a", wrong)


@settings(max_examples=50, deadline=None)
@given(st.permutations(range(12)), st.sampled_from(["uV", "mV", "nV", "µV"]))
def test_the_order_of_the_channels_and_the_unit_do_not_matter(order: list[int], unit: str) -> None:
    size = {"uV": 1.0, "mV": 1e-3, "nV": 1e3, "µV": 1.0}[unit]
    channels = tuple(Channel(LEADS[at], VALUES[at] * size, unit, size) for at in order)
    record, plain = assemble("a", Draft("a", "made", 500.0, channels)), assemble("a", draft(list(LEADS)))
    assert record.leads == LEADS
    assert record.digest == plain.digest
