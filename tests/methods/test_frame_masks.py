"""Masks of frames: how many, where, and that one row does not depend on the others."""

import pytest
import torch

from ecgssl_core.methods.frame_masks import draw_frame_masks, masked_frames, taken
from ecgssl_core.settings import LocalContextSettings
from ecgssl_core.signals.chance import Chance

FRAMES = 156
PUBLISHED = LocalContextSettings()
FIXED = LocalContextSettings(mask_count="fixed")


def chance(rows: int, epoch: int = 0) -> Chance:
    return Chance.of(0, epoch, torch.arange(rows))


def test_a_row_alone_has_about_half_of_its_frames_masked_and_128_rows_about_a_third() -> None:
    alone = torch.cat([draw_frame_masks(chance(1, epoch), FRAMES, PUBLISHED) for epoch in range(300)]).sum(dim=1)
    together = [int(draw_frame_masks(chance(128, epoch), FRAMES, PUBLISHED)[0].sum()) for epoch in range(20)]
    assert alone.float().mean() == pytest.approx(77.4, abs=1.5)
    assert sum(together) / len(together) == pytest.approx(55, abs=3)  # trap M1 of the published form, kept by `oh2022`


def test_all_rows_of_a_batch_have_the_same_number_of_masked_frames() -> None:
    for settings in (PUBLISHED, FIXED):
        assert len(set(draw_frame_masks(chance(64), FRAMES, settings).sum(dim=1).tolist())) == 1


def test_the_published_form_never_masks_the_last_frame_and_the_fixed_one_does() -> None:
    published = torch.cat([draw_frame_masks(chance(100, epoch), FRAMES, PUBLISHED) for epoch in range(100)])
    fixed = torch.cat([draw_frame_masks(chance(100, epoch), FRAMES, FIXED) for epoch in range(100)])
    assert not published[:, -1].any()
    assert fixed.any(dim=0).all()


@pytest.mark.parametrize("frames", [20, 31, 156, 312])
def test_a_fixed_mask_is_as_large_in_any_batch_and_the_same_beside_any_other(frames: int) -> None:
    count = masked_frames(frames, 10, 0.65)
    many = draw_frame_masks(chance(128), frames, FIXED)
    assert many.sum(dim=1).tolist() == [count] * 128
    assert torch.equal(draw_frame_masks(chance(1), frames, FIXED)[0], many[0])


def test_a_fixed_mask_is_made_of_spans() -> None:
    mask = draw_frame_masks(chance(256), FRAMES, FIXED).int()
    begins = ((mask[:, 1:] - mask[:, :-1]) == 1).sum(dim=1) + mask[:, 0]
    assert begins.float().mean() < masked_frames(FRAMES, 10, 0.65) / 8  # at most one span is cut short


def test_a_mask_covers_as_much_as_spans_that_overlap_do_on_average() -> None:
    assert masked_frames(FRAMES, 10, 0.65) / FRAMES == pytest.approx(0.49, abs=0.01)


def test_masked_frames_come_in_order_of_time() -> None:
    frames = torch.arange(12.0).reshape(2, 6, 1)
    masked = torch.tensor([[0, 1, 0, 1, 0, 0], [1, 0, 0, 0, 0, 1]], dtype=torch.bool)
    assert taken(frames, masked).flatten().tolist() == [1.0, 3.0, 6.0, 11.0]
