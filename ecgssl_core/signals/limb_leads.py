"""The limb leads that follow from I and II, worked out again after something changed these."""

import torch
from torch import Tensor

from ecgssl_core.signals.leads import LEADS, LIMB


def limb_leads_(signal: Tensor) -> Tensor:
    """Set III, aVR, aVL and aVF to what I and II say (Einthoven, Goldberger), in the signal's own memory.

    Args:
        signal: (…, 12 leads, samples), in mV.
    """
    first, second = signal[..., LEADS.index("I"), :].clone(), signal[..., LEADS.index("II"), :].clone()
    for lead, (of_first, of_second) in LIMB.items():
        torch.add(of_first * first, second, alpha=of_second, out=signal[..., LEADS.index(lead), :])
    return signal
