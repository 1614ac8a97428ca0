"""The geometry of ECG paper, in millimetres."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ecgssl_core.plots.paper_ecg import GAINS, LAYOUTS, SPEEDS, Drawn, paper_ecg
from ecgssl_core.plots.paper_sheet import PaperSheet, Scale, Strip

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
RATE = 500.0


def steps(seconds: float = 10.0, leads: tuple[str, ...] = LEADS, rate: float = RATE) -> Drawn:
    """A record whose lead number n holds pulses n/10 mV high, 0.1 s long, at each full second."""
    time = np.arange(round(seconds * rate)) / rate
    pulse = (time % 1 < 0.1).astype(np.float32)
    height = np.arange(1, len(leads) + 1, dtype=np.float32)[:, None] / 10
    return Drawn(pulse * height, rate, leads)


def at(sheet: PaperSheet, label: str, which: int = 0) -> Strip:
    """The which-th strip under a label, where every label has one strip."""
    places = [place for place, found in enumerate(sheet.labels) if found.text == label]
    return sheet.strips[places[which]]


def length_mm(strip: Strip) -> float:
    return (len(strip.samples) - 1) * strip.step


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("gain", GAINS)
def test_a_millivolt_is_as_high_and_a_second_as_long_as_the_scale_says(speed: int, gain: int) -> None:
    sheet = paper_ecg([steps()], "12x1", Scale(speed, gain))
    strip = at(sheet, "V4")
    assert float(np.ptp(strip.samples)) * sheet.gain == pytest.approx(gain)
    assert strip.step * RATE == pytest.approx(speed)
    assert sheet.scale.startswith(f"{speed} mm/s · {gain} mm/mV")


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("gain", GAINS)
def test_each_row_begins_with_a_pulse_of_one_millivolt_and_two_tenths_of_a_second(speed: int, gain: int) -> None:
    sheet = paper_ecg([steps()], "3x4", Scale(speed, gain))
    assert len(sheet.pulses) == 4
    for pulse in sheet.pulses:
        xs, ys = zip(*pulse, strict=True)
        assert max(ys) - min(ys) == pytest.approx(gain)
        assert xs[3] - xs[2] == pytest.approx(0.2 * speed)
        assert max(xs) < sheet.strips[0].x


def test_a_half_or_double_gain_is_named() -> None:
    assert "HALF GAIN" in paper_ecg([steps()], scale=Scale(25, 5)).scale
    assert "DOUBLE GAIN" in paper_ecg([steps()], scale=Scale(25, 20)).scale
    assert "GAIN" not in paper_ecg([steps()], scale=Scale(25, 10)).scale


@pytest.mark.parametrize(
    ("layout", "rows"),
    [
        ("3x4", ["I aVR V1 V4", "II aVL V2 V5", "III aVF V3 V6", "II"]),
        ("3x4+3", ["I aVR V1 V4", "II aVL V2 V5", "III aVF V3 V6", "II", "V1", "V5"]),
        ("6x2", ["I V1", "II V2", "III V3", "aVR V4", "aVL V5", "aVF V6"]),
        ("12x1", list(LEADS)),
    ],
)
def test_a_layout_has_every_lead_in_its_usual_place(layout: str, rows: list[str]) -> None:
    sheet = paper_ecg([steps()], layout)
    found: dict[float, list[str]] = {}
    for label in sheet.labels:
        found.setdefault(label.y, []).append(label.text)
    assert [" ".join(found[y]) for y in sorted(found)] == rows


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_strip_holds_the_lead_that_its_label_names(layout: str) -> None:
    sheet = paper_ecg([steps()], layout)
    for label, strip in zip(sheet.labels, sheet.strips, strict=True):
        assert float(np.ptp(strip.samples)) == pytest.approx((LEADS.index(label.text) + 1) / 10)


@pytest.mark.parametrize(("layout", "columns"), [("3x4", 4), ("3x4+3", 4), ("6x2", 2), ("12x1", 1)])
def test_columns_share_one_time_axis(layout: str, columns: int) -> None:
    record = steps()
    ramp = np.tile(np.arange(5000, dtype=np.float32) / 5000, (12, 1))
    sheet = paper_ecg([Drawn(ramp, RATE, LEADS)], layout)
    left = min(strip.x for strip in sheet.strips)
    median = float(np.median(ramp[0]))
    for strip in sheet.strips:
        second = (strip.x - left) / 25
        assert strip.samples[0] + median == pytest.approx(second / 10, abs=1e-4)
        # a column lasts as long as the layout says, and meets its neighbour
        assert length_mm(strip) == pytest.approx(250 / columns, abs=0.06) or strip.y > sheet.strips[11].y
    assert record.seconds == 10


def test_columns_begin_with_a_line_between_them_and_baselines_lie_on_heavy_lines() -> None:
    sheet = paper_ecg([steps()], "3x4")
    assert [x for x, _, _ in sheet.breaks[:3]] == [20 + 62.5, 20 + 125, 20 + 187.5]
    assert all(strip.y % 5 == 0 for strip in sheet.strips)
    assert sheet.width % 5 == 0
    assert sheet.height % 5 == 0


def test_an_offset_of_the_amplifier_is_not_drawn() -> None:
    record = steps()
    lifted = Drawn(record.signal + np.float32(3), RATE, LEADS)
    for plain, moved in zip(paper_ecg([record]).strips, paper_ecg([lifted]).strips, strict=True):
        np.testing.assert_allclose(plain.samples, moved.samples, atol=1e-5)


def test_a_row_is_high_enough_for_its_traces_and_says_where_that_is_too_much() -> None:
    record = steps()
    tall = Drawn(record.signal * np.float32(10), RATE, LEADS)
    sheet = paper_ecg([tall], "12x1")
    rows = sorted({strip.y for strip in sheet.strips})
    assert rows[-1] - rows[-2] >= 12 * 10
    assert sheet.overflow == ()
    assert paper_ecg([tall], "12x1", Scale(25, 20)).overflow == ("V1", "V2", "V3", "V4", "V5", "V6")


def test_a_long_record_is_shown_ten_seconds_at_a_time() -> None:
    sheet = paper_ecg([steps(28.6)], "12x1", begin=4)
    assert length_mm(sheet.strips[0]) == pytest.approx(250, abs=0.06)
    assert sheet.ticks[0] == (20, "4 s")
    assert sheet.ticks[-1] == (270, "14 s")
    assert length_mm(paper_ecg([steps(28.6)], "12x1", begin=25).strips[0]) == pytest.approx(3.6 * 25, abs=0.06)


def test_a_short_record_fills_its_columns() -> None:
    sheet = paper_ecg([steps(3)], "3x4")
    assert sheet.width == 20 + 75 + 5
    assert [strip.x for strip in sheet.strips[:4]] == pytest.approx([20, 38.75, 57.5, 76.25], abs=0.06)


def test_leads_that_are_missing_or_derived_are_said_to_be_so() -> None:
    record = steps(leads=("I", "II", "aVR", "V1", "V2", "V3"))
    sheet = paper_ecg([Drawn(record.signal, RATE, record.leads, derived=("aVR",))], "3x4")
    remarks = {label.text: label.remark for label in sheet.labels}
    assert remarks["aVR"] == "derived"
    assert remarks["V4"] == "not recorded"
    assert remarks["I"] == ""
    assert len(sheet.strips) == 7


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("leads", [("MLII", "V7"), ("I", "II"), ("I", "II", "V1", "V5"), (*LEADS, "V7")])
def test_leads_that_a_layout_has_no_place_for_or_too_few_have_a_row_each(layout: str, leads: tuple[str, ...]) -> None:
    sheet = paper_ecg([steps(leads=leads)], layout)
    assert [label.text for label in sheet.labels] == list(leads)
    assert len({label.y for label in sheet.labels}) == len(leads)


def test_the_rhythm_is_read_from_the_first_lead_where_the_usual_one_is_missing() -> None:
    leads = ("I", "III", "aVR", "aVL", "aVF", "V1", "V2")
    assert paper_ecg([steps(leads=leads)], "3x4").labels[-1].text == "I"
    assert [label.text for label in paper_ecg([steps(leads=leads)], "3x4+3").labels[-2:]] == ["I", "V1"]


def test_a_row_without_a_recorded_lead_is_left_out() -> None:
    leads = ("I", "II", "aVR", "aVL", "V1", "V2", "V4", "V5")  # neither III nor V3, neither aVF nor V6
    sheet = paper_ecg([steps(leads=leads)], "6x2")
    assert [label.text for label in sheet.labels] == ["I", "V1", "II", "V2", "aVR", "V4", "aVL", "V5"]


def test_missing_samples_stay_missing() -> None:
    record = steps()
    signal: NDArray[np.float32] = record.signal.copy()
    signal[0, 100:200] = np.nan
    signal[5] = np.nan
    sheet = paper_ecg([Drawn(signal, RATE, LEADS)], "12x1")
    assert np.isnan(at(sheet, "I").samples[100:200]).all()
    assert np.isfinite(at(sheet, "I").samples[200:]).all()
    assert np.isnan(at(sheet, "aVF").samples).all()


def test_a_second_record_lies_over_the_first_in_another_ink_moved_by_its_shift() -> None:
    first, second = steps(), steps(rate=400)
    sheet = paper_ecg([first, Drawn(second.signal, 400, LEADS, shift=0.5)], "12x1")
    under, over = sheet.strips[:2]
    assert (under.ink, over.ink) == (0, 1)
    assert under.y == over.y
    assert over.x - under.x == pytest.approx(0.5 * 25)
    assert over.step == pytest.approx(25 / 400)


@pytest.mark.parametrize("begin", [-1, 10])
def test_a_sheet_outside_of_the_record_is_refused(begin: float) -> None:
    with pytest.raises(ValueError, match="cannot begin"):
        paper_ecg([steps()], begin=begin)


def test_an_unknown_layout_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"3x4, 3x4\+3, 6x2, 12x1"):
        paper_ecg([steps()], "4x3")
