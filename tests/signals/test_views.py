"""Views: sizes, what each switch does, and that nothing else moves them."""

import torch
from torch import Tensor

from ecgssl_core.settings import Settings, override
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.spectrogram import spectrogram
from ecgssl_core.signals.views import Views, make_spectrogram_views, make_time_views

ROWS = torch.arange(6)
FILL = torch.full((12,), -1.0)
PLAIN = ["views.time.cutout=false", "views.time.noise=false"]


def _source(samples: int = 500) -> Tensor:
    return torch.randn(6, 12, samples, generator=torch.Generator().manual_seed(0))


def _time(*changes: str, source: Tensor | None = None, rows: Tensor = ROWS) -> Views:
    settings = override(Settings(), list(changes))
    return make_time_views(_source() if source is None else source, settings.views, Chance.of(0, 0, rows))


def _image(*changes: str) -> Views:
    settings = override(Settings(), list(changes))
    return make_spectrogram_views(spectrogram(_source(250), InputSpec()), settings.views, FILL, Chance.of(0, 0, ROWS))


def test_global_and_local_views_have_their_own_lengths() -> None:
    views = _time()
    assert views.global_views.values.shape == (6, 2, 12, 250)
    assert views.local_views is not None
    assert views.local_views.values.shape == (6, 8, 12, 100)


def test_the_same_record_gives_the_same_views_in_any_batch() -> None:
    whole, part = _time(), _time(source=_source()[2:4], rows=ROWS[2:4])
    for one, other in zip(whole.groups(), part.groups(), strict=True):
        assert torch.equal(one.values[2:4], other.values)


def test_without_transformations_a_view_is_the_record_itself() -> None:
    views, source = _time(*PLAIN), _source()
    start, length = views.global_views.crops[3, 1].tolist()
    assert length == 250
    assert torch.equal(views.global_views.values[3, 1], source[3, :, start : start + length])


def test_beats_keep_their_number_unless_stretching_is_asked_for() -> None:
    beats = torch.zeros(6, 12, 500)
    beats[..., ::100] = 1.0
    counts = (_time(*PLAIN, source=beats).global_views.values > 0.5).sum(dim=-1)
    assert counts.unique().tolist() in ([2, 3], [3], [2])
    stretched = _time(*PLAIN, "views.time.stretch=true", source=beats).global_views
    assert stretched.crops[..., 1].unique().numel() > 1
    assert stretched.values.shape[-1] == 250


def test_stretching_keeps_the_ends_of_the_crop() -> None:
    ramp = torch.arange(500.0).expand(6, 12, 500)
    views = _time(*PLAIN, "views.time.stretch=true", source=ramp).global_views
    torch.testing.assert_close(views.values[:, :, 0, 0], views.crops[..., 0].float())
    torch.testing.assert_close(views.values[:, :, 0, -1], (views.crops.sum(dim=-1) - 1).float())


def test_cutout_of_all_leads_or_of_each() -> None:
    together = _time("views.time.noise=false").global_views
    apart = _time("views.time.noise=false", "views.time.cutout_per_lead=true").global_views
    assert together.cuts is not None
    assert together.cuts.shape == (6, 2, 1, 2)
    assert apart.cuts is not None
    assert apart.cuts.shape == (6, 2, 12, 2)
    assert ((together.values == 0).float().std(dim=2) == 0).all()


def test_noise_lies_inside_the_cut_span_too_and_within_its_limits() -> None:
    still = torch.zeros(6, 12, 500)
    values = _time("views.time.noise_low_mv=0.005", source=still).global_views.values
    spread = values.std(dim=(2, 3))
    assert spread.min() > 0.004
    assert spread.max() < 0.027


def test_lead_masking_leaves_at_least_one_lead() -> None:
    values = _time(*PLAIN, "views.lead_masking=true", "views.lead_keep=0.01").global_views.values
    alive = (values.abs().sum(dim=-1) > 0).sum(dim=-1)
    assert alive.min() == 1


def test_spectrogram_views_stand_in_the_middle_of_their_group() -> None:
    views = _image("views.spectrogram.cutout=false", "views.spectrogram.frequency_cutout=false")
    widths = views.global_views.crops[..., 1]
    assert views.global_views.values.shape == (6, 2, 12, 13, 21)
    assert widths.min() >= 12
    assert widths.max() <= 20
    empty = (views.global_views.values == -1).all(dim=(2, 3))  # (batch, views, frames)
    assert torch.equal((~empty).sum(dim=-1), widths)
    assert torch.equal((~empty).int().argmax(dim=-1), (21 - widths) // 2)


def test_local_spectrogram_views_are_narrower() -> None:
    views = _image()
    assert views.local_views is not None
    assert views.local_views.values.shape == (6, 8, 12, 13, 11)
    assert views.local_views.crops[..., 1].min() >= 6


def test_frequency_cutout_removes_exactly_one_bin_of_each_lead() -> None:
    views = _image("views.spectrogram.cutout=false")
    rows = (views.global_views.values == -1).all(dim=-1).sum(dim=-1)  # (batch, views, leads)
    assert (rows == 1).all()


def test_both_cutouts_reach_the_network() -> None:
    both = _image().global_views
    assert both.cuts is not None
    assert (both.cuts[..., 1] >= 1).all()
    gone = both.values == -1
    columns = gone.all(dim=3).sum(dim=-1)
    assert torch.equal(columns, (21 - both.crops[..., 1].unsqueeze(-1) + both.cuts[..., 1]).expand_as(columns))
    assert (gone.all(dim=4).sum(dim=-1) == 1).all()
