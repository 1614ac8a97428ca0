"""What views do over the records of a pack, in this process and apart."""

from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.corpus.source import open_source
from ecgssl_core.errors import CorpusError
from ecgssl_core.inference.effects import ViewEffects
from ecgssl_core.inference.effects_apart import EffectsApart
from ecgssl_core.inference.view_effects import view_effects
from ecgssl_core.settings import Settings, load_preset, override

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return build_pack(open_source(None, EXAMPLES), tmp_path_factory.mktemp("packs") / "examples")


def _settings(*changes: str) -> Settings:
    quiet = ["views.lead_masking=false", "views.time.cutout=false", "views.time.noise=false"]
    return override(load_preset("quick-time"), [*quiet, *changes])


def _effects(pack: Pack, *changes: str, count: int = 100) -> ViewEffects:
    return view_effects(pack, _settings(*changes), count, lambda _: None)


def test_without_transformations_nothing_changes(pack: Pack) -> None:
    found = _effects(pack)
    assert found.amplitude.shape == (3, 2)
    np.testing.assert_array_equal(found.amplitude[:, 0], found.amplitude[:, 1])
    np.testing.assert_array_equal(found.spectrum[:, 0], found.spectrum[:, 1])
    np.testing.assert_array_equal(found.rate[:, 0], found.rate[:, 1])
    assert (found.amplitude > 0.2).all()


def test_hum_is_seen_where_it_hums_and_stretching_in_the_rate(pack: Pack) -> None:
    change = "views.disturb.hum=true", 'views.disturb.hum_hz="60"', "views.disturb.hum_high_mv=0.5"
    hum = _effects(pack, *change)
    rise = (hum.spectrum[:, 1] - hum.spectrum[:, 0]).mean(axis=0)
    assert abs(hum.hertz[rise.argmax()] - 40) < 1
    slow = _effects(pack, "views.time.stretch=true", "views.time.global_low=0.5", "views.time.global_high=0.5")
    assert np.nanmedian(slow.rate[:, 1] / slow.rate[:, 0]) > 1.5  # five seconds are squeezed into two and a half


def test_spectrograms_have_magnitudes_and_no_rate(pack: Pack) -> None:
    found = view_effects(pack, load_preset("quick-spectrogram"), 2, lambda _: None)
    assert found.spectrum.shape == (2, 2, 64)
    assert np.isnan(found.rate).all()
    assert found.amplitude.max() < 2  # in mV: the logarithm was taken back


def test_another_process_gives_the_same_numbers_and_says_how_far_it_is(pack: Pack) -> None:
    said: list[float] = []
    found = EffectsApart(pack.path, _settings(), 100).work(said.append)
    assert found is not None
    np.testing.assert_allclose(found.amplitude, _effects(pack).amplitude, rtol=1e-6)
    np.testing.assert_allclose(found.rate, _effects(pack).rate, rtol=1e-6)
    assert said == [pytest.approx(1 / 3), pytest.approx(2 / 3), 1.0]


def test_work_that_is_stopped_gives_nothing(pack: Pack) -> None:
    work = EffectsApart(pack.path, _settings(), 100)
    assert work.work(lambda _: work.stop()) is None


def test_a_pack_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        EffectsApart(tmp_path, _settings(), 100).work(lambda _: None)


def test_there_is_an_answer_for_every_preset_of_views(pack: Pack) -> None:
    for preset in ("views-oh2022", "views-noise", "views-3kg"):
        found = view_effects(pack, load_preset(preset), 3, lambda _: None)
        assert np.isfinite(found.amplitude).all()
        assert np.isfinite(found.spectrum).all()
