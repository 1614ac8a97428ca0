"""Rate, intervals and axes: made beats with known ones, real records with marks, and records that allow none."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.delineator.global_intervals import measured, waves_of
from benchmarks.delineator.ludb import read_marked
from ecgssl_core.records import Record, gather, read_records
from ecgssl_core.records.delineate import Wave
from ecgssl_core.records.intervals import NUMBERS, Intervals, intervals_json, intervals_of, measure
from tests.records.made_beats import AXIS_DEG, PR_MS, QRS_MS, QT_MS, made_ecg, record_of


@pytest.mark.parametrize("rate", [100.0, 250.0, 333.3, 500.0, 1000.0])
def test_made_beats_are_measured_at_any_rate(rate: float) -> None:
    found = measure(made_ecg(rate=rate))
    assert found.heart_rate_per_min == pytest.approx(60 / 0.9, abs=0.5)
    assert found.pr_ms == pytest.approx(PR_MS, abs=20)
    assert found.qrs_ms == pytest.approx(QRS_MS, abs=20)
    assert found.qt_ms == pytest.approx(QT_MS, abs=25)
    assert found.qrs_axis_deg == pytest.approx(AXIS_DEG, abs=4)
    assert found.p_axis_deg == pytest.approx(AXIS_DEG, abs=12)
    assert found.reasons == {}


def test_both_corrections_of_qt_follow_their_formulas() -> None:
    found = measure(made_ecg(beat_s=0.8))
    assert found.qt_ms is not None
    beat_s = 60 / (found.heart_rate_per_min or 0)
    assert found.qtc_bazett_ms == pytest.approx(found.qt_ms / np.sqrt(beat_s))
    assert found.qtc_fridericia_ms == pytest.approx(found.qt_ms / np.cbrt(beat_s))


def test_one_lead_gives_intervals_and_says_why_it_gives_no_axis() -> None:
    found = measure(record_of(made_ecg().signal[1:2], leads=("II",)))
    assert found.qrs_ms == pytest.approx(QRS_MS, abs=20)
    assert found.qt_ms == pytest.approx(QT_MS, abs=30)
    assert (found.qrs_axis_deg, found.reasons["qrs_axis_deg"]) == (
        None,
        "The axis needs lead I and one of II, III and aVF.",
    )


def test_the_axis_is_the_same_from_any_two_limb_leads() -> None:
    ecg = made_ecg()
    found = []
    for other in ("II", "III", "aVF"):
        rows = [0, ecg.leads.index(other)]
        found.append(measure(record_of(ecg.signal[rows], leads=("I", other))).qrs_axis_deg)
    assert found == pytest.approx([AXIS_DEG] * 3, abs=5)


def test_without_p_waves_everything_but_pr_and_p_axis_is_measured() -> None:
    found = measure(made_ecg(p_waves=False))
    assert {"pr_ms", "p_axis_deg"} == set(found.reasons)
    assert found.reasons["pr_ms"] == "No P wave was found before most beats."


def test_the_gain_of_each_lead_does_not_matter() -> None:
    ecg = made_ecg()
    gains = np.random.default_rng(1).choice([0.2, 0.5, 3, 20], size=(12, 1))
    one, other = measure(ecg), measure(record_of(ecg.signal * gains))
    assert np.abs(one.beats - other.beats).max() <= 1
    assert one.qt_ms == pytest.approx(other.qt_ms, abs=2)


@pytest.mark.parametrize("samples", [1, 3, 8, 250, 777])
def test_a_record_begun_later_has_the_same_beats_that_much_earlier(samples: int, ludb: list[Record]) -> None:
    whole, later = (measure(record_of(ludb[0].signal[:, at:])) for at in (0, samples))
    inner = [beat for beat in whole.beats if beat[beat >= 0].min() > samples + 1000]
    moved = [beat + np.where(beat >= 0, samples, 0) for beat in later.beats][-len(inner) :]
    both = (np.stack(inner) >= 0) & (np.stack(moved) >= 0)
    apart = np.abs(np.stack(inner) - np.stack(moved))[both]
    assert both.mean() > 0.9
    assert np.percentile(apart, 90) <= 3  # samples, 6 ms
    assert whole.qt_ms == pytest.approx(later.qt_ms, abs=10)


def nothing_but(signal: np.ndarray, rate: float = 500.0) -> Record:
    return record_of(signal, rate)


HOPELESS = {
    "flat": nothing_but(np.zeros((12, 5000))),
    "missing": nothing_but(np.full((12, 5000), np.nan)),
    "infinite": nothing_but(np.full((12, 5000), np.inf)),
    "huge": nothing_but(np.random.default_rng(0).normal(0, 1e30, (12, 5000))),
    "no leads": nothing_but(np.zeros((0, 5000))),
    "no samples": nothing_but(np.zeros((12, 0))),
    "a second": nothing_but(made_ecg(1.0).signal),
    "no rate": nothing_but(made_ecg().signal, 0.0),
    "rate no number": nothing_but(made_ecg().signal, np.nan),
    "infinite rate": nothing_but(made_ecg().signal, np.inf),
}


@pytest.mark.parametrize("kind", HOPELESS)
def test_a_record_that_allows_no_measurement_says_so_for_every_number(kind: str) -> None:
    found = measure(HOPELESS[kind])
    assert [getattr(found, name) for name in NUMBERS] == [None] * len(NUMBERS)
    assert set(found.reasons) == set(NUMBERS)
    assert len(found.beats) == 0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.floats(2.5, 6), st.sampled_from([60.0, 128.0, 360.0, 999.9]))
def test_whatever_comes_each_number_is_there_or_its_reason_is(
    seed: int, leads: int, seconds: float, rate: float
) -> None:
    chance = np.random.default_rng(seed)
    ecg = made_ecg(seconds, rate).signal[:leads]
    signal = ecg * chance.choice([0, 1, 30], (leads, 1)) + chance.exponential(0.3) * chance.normal(size=ecg.shape)
    signal[chance.random(signal.shape) < chance.choice([0, 0.01, 0.6])] = np.nan
    found = measure(record_of(signal, rate))
    assert {name for name in NUMBERS if getattr(found, name) is None} == set(found.reasons)
    assert all(np.isfinite(getattr(found, name)) for name in NUMBERS if name not in found.reasons)
    assert all(len(sentence.split()) <= 25 for sentence in found.reasons.values())
    assert found.beats.max(initial=-1) < signal.shape[1]


def test_missing_samples_cost_only_the_waves_they_lie_in() -> None:
    ecg = made_ecg()
    holes = ecg.signal.copy()
    holes[:, 2500:2600] = np.nan
    holes[3] = np.nan
    found = measure(record_of(holes))
    assert found.qrs_ms == pytest.approx(QRS_MS, abs=20)
    assert (found.beats[:, 3] == -1).all()
    for first, _, last in found.beats.reshape(-1, 3):
        assert first < 0 or last < 2500 or first >= 2600


def test_ten_minutes_are_looked_at_and_no_more() -> None:
    found = measure(record_of(made_ecg(640.0, rate=100.0).signal[:1], 100.0))
    assert found.heart_rate_per_min == pytest.approx(60 / 0.9, abs=0.2)
    assert 59000 < found.beats.max() < 60000


def test_a_boundary_that_one_lead_alone_has_is_no_witness() -> None:
    waves = [(Wave(1, 200 + shift, 230, 250),) for shift in (-40, 0, 2, 3)]  # one QRS begins 80 ms before all others
    found = intervals_of(record_of(np.zeros((4, 5000))), tuple(waves))
    assert found.qrs_ms == pytest.approx(100)


def test_p_waves_without_a_steady_distance_give_no_pr() -> None:
    peaks = range(500, 4600, 450)
    waves = [wave for at, peak in enumerate(peaks) for wave in blocked_beat(peak, 40 + 12 * (at % 9))]
    found = intervals_of(record_of(np.zeros((1, 5000))), (tuple(waves),))
    assert found.reasons["pr_ms"] == "The P waves keep no steady distance from the QRS complexes."
    assert found.p_axis_deg is None


def blocked_beat(peak: int, before: int) -> tuple[Wave, Wave]:
    return Wave(0, peak - before - 30, peak - before - 15, peak - before), Wave(1, peak - 20, peak, peak + 25)


def test_the_json_form_has_whole_numbers_nulls_and_reasons() -> None:
    form = json.loads(json.dumps(intervals_json(measure(made_ecg(p_waves=False)))))
    assert form["qrs_ms"] == round(form["qrs_ms"])
    assert form["pr_ms"] is None
    assert form["not_measurable"]["pr_ms"] == "No P wave was found before most beats."
    assert set(NUMBERS) < set(form)


@pytest.fixture(scope="session")
def ludb(real: Callable[[str], Path]) -> list[Record]:
    files, _ = gather([real("ludb") / "data" / f"{number}.hea" for number in (36, 118)])
    return list(read_records(files).records)


def test_real_records_agree_with_the_marks_of_cardiologists(real: Callable[[str], Path]) -> None:
    # the shipped network has seen these; what it does on unseen ones is in docs/results/delineation.md
    apart: dict[str, list[float]] = {name: [] for name in ("heart_rate_per_min", "pr_ms", "qrs_ms", "qt_ms")}
    for name in ("1", "36", "118"):
        record = read_marked(real("ludb"), name)
        ours, marked = measure(in_our_form(record.signal)), measured(record, waves_of(record))
        for number, found in apart.items():
            found.append(abs(value(ours, number) - value(marked, number)))
    assert np.max(apart["heart_rate_per_min"]) < 3
    assert np.max(apart["pr_ms"]) < 25
    assert np.max(apart["qrs_ms"]) < 30
    assert np.max(apart["qt_ms"]) < 40


def in_our_form(signal: np.ndarray) -> Record:
    return record_of(signal)


def value(intervals: Intervals, name: str) -> float:
    number = getattr(intervals, name)
    assert number is not None, intervals.reasons
    return float(number)


def test_real_records_of_other_makers_have_plausible_intervals(real: Callable[[str], Path]) -> None:
    files, _ = gather(sorted((real("cinc2020") / "ptb-xl").glob("*.hea"))[:6])
    for record in read_records(files).records:
        found = measure(record)
        assert 40 < value(found, "heart_rate_per_min") < 150
        assert 60 < value(found, "qrs_ms") < 200
        assert 250 < value(found, "qt_ms") < 550


def test_a_fibrillating_heart_has_no_pr(real: Callable[[str], Path]) -> None:
    record = read_marked(real("ludb"), "8")
    assert record.fibrillates
    assert {"pr_ms", "p_axis_deg"} == set(measure(record_of(record.signal)).reasons)
