"""The augmentations that Oh et al. 2022 compare with: each equals a plain loop, none moves what is off."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from ecgssl_core.settings import DisturbanceSettings
from ecgssl_core.signals.baseline import add_shift_, add_wander_, draw_shift, draw_wander, normal
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.crop import stretch_to, uneven_places
from ecgssl_core.signals.distortion import draw_distortion
from ecgssl_core.signals.hum import add_hum_, draw_hum
from ecgssl_core.signals.limb_leads import limb_leads_
from ecgssl_core.signals.vectorcardiogram import draw_turns, turn_heart_
from tests.signals.plain_disturbances import plain_hum, plain_limb, plain_turn, plain_uneven, plain_wander

SIZE = (3, 2, 12, 60)
MANY = 20_000
NOISES = ("hum", "muscle", "shift", "wander")


def _views(size: tuple[int, ...] = SIZE) -> Tensor:
    return torch.randn(size, generator=torch.Generator().manual_seed(0))


def _chance(count: int = 3) -> Chance:
    return Chance.of(0, 0, torch.arange(count))


def _distorted(part: DisturbanceSettings, views: Tensor, rows: Tensor | None = None) -> Tensor:
    chance = Chance.of(0, 0, torch.arange(len(views)) if rows is None else rows)
    batch, count, leads, samples = views.shape
    out = views.clone()
    for step in draw_distortion((batch, count, leads, samples), part, chance).steps:
        step(out)
    return out


def test_the_limb_leads_follow_from_the_first_two() -> None:
    view = torch.zeros(12, 1)
    view[0], view[1] = 0.6, 1.0
    torch.testing.assert_close(limb_leads_(view)[:6, 0], torch.tensor([0.6, 1.0, 0.4, -0.8, 0.1, 0.7]))


def test_hum_is_the_plain_sine() -> None:
    hz, size, phase = draw_hum(_chance(), 2, "50 or 60", 0.1)
    views = add_hum_(_views(), hz, size, phase, 100.0)
    plain = plain_hum(_views()[1, 1].double().numpy(), float(hz[1, 1]), float(size[1, 1]), float(phase[1, 1]))
    np.testing.assert_allclose(views[1, 1].numpy(), plain, atol=1e-5)


def test_hum_is_of_50_or_60_hz_and_no_stronger_than_asked_for() -> None:
    hz, size, _ = draw_hum(_chance(MANY), 1, "50 or 60", 0.1)
    assert hz.unique().tolist() == [50, 60]
    assert abs((hz == 50).float().mean() - 0.5) < 0.02
    assert size.min() >= 0
    assert size.max() < 0.1
    assert draw_hum(_chance(), 1, "60", 0.1)[0].unique().tolist() == [60]


def test_wander_is_the_plain_sum_of_three_waves() -> None:
    wander = draw_wander(_chance(), 2, 12, 0.1)
    views = add_wander_(_views(), wander, 100.0)
    drawn = [one[2, 0].double().numpy() for one in (wander.size, wander.hz, wander.phase, wander.share)]
    np.testing.assert_allclose(views[2, 0].numpy(), plain_wander(_views()[2, 0].double().numpy(), *drawn), atol=1e-5)


def test_wander_is_slow() -> None:
    wander = draw_wander(_chance(MANY), 1, 12, 0.1)
    assert wander.hz.min() >= 0.01
    assert wander.hz.max() < 0.2
    assert abs(wander.share.mean() - 1) < 0.01
    assert abs(wander.share.std() - 0.5) < 0.01


def test_a_shift_is_never_larger_than_asked_for_and_about_a_fifth_of_the_view() -> None:
    spans, by = draw_shift(_chance(MANY), 1, 250, 0.1)
    assert by.abs().max() <= 0.1
    assert (by < 0).float().mean() == pytest.approx(0.5, abs=0.02)
    assert spans[..., 1].float().mean() == pytest.approx(50, abs=1)
    assert spans.sum(dim=-1).max() <= 250


def test_a_shift_moves_its_stretch_and_nothing_else() -> None:
    spans, by = draw_shift(_chance(), 2, 60, 0.1)
    moved = add_shift_(_views(), spans, by) - _views()
    for record in range(3):
        for view in range(2):
            first, count = spans[record, view, 0].tolist()
            plain = np.zeros((12, 60))
            plain[:, first : first + count] = float(by[record, view])
            np.testing.assert_allclose(moved[record, view].numpy(), plain, atol=1e-6)


def test_the_turned_heart_is_the_plain_product() -> None:
    turns = draw_turns(_chance(), 2, 45, 1.5)
    views = turn_heart_(_views(), turns)
    plain = plain_turn(_views()[1, 0].double().numpy(), turns[1, 0].double().numpy())
    np.testing.assert_allclose(views[1, 0].numpy(), plain, atol=1e-4)


def test_turns_keep_lengths_and_stretches_stay_in_their_limits() -> None:
    turns = draw_turns(_chance(MANY), 1, 45, 1.0)[:, 0]
    torch.testing.assert_close(turns @ turns.transpose(1, 2), torch.eye(3).expand(MANY, 3, 3), atol=1e-5, rtol=0)
    scales = torch.linalg.svdvals(draw_turns(_chance(200), 1, 45, 1.5))
    assert scales.min() >= 1 - 1e-5
    assert scales.max() <= 1.5 + 1e-5


def test_the_angles_turn_about_z_then_y_then_x() -> None:
    chance, again = _chance(), _chance()
    z, y, x = ((2 * again.uniform(1, 3) - 1) * math.radians(30))[1, 0].tolist()
    about_z = np.array([[math.cos(z), -math.sin(z), 0], [math.sin(z), math.cos(z), 0], [0, 0, 1]])
    about_y = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(x), -math.sin(x)], [0, math.sin(x), math.cos(x)]])
    np.testing.assert_allclose(draw_turns(chance, 1, 30, 1.0)[1, 0].numpy(), about_x @ about_y @ about_z, atol=1e-6)


def test_a_turn_without_twelve_leads_is_refused() -> None:
    with pytest.raises(ValueError, match="twelve"):
        turn_heart_(_views((3, 2, 3, 60)), draw_turns(_chance(), 2, 45, 1.5))


@pytest.mark.parametrize("name", [*NOISES, "rotate"])
def test_after_each_disturbance_the_limb_leads_agree(name: str) -> None:
    views = _distorted(DisturbanceSettings.model_validate({name: True}), _views())
    np.testing.assert_allclose(views[0, 1].numpy(), plain_limb(views[0, 1].double().numpy()), atol=1e-6)
    assert not torch.equal(views, _views())


@pytest.mark.parametrize("name", ["hum", "shift", "wander", "muscle"])
def test_any_number_of_leads_can_be_disturbed(name: str) -> None:
    for leads in (1, 2, 3, 8, 15):
        views = _views((3, 2, leads, 60))
        assert _distorted(DisturbanceSettings.model_validate({name: True}), views).shape == views.shape


def test_without_the_switch_limb_leads_are_left_as_they_come() -> None:
    views = _distorted(DisturbanceSettings(muscle=True, keep_limb_leads=False), _views())
    assert (views[0, 0, 2] - (views[0, 0, 1] - views[0, 0, 0])).abs().max() > 0.01


def test_muscle_noise_has_another_strength_in_each_lead() -> None:
    part = DisturbanceSettings(muscle=True, keep_limb_leads=False)
    spread = _distorted(part, torch.zeros(300, 1, 12, 1000)).std(dim=-1)
    assert spread.min() < 0.01
    assert spread.max() < 0.11
    assert spread.mean() == pytest.approx(0.05, abs=0.003)


def test_the_same_record_is_disturbed_alike_in_any_batch() -> None:
    part = DisturbanceSettings(**dict.fromkeys([*NOISES, "rotate", "span_masking", "lead_spans"], True))
    whole, alone = _distorted(part, _views()), _distorted(part, _views()[2:], torch.tensor([2]))
    torch.testing.assert_close(whole[2:], alone, atol=1e-6, rtol=0)


def test_what_is_off_draws_nothing() -> None:
    chance = _chance()
    assert draw_distortion((3, 2, 12, 60), DisturbanceSettings(), chance).steps == ()
    assert torch.equal(chance.uniform(4), _chance().uniform(4))


def test_normal_numbers_are_normal() -> None:
    numbers = normal(_chance(MANY), 5)
    assert torch.isfinite(numbers).all()
    assert numbers.mean().abs() < 0.02
    assert abs(numbers.std() - 1) < 0.02
    assert abs((numbers.abs() < 1).float().mean() - 0.6827) < 0.01


def test_uneven_stretching_is_the_plain_interpolation() -> None:
    draws, lengths = _chance().uniform(2, 40), torch.tensor([[40, 2], [7, 20], [39, 3]])
    source, starts = _views((3, 1, 200)), torch.tensor([[0, 160], [5, 30], [100, 199 - 3]])
    places = uneven_places(draws, lengths)
    views = stretch_to(source, starts, places)
    for record in range(3):
        for view in range(2):
            count, start = int(lengths[record, view]), int(starts[record, view])
            inner = np.argsort(draws[record, view, 1:-1].numpy(), kind="stable")[: count - 2] + 1
            taken = sorted([0, 39, *inner.tolist()])
            crop = source[record, 0, start : start + count].double().numpy()
            np.testing.assert_allclose(views[record, view, 0].numpy(), plain_uneven(crop, taken, 40), atol=5e-4)
            assert all(later >= earlier for earlier, later in pairwise(places[record, view].tolist()))
