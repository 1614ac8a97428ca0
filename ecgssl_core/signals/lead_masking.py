"""Random lead masking: whole leads set to zero."""

from torch import Tensor

from ecgssl_core.signals.chance import Chance


def draw_leads(chance: Chance, views: int, leads: int, keep: float) -> Tensor:
    """Give (batch, views, leads) booleans: which leads stay; each with probability keep, at least one of each view.

    Random lead masking of Oh et al. 2022 (arXiv:2203.06889).

    Raises:
        ValueError: keep lies outside (0, 1].
    """
    if not 0 < keep <= 1:
        raise ValueError(f"keep is a probability in (0, 1], not {keep}")
    draw = chance.uniform(views, leads)
    # the lead with the smallest draw always stays: an all-zero ECG teaches nothing
    return (draw < keep) | (draw == draw.amin(dim=2, keepdim=True))
