"""The local task by values worked by hand (docs/papers.md gives none: they follow from Baevski et al. 2020)."""

import math

import pytest
import torch

from ecgssl_core.methods.frame_contrast import FrameContrast, choice_temperature, draw_negatives, frame_logits
from ecgssl_core.models.wav2vec import Wav2Vec
from ecgssl_core.settings import EncoderSettings, LocalContextSettings
from ecgssl_core.signals.chance import Chance

SMALL = EncoderSettings(series="wav2vec", width=32, layers=2, heads=4, feed_forward=64, position_kernel=8)


def chance(rows: int) -> Chance:
    return Chance.of(0, 0, torch.arange(rows))


@pytest.mark.parametrize(
    ("step", "temperature"),
    [
        (0, 2.0),
        (1, 1.99999),
        (1000, 1.990025),
        (10_000, 1.902459),
        (32_000, 1.704287),
        (100_000, 1.213060),
        (277_258, 0.5000004),
        (277_259, 0.5),
        (400_000, 0.5),
    ],
)
def test_the_published_temperature_falls_by_a_factor_a_step(step: int, temperature: float) -> None:
    assert choice_temperature(LocalContextSettings(), step, 0.3) == pytest.approx(temperature, abs=5e-7)


def test_a_planned_temperature_reaches_its_end_with_the_training() -> None:
    settings = LocalContextSettings(choice_decay=1)
    assert [choice_temperature(settings, 7, share) for share in (0, 0.5, 1)] == pytest.approx([2, 1, 0.5])


def test_negatives_are_other_masked_frames_of_the_row_and_all_of_them_occur() -> None:
    drawn = draw_negatives(chance(64), masked=9, count=100)
    assert drawn.shape == (64, 9, 100)
    for own in range(9):
        assert set(drawn[:, own].flatten().tolist()) == set(range(9)) - {own}


def test_logits_are_cosines_over_temperature_and_equal_codes_are_no_wrong_answers() -> None:
    context = torch.tensor([[[2.0, 0.0], [0.0, 1.0], [3.0, 4.0]]])
    codes = torch.tensor([[[5.0, 0.0], [0.0, 2.0], [0.0, 2.0]]])
    choice = torch.tensor([[[0, 0], [1, 1], [1, 1]]])
    negatives = torch.tensor([[[1, 2], [0, 2], [0, 1]]])
    logits = frame_logits(context, codes, choice, negatives, 0.1)
    torch.testing.assert_close(logits[0, 0], torch.tensor([10.0, 0.0, 0.0]))
    torch.testing.assert_close(logits[0, 1], torch.tensor([10.0, 0.0, -torch.inf]))
    torch.testing.assert_close(logits[0, 2], torch.tensor([8.0, 6.0, -torch.inf]))


def test_the_loss_begins_near_that_of_a_blind_choice() -> None:
    torch.manual_seed(0)
    network = Wav2Vec(12, SMALL).train()
    task = FrameContrast(network, LocalContextSettings()).train()
    series = torch.randn(8, 12, 2500)
    loss, context, health = task(network, series, series, None, chance(8))
    assert health["local_loss"] == pytest.approx(math.log(101), rel=0.05)
    assert context.shape == (8, 156, 32)
    parts = 0.1 * (640 - health["codes_in_use"]) / 640 + 10 * health["frame_square"]
    assert loss.item() == pytest.approx(float(health["local_loss"] + parts), rel=1e-5)


def test_masked_frames_are_hidden_from_the_transformer() -> None:
    torch.manual_seed(0)
    network = Wav2Vec(12, SMALL).eval()
    task = FrameContrast(network, LocalContextSettings(mask_count="fixed")).eval()
    series = torch.randn(1, 12, 2500)
    with torch.no_grad():
        masked_all = torch.where(
            torch.ones(1, 156, 1, dtype=torch.bool), task.mask, network.project(network.frames(series))
        )
        other = torch.where(
            torch.ones(1, 156, 1, dtype=torch.bool), task.mask, network.project(network.frames(series * 3 + 1))
        )
        assert torch.equal(network.context(masked_all), network.context(other))


def test_it_learns_to_find_frames_of_real_looking_series_again() -> None:
    torch.manual_seed(0)
    network = Wav2Vec(2, SMALL.model_copy(update={"dropout": 0.0, "attention_dropout": 0.0, "frame_gradient": 1.0}))
    task = FrameContrast(network, LocalContextSettings(negatives=20, entries=16, penalty=0.0)).train()
    seconds = torch.arange(800) / 100
    phase = torch.rand(16, 2, 1) * 6.28
    series = torch.sin(2 * torch.pi * (0.5 + torch.rand(16, 1, 1)) * seconds + phase)
    optimiser = torch.optim.Adam([*network.parameters(), *task.parameters()], 2e-3)
    losses = []
    for step in range(60):
        loss, _, health = task(network, series, series, None, Chance.of(0, step, torch.arange(16)))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(health["local_loss"]))
    assert sum(losses[-5:]) / 5 < 0.8 * sum(losses[:5]) / 5
