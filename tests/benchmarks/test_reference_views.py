"""The plain loops over leads make the views that the program makes, from the same draws."""

import numpy as np
import pytest
import torch
from torch import Tensor

from benchmarks.reference.series_views import SeriesDraw, noisy, series_view, series_views
from benchmarks.reference.spectrogram_views import ImageDraw, image_view, plain_spectrogram, spectrogram_views
from ecgssl_core.settings import Settings, ViewSettings, override
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.spectrogram import spectrogram
from ecgssl_core.signals.views import make_spectrogram_views, make_time_views

RECORDS = 3


def _views(*changes: str) -> ViewSettings:
    return override(Settings(), ["views.time.noise=false", "views.locals=2", *changes]).views


def _source(samples: int) -> Tensor:
    return torch.randn(RECORDS, 12, samples, generator=torch.Generator().manual_seed(0))


def _chance() -> Chance:
    return Chance.of(0, 0, torch.arange(RECORDS))


def _spans(spans: Tensor) -> tuple[tuple[int, int], ...]:
    """Give one (first, number) a lead of spans (12 or 1, 2)."""
    return tuple((int(first), int(count)) for first, count in spans.expand(12, 2))


@pytest.mark.parametrize("change", ["views.time.cutout_per_lead=true", "views.time.cutout=false"])
@pytest.mark.parametrize("stretch", [False, True])
def test_plain_series_views_are_ours(change: str, stretch: bool) -> None:
    settings, source = _views(change, f"views.time.stretch={str(stretch).lower()}"), _source(500)
    for group in make_time_views(source, settings, _chance()).groups():
        for record in range(RECORDS):
            for view in range(2):
                start, length = group.crops[record, view].tolist()
                cuts = () if group.cuts is None else _spans(group.cuts[record, view])
                values = group.values[record, view].numpy()
                plain = series_view(source[record].numpy(), SeriesDraw(start, length, cuts), values.shape[1])
                np.testing.assert_allclose(plain, values, atol=5e-4 if stretch else 0)


def _cut_bins(values: Tensor, fill: float) -> tuple[tuple[int, int], ...]:
    """Give the one bin of each lead that is cut over all frames of a view (leads, bins, frames)."""
    gone = (values == fill).all(dim=-1)
    assert (gone.sum(dim=-1) == 1).all()
    return tuple((int(row.int().argmax()), 1) for row in gone)


def test_plain_spectrogram_views_are_ours() -> None:
    settings, spec, fill = _views(), InputSpec(), torch.full((12,), -1.0)
    image = spectrogram(_source(250), spec)
    for group in make_spectrogram_views(image.clone(), settings, fill, _chance()).groups():
        assert group.cuts is not None
        for record in range(RECORDS):
            for view in range(2):
                start, width = group.crops[record, view].tolist()
                values, spans = group.values[record, view], group.cuts[record, view].clone()
                spans[:, 0] -= (values.shape[-1] - width) // 2
                drawn = ImageDraw(start, width, _cut_bins(values, -1.0), _spans(spans))
                plain = image_view(image[record].numpy(), drawn, values.shape[-1], fill.numpy())
                assert np.array_equal(plain, values.numpy())


@pytest.mark.parametrize("samples", [250, 1000])
def test_the_plain_spectrogram_is_ours(samples: int) -> None:
    signal = _source(samples)
    plain = np.stack([plain_spectrogram(record.numpy(), InputSpec()) for record in signal])
    np.testing.assert_allclose(plain, spectrogram(signal, InputSpec()).numpy(), atol=1e-6)
    logarithm = plain_spectrogram(signal[0].numpy(), InputSpec(log_spectrogram=True))
    np.testing.assert_allclose(logarithm, np.log1p(100 * plain[0]), rtol=1e-6)


def test_whole_batches_of_plain_views_have_the_paper_s_sizes_and_cuts() -> None:
    settings = _views("views.time.cutout_per_lead=true", "views.time.cutout_low=0.1")
    series = series_views(_source(500).numpy(), settings, seed=0)
    assert [view.shape for view in series] == [(3, 12, 250)] * 2 + [(3, 12, 100)] * 2
    assert all(((view == 0).sum(axis=-1) >= 10).all() for view in series)
    images = spectrogram_views(_source(250).numpy(), InputSpec(), settings, seed=0)
    assert [view.shape for view in images] == [(3, 12, 13, 21)] * 4
    assert all(((view == 0).all(axis=-1).sum(axis=-1) == 1).all() for view in images)


def test_plain_noise_has_the_strength_asked_for() -> None:
    spread = noisy(np.zeros((12, 5000), dtype=np.float32), 0.02, np.random.default_rng(0)).std(axis=1)
    np.testing.assert_allclose(spread, 0.02, rtol=0.05)
