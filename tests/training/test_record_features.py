"""Measured features against made-up ECGs of known rate, rhythm and axis, and against real ones."""

from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.signals.leads import LEADS
from ecgssl_core.training.record_features import FEATURES, record_features

RATE = 100.0
P, T = 0.15, 0.3  # mV


def bump(times: np.ndarray, centre: float, width: float) -> np.ndarray:
    return np.exp(-0.5 * ((times - centre) / width) ** 2)


def made(beats: list[float], axis: float = 60.0, seconds: float = 10.0) -> np.ndarray:
    """Give twelve leads with a beat at each second, the frontal QRS pointing where the axis (degrees) says."""
    times = np.arange(round(seconds * RATE)) / RATE
    qrs = sum(bump(times, beat, 0.015) for beat in beats)
    rest = sum(P * bump(times, beat - 0.16, 0.02) + T * bump(times, beat + 0.28, 0.04) for beat in beats)
    first, second = np.cos(np.radians(axis)), np.cos(np.radians(axis - 60))
    limb = [first, second, second - first, -(first + second) / 2, first - second / 2, second - first / 2]
    return np.stack([height * qrs + rest for height in [*limb, -0.5, 0.2, 0.6, 1.0, 1.2, 1.0]]).astype(np.float32)


def features(signal: np.ndarray) -> dict[str, float]:
    return dict(zip(FEATURES, record_features(signal, RATE), strict=True))


@pytest.mark.parametrize("interval", [0.4, 0.8, 1.3])
def test_the_heart_rate_of_a_steady_rhythm(interval: float) -> None:
    found = features(made(list(np.arange(0.5, 9.7, interval))))
    assert found["rate"] == pytest.approx(60 / interval, rel=0.03)
    assert found["variability"] < 0.03
    assert found["early"] == 0
    assert found["no_beats"] == 0


def test_an_early_beat_and_a_wild_rhythm_are_seen() -> None:
    early = features(made([0.5, 1.5, 2.5, 3.0, 4.5, 5.5, 6.5, 7.5, 8.5]))
    assert early["shortest"] == pytest.approx(0.5, abs=0.05)
    assert early["longest"] == pytest.approx(1.5, abs=0.05)
    wild = features(made(list(0.5 + np.cumsum(np.random.default_rng(0).uniform(0.4, 1.2, 10)))))
    assert wild["variability"] > 3 * early["variability"] / 2 or wild["successive"] > 0.25
    assert wild["early"] > 0.1


@pytest.mark.parametrize(("axis", "left", "right"), [(60, 0, 0), (-60, 1, 0), (120, 0, 1), (0, 0, 0)])
def test_the_frontal_axis(axis: float, left: float, right: float) -> None:
    found = features(made(list(np.arange(0.5, 9.5, 0.9)), axis))
    angle = np.degrees(np.arctan2(found["axis_sin"], found["axis_cos"]))
    assert angle == pytest.approx(axis, abs=15)
    assert (found["axis_left"], found["axis_right"]) == (left, right)


def test_heights_and_times_of_waves() -> None:
    found = features(made(list(np.arange(0.5, 9.5, 1.0))))
    assert found["r_V5"] == pytest.approx(1.2, abs=0.1)
    assert found["s_V1"] == pytest.approx(-0.5, abs=0.1)
    assert found["t_II"] == pytest.approx(T, abs=0.05)
    assert found["p_II"] == pytest.approx(P, abs=0.05)
    assert found["p_to_r"] == pytest.approx(0.16, abs=0.02)
    assert found["r_to_t"] == pytest.approx(0.28, abs=0.02)
    assert found["p_alike"] > 0.95


def test_the_size_of_a_signal_changes_no_time_and_all_heights() -> None:
    one, other = features(made([1, 2, 3, 4, 5])), features(3 * made([1, 2, 3, 4, 5]))
    assert other["rate"] == one["rate"]
    assert other["r_II"] == pytest.approx(3 * one["r_II"], rel=1e-4)


@pytest.mark.parametrize("signal", [np.zeros((12, 1000)), np.zeros((12, 60)), np.full((12, 1000), 2.0)])
def test_a_record_without_beats_has_no_measures_and_says_so(signal: np.ndarray) -> None:
    found = features(signal.astype(np.float32))
    assert found["no_beats"] == 1
    assert np.isnan(found["rate"])
    assert np.isnan(found["r_II"])


def test_real_records_give_plausible_measures(pack: Path) -> None:
    whole = open_pack(pack)
    table = np.stack([record_features(whole.signal(row), whole.rate) for row in range(len(whole))])
    found = {name: table[:, place] for place, name in enumerate(FEATURES)}
    assert len(LEADS) == 12
    assert (found["no_beats"] == 0).all()
    assert ((found["rate"] > 35) & (found["rate"] < 160)).all()
    assert 55 < np.median(found["rate"]) < 90
    assert ((found["qrs"] > 0.03) & (found["qrs"] < 0.25)).all()
    assert np.median(found["r_V5"]) > 0.5
    assert np.median(found["s_V2"]) < -0.3
