"""Random lead masking: whole leads set to zero."""

from torch import Tensor

from ecgssl_core.signals.chance import Chance


def mask_leads(signal: Tensor, keep: float, chance: Chance) -> Tensor:
    """Set each lead to zero with probability 1 - keep, at least one lead of each view staying.

    Random lead masking of Oh et al. 2022 (arXiv:2203.06889).

    Args:
        signal: (batch, views, leads, …).
        keep: probability that a lead stays, in (0, 1].
        chance: source of chance.

    Raises:
        ValueError: keep lies outside (0, 1].
    """
    if not 0 < keep <= 1:
        raise ValueError(f"keep is a probability in (0, 1], not {keep}")
    draw = chance.uniform(*signal.shape[1:3])
    # the lead with the smallest draw always stays: an all-zero ECG teaches nothing
    stays = (draw < keep) | (draw == draw.amin(dim=2, keepdim=True))
    return signal * stays.reshape(*stays.shape, *[1] * (signal.ndim - 3))
