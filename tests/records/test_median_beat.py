"""The usual beat of a record."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.records import Record, gather, read_records
from ecgssl_core.records.median_beat import median_beat

ROOT = Path(__file__).parents[2]
LEADS = ("I", "II", "V1")
MOMENTS = [0.7, 1.5, 2.3, 3.1, 3.9, 4.7, 5.5, 6.3, 7.1, 7.9, 8.7]


def record(signal: np.ndarray, rate: float = 500.0) -> Record:
    units = dict.fromkeys(LEADS, "file")
    return Record("made", signal.astype(np.float32), rate, LEADS, units, (0.001,) * 3, None, None, "WFDB", (), ())


def beats(moments: list[float], rate: float = 500.0, wide: tuple[int, ...] = ()) -> np.ndarray:
    """Three leads: R of 1 mV upwards in two, an S of 2 mV 30 ms after it in the third; wide beats are another shape."""
    time = np.arange(round(10 * rate)) / rate
    signal = np.zeros((3, len(time)))
    for place, at in enumerate(moments):
        width, sign = (0.05, -1.0) if place in wide else (0.012, 1.0)
        r = sign * np.exp(-(((time - at) / width) ** 2))
        signal += np.stack([r, 0.8 * r, -2 * sign * np.exp(-(((time - at - 0.03) / width) ** 2))])
    return signal


@pytest.mark.parametrize("rate", [250.0, 500.0, 1000.0])
def test_the_usual_beat_has_the_height_of_each_beat_and_its_r_where_the_upward_waves_are(rate: float) -> None:
    found = median_beat(record(beats(MOMENTS, rate), rate))
    assert found is not None
    assert (found.used, found.looked_at) == (11, 11)
    r = round(found.r_s * rate)
    assert found.signal[0, r] - np.median(found.signal[0]) == pytest.approx(1, abs=0.05)
    assert found.signal[0].argmax() == r
    assert found.signal[2].argmin() / rate - found.r_s == pytest.approx(0.03, abs=0.005)


def test_beats_of_another_shape_are_left_out() -> None:
    plain, mixed = median_beat(record(beats(MOMENTS))), median_beat(record(beats(MOMENTS, wide=(2, 6))))
    assert plain is not None
    assert mixed is not None
    assert (mixed.used, mixed.looked_at) == (9, 11)
    np.testing.assert_allclose(mixed.signal, plain.signal, atol=0.05)


def test_noise_is_averaged_away() -> None:
    noise = np.random.default_rng(3).normal(0, 0.05, (3, 5000))
    found, clean = median_beat(record(beats(MOMENTS) + noise)), median_beat(record(beats(MOMENTS)))
    assert found is not None
    assert clean is not None
    rest = found.signal[:, 300:] - clean.signal[:, 300:]
    assert float(rest.std()) < 0.03


def test_a_lead_that_was_not_recorded_stays_empty() -> None:
    signal = beats(MOMENTS)
    signal[1] = np.nan
    found = median_beat(record(signal))
    assert found is not None
    assert np.isnan(found.signal[1]).all()
    assert np.isfinite(found.signal[[0, 2]]).all()


def test_without_three_beats_there_is_none() -> None:
    assert median_beat(record(beats([1.0, 2.0]))) is None
    assert median_beat(record(np.zeros((3, 5000)))) is None
    assert median_beat(record(np.zeros((3, 100)))) is None
    assert median_beat(record(np.full((3, 5000), np.nan))) is None


def test_a_long_record_is_looked_at_all_over(real: Callable[[str], Path]) -> None:
    path = sorted(real("mitdb").rglob("100.hea"))[0]
    (found,) = read_records(gather([path])[0]).records
    usual = median_beat(found)
    assert usual is not None
    assert usual.looked_at <= 200
    assert usual.used > 150


@pytest.mark.parametrize("name", ["HR00009", "HR00318", "HR00180"])
def test_the_usual_beat_of_a_sample_is_like_its_beats(name: str) -> None:
    (found,) = read_records(gather([ROOT / "examples" / f"{name}.hea"])[0]).records
    usual = median_beat(found)
    assert usual is not None
    assert usual.used >= 8
    assert 0.35 < usual.r_s < 0.45
    assert float(np.ptp(usual.signal)) > 0.5
