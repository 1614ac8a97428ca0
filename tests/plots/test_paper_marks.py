"""What is marked on paper beside the traces: order, gaps, flat tops, beats, shades, layers, colours, words."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ecgssl_core.plots.paper_ecg import LAYOUTS, Drawn, Extras, paper_beat, paper_ecg
from ecgssl_core.plots.paper_inks import PAPERS, contrast
from ecgssl_core.plots.paper_marks import Shading, flat_tops
from ecgssl_core.plots.paper_sheet import SEEN, Scale
from ecgssl_core.plots.paper_words import as_recorded, as_seen

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
RATE = 500.0


def waves(seconds: float = 10.0, rate: float = RATE, leads: tuple[str, ...] = LEADS) -> Drawn:
    """Peaks of n/10 mV in the n-th lead, 20 ms wide, at each full second and a half."""
    time = np.arange(round(seconds * rate)) / rate
    peak = np.exp(-((((time % 1) - 0.5) / 0.01) ** 2)).astype(np.float32)
    return Drawn(peak * (np.arange(1, len(leads) + 1, dtype=np.float32)[:, None] / 10), rate, leads)


@pytest.mark.parametrize(
    ("layout", "labels"),
    [
        ("3x4", "aVL II V1 V4 I aVF V2 V5 −aVR III V3 V6 II"),
        ("3x4+3", "aVL II V1 V4 I aVF V2 V5 −aVR III V3 V6 II V1 V5"),
        ("6x2", "aVL V1 I V2 −aVR V3 II V4 aVF V5 III V6"),
        ("12x1", "aVL I −aVR II aVF III V1 V2 V3 V4 V5 V6"),
    ],
)
def test_the_order_of_cabrera_turns_avr_over_and_says_so(layout: str, labels: str) -> None:
    record = waves()
    sheet = paper_ecg([record], layout, extras=Extras(cabrera=True))
    assert [label.text for label in sheet.labels] == labels.split()
    for label, strip, box in zip(sheet.labels, sheet.strips, sheet.boxes, strict=True):
        height = (LEADS.index(strip.lead) + 1) / 10
        turned = label.text.startswith("−")
        assert float(strip.samples[np.abs(strip.samples).argmax()]) == pytest.approx(-height if turned else height)
        assert (strip.sign, box.sign) == ((-1, -1) if turned else (1, 1))
        assert label.text.removeprefix("−") == strip.lead == box.lead


def test_the_record_itself_is_not_turned() -> None:
    record = waves()
    before = record.signal.copy()
    paper_ecg([record], "12x1", extras=Extras(cabrera=True))
    np.testing.assert_array_equal(record.signal, before)


def test_single_beats_stand_in_the_order_of_cabrera_too() -> None:
    sheet = paper_beat([waves()], extras=Extras(cabrera=True))
    assert [label.text for label in sheet.labels[:2]] == ["aVL", "II"]
    assert "−aVR" in [label.text for label in sheet.labels]


def test_a_gap_is_marked_where_it_is_over_its_row_only() -> None:
    record = waves()
    signal: NDArray[np.float32] = record.signal.copy()
    signal[1, 1000:1500] = np.nan
    sheet = paper_ecg([Drawn(signal, RATE, LEADS)], "12x1")
    (gap,) = sheet.marks
    assert gap.kind == "gap"
    assert (gap.x, gap.end) == pytest.approx((sheet.left + 2 * 25, sheet.left + 3 * 25))
    assert (gap.top, gap.bottom) == (sheet.boxes[1].top, sheet.boxes[1].bottom)


def test_a_gap_in_a_column_layout_is_marked_only_where_that_time_is_shown() -> None:
    record = waves()
    signal: NDArray[np.float32] = record.signal.copy()
    signal[0, 4000:4500] = np.nan  # at 8 s; I is shown until 2.5 s
    assert paper_ecg([Drawn(signal, RATE, LEADS)], "3x4").marks == ()


def test_a_trace_that_was_cut_off_is_marked_at_its_top() -> None:
    time = np.arange(5000) / RATE
    whole = 3 * np.exp(-((((time % 1) - 0.5) / 0.03) ** 2)).astype(np.float32)
    signal = np.stack([whole, whole.clip(max=1.5)]).astype(np.float32)
    sheet = paper_ecg([Drawn(signal, RATE, ("I", "II"))], "12x1")
    assert {mark.kind for mark in sheet.marks} == {"cut off"}
    assert len(sheet.marks) == 10
    assert [mark.top for mark in sheet.marks] == pytest.approx([sheet.boxes[1].baseline - 15] * 10, abs=0.1)


def test_a_resting_line_and_a_flat_lead_are_not_taken_for_cut_off() -> None:
    resting = np.zeros(5000, np.float32)
    resting[1000:1020] = 1
    assert flat_tops(resting[:990], RATE) == []
    assert flat_tops(np.full(5000, 2, np.float32), RATE) == []
    assert flat_tops(np.full(100, np.nan, np.float32), RATE) == []
    assert flat_tops(resting, RATE) == [(1000, 1020)]


def test_beats_lie_on_the_time_axis_with_the_interval_since_the_one_before() -> None:
    extras = Extras(beats_s=(3.5, 4.25, 5.0, 15.0))
    sheet = paper_ecg([waves(20)], "3x4", begin=4, extras=extras)
    plain = paper_ecg([waves(20)], "3x4", begin=4)
    first, second = sheet.beats
    assert (first.x, second.x) == pytest.approx((sheet.left + 0.25 * 25, sheet.left + 25))
    assert (first.rr_ms, second.rr_ms) == pytest.approx((750, 750))
    assert first.rr_x is None  # the beat before stands on another sheet
    assert second.rr_x == pytest.approx((first.x + second.x) / 2)
    assert sheet.height == plain.height + 5


def test_what_a_model_sees_shares_places_with_the_record_and_rows_fit_both() -> None:
    record = waves()
    seen = Drawn(record.signal[:8, ::5] * np.float32(6), 100.0, LEADS[:8], layer=SEEN)
    sheet = paper_ecg([record, seen], "12x1")
    by_layer = [[strip for strip in sheet.strips if strip.layer == layer] for layer in (0, 1)]
    assert [len(strips) for strips in by_layer] == [12, 8]
    assert {strip.ink for strip in sheet.strips} == {0}
    for one, other in zip(*by_layer, strict=False):
        assert (one.x, one.y, one.lead) == (other.x, other.y, other.lead)
        assert other.step == pytest.approx(5 * one.step)
    tallest = max(float(strip.samples.max()) for strip in by_layer[1])
    box = sheet.boxes[7]
    assert box.baseline - box.top >= tallest * 10
    assert [label.seen_remark for label in sheet.labels][7:9] == ["", "not read by the model"]
    assert [label.remark for label in sheet.labels][7:9] == ["", ""]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_shades_lie_behind_the_stretch_that_they_speak_of(layout: str) -> None:
    values = np.zeros((12, 1000), np.float32)
    values[:, 130:150], values[:, 600:620] = 2, -1  # at 1.3 s and at 6 s
    sheet = paper_ecg([waves()], layout, extras=Extras(shading=Shading(values, 100.0, LEADS)))
    assert len(sheet.shades) == len(sheet.labels)
    for shade, box in zip(sheet.shades, sheet.boxes, strict=True):
        where = [shade.x + place * shade.step for place in np.flatnonzero(shade.values > 0.5)]
        inside = box.x <= sheet.left + 1.3 * 25 < box.end
        assert bool(where) == inside
        if inside:
            assert (where[0], where[-1] + shade.step) == pytest.approx((sheet.left + 32.5, sheet.left + 37.5), abs=1.01)
        assert shade.x + len(shade.values) * shade.step == pytest.approx(box.end, abs=1.01)
        assert np.abs(shade.values).max() <= 1
    assert {label.share for label in sheet.labels} == {"+3 %"}


def test_a_map_of_nothing_is_no_shade() -> None:
    shading = Shading(np.zeros((12, 1000), np.float32), 100.0, LEADS)
    sheet = paper_ecg([waves()], extras=Extras(shading=shading))
    assert all(not shade.values.any() for shade in sheet.shades)
    assert {label.share for label in sheet.labels} == {"0 %"}


@pytest.mark.parametrize("paper", PAPERS)
def test_traces_marks_and_words_stand_out_of_every_paper(paper: str) -> None:
    inks = PAPERS[paper]
    for colour in (*inks.traces, inks.text, inks.flag, inks.mark):
        assert contrast(colour, inks.ground) >= 4.5
        assert contrast(colour, inks.thick) >= 3  # on a heavy line too
    assert contrast(inks.thin, inks.ground) < contrast(inks.thick, inks.ground) < 3


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_words_say_what_a_low_rate_and_the_models_filter_hide() -> None:
    assert "Fewer than 500 samples/s: nothing above 125 Hz" in as_recorded(250)
    assert "Fewer than" not in as_recorded(500)
    assert "Above 50 Hz nothing is left: notches" in as_seen("resampled from 500 to 100 Hz.", 100)
    assert "resampled from 500 to 100 Hz. Above" in as_seen("resampled from 500 to 100 Hz.", 100)
    assert "nothing is left" not in as_seen("", 500)
    assert "unaltered" in as_seen("", 500)


def test_the_statements_travel_with_the_sheet() -> None:
    sheet = paper_ecg([waves()], scale=Scale(50, 5), begin=2, extras=Extras(statements=("As recorded.",)))
    assert sheet.statements == ("As recorded.",)
    assert (sheet.begin, sheet.left) == (2, 20)
