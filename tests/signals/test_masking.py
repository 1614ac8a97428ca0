"""Masked spans and lead spans: their laws, and that nothing brings back what is masked."""

import pytest
import torch

from ecgssl_core.settings import Settings, override
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.masking import draw_lead_spans, draw_masked_spans
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.spectrogram import spectrogram
from ecgssl_core.signals.views import ViewGroup, make_spectrogram_views, make_time_views

NOISE = ["muscle", "hum", "shift", "wander", "rotate"]


def _chance(count: int) -> Chance:
    return Chance.of(0, 0, torch.arange(count))


def _group(*changes: str, records: int = 6) -> ViewGroup:
    settings = override(Settings(), [f"views.{change}" for change in changes])
    source = torch.randn(records, 12, settings.views.time.source, generator=torch.Generator().manual_seed(0))
    return make_time_views(source, settings.views, _chance(records)).global_views


def _runs(row: torch.Tensor) -> list[int]:
    """Give the lengths of the stretches of ones."""
    edges = torch.diff(torch.cat([torch.zeros(1), row.float(), torch.zeros(1)]))
    return (torch.where(edges == -1)[0] - torch.where(edges == 1)[0]).tolist()


def test_spans_have_their_length_or_more_where_they_overlap() -> None:
    masked = draw_masked_spans(_chance(500), 1, 500, 0.65, 32)
    assert masked.shape == (500, 1, 1, 500)
    assert min(length for row in masked[:, 0, 0] for length in _runs(row)) == 32
    # ten spans or eleven, of 32 among 500: about half is covered, as 49 % is quoted for 156 frames
    assert masked.float().mean().item() == pytest.approx(0.495, abs=0.02)


def test_every_sample_is_masked_at_some_time() -> None:
    masked = draw_masked_spans(_chance(3000), 1, 250, 0.5, 20)[:, 0, 0].float().mean(dim=0)
    assert masked.min() > 0
    assert masked[0] == pytest.approx(masked[-1].item(), abs=0.02)


def test_the_number_of_spans_does_not_depend_on_the_batch() -> None:
    alone = draw_masked_spans(_chance(1), 1, 250, 0.65, 32)
    assert torch.equal(alone[0], draw_masked_spans(_chance(128), 1, 250, 0.65, 32)[0])


@pytest.mark.parametrize(("samples", "length"), [(20, 32), (32, 32), (33, 32), (25, 13)])
def test_a_view_that_holds_hardly_a_span_is_masked_all_the_same(samples: int, length: int) -> None:
    masked = draw_masked_spans(_chance(50), 2, samples, 0.3, length)
    assert masked.any(dim=-1).all()


def test_a_lead_span_is_half_of_each_lead_and_may_run_over_the_end() -> None:
    gone = draw_lead_spans(_chance(400), 1, 12, 100, 0.5)[:, 0]
    assert (gone.sum(dim=-1) == 50).all()
    runs = [len(_runs(row)) for row in gone[:, 0]]
    assert set(runs) == {1, 2}
    assert gone.float().mean(dim=(0, 1)).std() < 0.02


@pytest.mark.parametrize("mask", ["span_masking", "lead_spans"])
def test_no_noise_brings_back_what_is_masked(mask: str) -> None:
    group = _group(*[f"disturb.{name}=true" for name in [*NOISE, mask]])
    assert group.gone is not None
    gone = group.gone.expand_as(group.values)
    assert (group.values[gone] == 0).all()
    assert (group.values[~gone] == 0).float().mean() < 0.5


def test_masked_leads_stay_silent_under_every_noise() -> None:
    group = _group("lead_masking=true", *[f"disturb.{name}=true" for name in NOISE])
    assert group.stays is not None
    assert (group.values[~group.stays] == 0).all()
    assert (group.values[group.stays].abs().sum(dim=-1) > 0).all()


def test_adjacent_views_follow_one_another_and_reach_both_ends() -> None:
    size = ["time.source=600", "time.global_samples=250", "time.adjacent=true", "time.stretch=true"]
    crops = _group(*size, records=2000).crops
    assert (crops[:, 1, 0] - crops[:, 0, 0] == 250).all()
    assert (crops[..., 1] == 250).all()
    assert (crops[:, 0, 0].min(), crops[:, 1].sum(dim=-1).max()) == (0, 600)


def test_only_global_views_are_adjacent() -> None:
    settings = override(Settings(), ["views.time.adjacent=true"]).views
    views = make_time_views(torch.randn(6, 12, 500), settings, _chance(6))
    assert views.local_views is not None
    assert views.local_views.crops[..., 0].unique().numel() > 10


def test_uneven_stretching_takes_crops_no_longer_than_the_view() -> None:
    group = _group("time.stretch=true", "time.stretch_uneven=true", "time.noise=false", "time.cutout=false")
    assert group.crops[..., 1].max() == 250
    assert group.values.shape[-1] == 250


def test_a_rectangle_is_cut_where_bins_and_frames_cross() -> None:
    settings = override(Settings(), ["views.spectrogram.rectangle=true", "views.locals=0"]).views
    source = torch.randn(6, 12, 250, generator=torch.Generator().manual_seed(0))
    image = spectrogram(source, InputSpec())
    group = make_spectrogram_views(image, settings, torch.full((12,), -1.0), _chance(6)).global_views
    assert group.bins is not None
    assert group.cuts is not None
    for record, view, lead in [(0, 0, 0), (3, 1, 7), (5, 0, 11)]:
        (start, width), (bin_, bins) = group.crops[record, view].tolist(), group.bins[record, view, lead].tolist()
        first, count = group.cuts[record, view, lead].tolist()
        left = (21 - width) // 2
        plain = torch.full((13, 21), -1.0)
        plain[:, left : left + width] = image[record, lead, :, start : start + width]
        plain[bin_ : bin_ + bins, first : first + count] = -1.0
        assert torch.equal(group.values[record, view, lead], plain)
