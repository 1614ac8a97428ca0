"""Random lead masking: how many leads stay, for any number of leads."""

import pytest
import torch

from ecgssl_core.settings import ViewSettings
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.disturbance import draw_disturbance
from ecgssl_core.signals.lead_masking import draw_leads

EACH, UNIFORM = ViewSettings(lead_masking=True), ViewSettings(lead_masking=True, lead_count="uniform")
PUBLISHED = ViewSettings(lead_masking=True, lead_least=0)


def kept(settings: ViewSettings, leads: int = 12, views: int = 100_000) -> torch.Tensor:
    return draw_leads(Chance.of(0, 0, torch.arange(1)), views, leads, settings)[0].sum(dim=1)


@pytest.mark.parametrize(("most", "cases"), [(0, 1), (1, 13), (2, 79), (3, 299)])
def test_the_published_form_leaves_few_leads_as_seldom_as_coins_fall(most: int, cases: int) -> None:
    share = cases / 4096
    found = (kept(PUBLISHED) <= most).double().mean().item()
    assert found == pytest.approx(share, abs=4 * (share / 100_000) ** 0.5)


def test_no_view_of_a_hundred_thousand_is_left_without_a_lead() -> None:
    assert kept(EACH).min() == 1
    assert kept(UNIFORM).min() == 1


def test_with_a_uniform_count_one_lead_is_as_likely_as_twelve() -> None:
    shares = torch.bincount(kept(UNIFORM), minlength=13)[1:] / 100_000
    assert shares.tolist() == pytest.approx([1 / 12] * 12, abs=0.005)


@pytest.mark.parametrize("leads", [1, 2, 3, 8, 12, 15])
@pytest.mark.parametrize("settings", [EACH, UNIFORM, PUBLISHED])
def test_any_number_of_leads_can_be_masked(leads: int, settings: ViewSettings) -> None:
    found = kept(settings, leads, views=2000)
    assert len(set(found.tolist())) >= min(leads, 8)
    assert found.max() <= leads


@pytest.mark.parametrize("settings", [EACH, UNIFORM, PUBLISHED])
def test_the_same_chance_masks_the_same_leads(settings: ViewSettings) -> None:
    first, second = (draw_leads(Chance.of(3, 1, torch.arange(9)), 4, 12, settings) for _ in range(2))
    assert torch.equal(first, second)


def test_masked_leads_are_0_whatever_else_is_done_and_kept_ones_as_they_were() -> None:
    noisy = EACH.model_copy(
        update={"disturb": EACH.disturb.model_copy(update={"hum": True, "muscle": True, "shift": True, "wander": True})}
    )
    for settings in (
        noisy,
        EACH.model_copy(update={"time": EACH.time.model_copy(update={"noise": False, "cutout": False})}),
    ):
        source = 1 + torch.rand(4, 2, 12, 300)
        disturbance = draw_disturbance(source.shape, settings, Chance.of(0, 0, torch.arange(4)))
        values = disturbance.apply_(source.clone())
        assert disturbance.stays is not None
        assert not values[~disturbance.stays].any()
        if settings is not noisy:
            assert torch.equal(values[disturbance.stays], source[disturbance.stays])
