"""Cut spans: the published laws of their lengths and starts."""

import torch

from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.cutout import draw_spans, in_spans, time_cutout_

MANY = 20_000


def _masked(low: float, high: float, least: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    spans = draw_spans(Chance.of(0, 0, torch.arange(MANY)), torch.full((MANY, 1), 250), low, high, least)
    return spans[:, 0], in_spans(spans[:, 0], 250).float().mean(dim=0)


def test_the_papers_span_is_up_to_half_of_the_view() -> None:
    spans, masked = _masked(0.0, 0.5)
    assert spans[:, 1].min() == 0
    assert spans[:, 1].max() == 124
    assert abs(spans[:, 1].float().mean() - 62) < 1
    assert abs(masked.mean() - 0.248) < 0.005
    assert abs(masked[125] - 0.3799) < 0.015
    assert abs(masked[0] - 0.0055) < 0.003


def test_both_ends_are_reached() -> None:
    spans, masked = _masked(0.0, 0.5)
    assert (spans[:, 0] == 0).any()
    assert (spans.sum(dim=1) == 250).any()
    assert abs(masked[-1] - 0.0055) < 0.003


def test_the_codes_span_is_50_to_99_samples() -> None:
    spans, _ = _masked(0.2, 0.4)
    assert spans[:, 1].min() == 50
    assert spans[:, 1].max() == 99
    assert abs(spans[:, 1].float().mean() - 74.5) < 0.5


def test_a_span_as_long_as_the_view_works() -> None:
    spans, masked = _masked(1.0, 1.0)
    assert (spans[:, 0] == 0).all()
    assert masked.min() == 1


def test_a_least_span_is_kept_where_a_share_would_give_none() -> None:
    lengths = torch.full((MANY, 1), 6)
    spans = draw_spans(Chance.of(0, 0, torch.arange(MANY)), lengths, 0.1, 0.35, least=1)
    assert spans[..., 1].unique().tolist() == [1, 2]


def test_outside_the_span_nothing_changes_by_a_bit() -> None:
    signal = torch.randn(3, 2, 12, 250, generator=torch.Generator().manual_seed(1))
    spans = torch.tensor([10, 40]).expand(3, 2, 1, 2)
    cut = time_cutout_(signal.clone(), spans)
    assert torch.equal(cut[..., :10], signal[..., :10])
    assert torch.equal(cut[..., 50:], signal[..., 50:])
    assert (cut[..., 10:50] == 0).all()
