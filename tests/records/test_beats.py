"""Finding the beat that stands out."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.records import Record, gather, read_records
from ecgssl_core.records.beats import find_beats, strongest_beat
from ecgssl_core.records.delineate import Wave

LEADS = ("I", "II", "V1")
RATE = 500.0


def record(signal: np.ndarray, rate: float = RATE) -> Record:
    units = dict.fromkeys(LEADS, "file")
    return Record("made", signal.astype(np.float32), rate, LEADS, units, (0.001,) * 3, None, None, "WFDB", (), ())


def beats(moments: list[float], heights: list[float], seconds: float = 4.0, rate: float = RATE) -> np.ndarray:
    """Three leads with a narrow peak at each moment, on a slow wave that is taller than any of them."""
    time = np.arange(round(seconds * rate)) / rate
    slow = 3 * np.sin(2 * np.pi * 0.3 * time)
    peaks = sum(height * np.exp(-(((time - at) / 0.012) ** 2)) for at, height in zip(moments, heights, strict=True))
    return np.stack([peaks + slow, peaks * 2 + slow, -peaks + slow])


@pytest.mark.parametrize("rate", [250.0, 500.0, 1000.0])
def test_the_steepest_of_several_beats_is_found_at_its_middle(rate: float) -> None:
    made = record(beats([0.8, 1.7, 2.6, 3.4], [1, 1.1, 1.6, 1], rate=rate), rate)
    assert strongest_beat(made) == pytest.approx(2.6, abs=0.012)


def test_missing_samples_do_not_hide_it() -> None:
    signal = beats([0.8, 2.6], [1, 1.6])
    signal[0] = np.nan
    signal[1, :100] = np.nan
    assert strongest_beat(record(signal)) == pytest.approx(2.6, abs=0.012)


def test_a_record_in_which_nothing_moves_has_none() -> None:
    assert strongest_beat(record(np.zeros((3, 2000)))) is None
    assert strongest_beat(record(np.full((3, 2000), np.nan))) is None


def test_a_very_short_record_has_none() -> None:
    assert strongest_beat(record(beats([0.1], [1], seconds=0.4))) is None


def test_the_middle_of_a_beat_does_not_depend_on_which_of_its_waves_is_the_tallest() -> None:
    time = np.arange(2000) / RATE
    up, down = (np.exp(-(((time - at) / 0.012) ** 2)) for at in (2.0, 2.04))
    first, second = record(np.stack([up - 0.5 * down] * 3)), record(np.stack([0.5 * up - down] * 3))
    one, other = strongest_beat(first), strongest_beat(second)
    assert one is not None
    assert one == pytest.approx(other, abs=0.02)  # their tallest points lie 0.04 s apart


def test_it_lies_within_a_qrs_complex_of_real_records(real: Callable[[str], Path]) -> None:
    for path in sorted((real("cinc2020") / "ptb-xl").glob("*.hea"))[:5]:
        files, _ = gather([path])
        (found,) = read_records(files).records
        moment = strongest_beat(found)
        assert moment is not None
        middle, near = round(moment * found.rate), round(0.06 * found.rate)
        slopes = np.abs(np.diff(found.signal, axis=1)).sum(axis=0)
        assert slopes[max(middle - near, 0) : middle + near].max() >= np.percentile(slopes, 99.5)


def lead_of(*waves: tuple[int, int, int, int]) -> tuple[Wave, ...]:
    return tuple(Wave(*wave) for wave in waves)


FIRST, SECOND = (1, 480, 500, 520), (1, 880, 900, 920)


def test_a_beat_needs_half_of_the_leads() -> None:
    both, one = lead_of(FIRST, SECOND), lead_of(FIRST)
    assert len(find_beats((both, both, one, one), RATE)) == 2
    assert len(find_beats((both, one, one), RATE)) == 1


def test_complexes_of_two_leads_that_lie_far_apart_are_two_beats() -> None:
    beats = find_beats((lead_of(FIRST), lead_of((1, 600, 620, 640))), RATE)
    assert beats[:, :, 1, 1].tolist() == [[500, -1], [-1, 620]]


def test_each_wave_belongs_to_the_nearest_beat_on_its_side() -> None:
    early, late, t_wave = (0, 330, 350, 370), (0, 400, 420, 440), (2, 600, 650, 700)
    (first, second) = find_beats((lead_of(early, late, FIRST, t_wave, SECOND),), RATE)[:, 0]
    assert first.tolist() == [list(late[1:]), list(FIRST[1:]), list(t_wave[1:])]
    assert second.tolist() == [[-1] * 3, list(SECOND[1:]), [-1] * 3]


def test_a_p_wave_before_the_last_t_wave_or_too_long_before_belongs_to_no_beat() -> None:
    in_t, t_wave = (0, 620, 640, 660), (2, 640, 720, 760)
    beats = find_beats((lead_of((0, 200, 220, 240), FIRST, in_t, t_wave, SECOND),), RATE)
    assert (beats[:, 0, 0] == -1).all()


def test_no_waves_are_no_beats() -> None:
    assert find_beats(((), ()), RATE).shape == (0, 2, 3, 3)
    assert find_beats((), RATE).shape == (0, 0, 3, 3)
