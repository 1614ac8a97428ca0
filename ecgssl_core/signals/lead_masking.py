"""Random lead masking: whole leads set to zero."""

from torch import Tensor

from ecgssl_core.settings import ViewSettings
from ecgssl_core.signals.chance import Chance


def draw_leads(chance: Chance, views: int, leads: int, settings: ViewSettings) -> Tensor:
    """Give (batch, views, leads) booleans: which leads stay.

    Random lead masking of Oh et al. 2022 (arXiv:2203.06889): each stays with probability `lead_keep`. With
    `lead_count` uniform any number of leads is as likely as another, which leaves one or two far more often. One lead
    of each view stays where `lead_least` is 1, as it is not in the published code: an all-zero ECG teaches nothing.
    """
    draw = chance.uniform(views, leads)
    if settings.lead_count == "uniform":
        count = settings.lead_least + chance.uniform(views, 1) * (leads + 1 - settings.lead_least)
        return draw.argsort(dim=2).argsort(dim=2) < count.long().clamp(max=leads)
    stays = draw < settings.lead_keep
    return stays | (draw == draw.amin(dim=2, keepdim=True)) if settings.lead_least else stays
