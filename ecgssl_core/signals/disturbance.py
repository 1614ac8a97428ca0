"""All that happens to series besides cropping: drawn first, then done in the views' own memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ecgssl_core.settings import ViewSettings
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.cutout import draw_spans, time_cutout_
from ecgssl_core.signals.distortion import RATE, Distortion, draw_distortion
from ecgssl_core.signals.lead_masking import draw_leads
from ecgssl_core.signals.noise import add_noise_, draw_noise


@dataclass(frozen=True)
class Disturbance:
    """What happens to each view of a batch; None where a transformation is off.

    cuts: (batch, views, leads or 1, 2), span of Time Cutout; strength: (batch, views, 1, 1), of the noise in mV;
    starts: (batch, views, leads), where a lead's noise begins; stays: (batch, views, leads), leads not masked;
    distortion: what comes before these, and spans that are set to zero after them.
    """

    cuts: Tensor | None
    strength: Tensor | None
    starts: Tensor | None
    stays: Tensor | None
    distortion: Distortion

    def apply_(self, signal: Tensor) -> Tensor:
        """Do it to the views (batch, views, leads, samples) in mV, in their own memory.

        A lead that is silent beside others is one that the record lacks, and stays so.
        """
        there = signal.any(dim=-1, keepdim=True)
        missing = there.any(dim=2, keepdim=True) & ~there
        for step in self.distortion.steps:
            step(signal)
        if self.cuts is not None:
            time_cutout_(signal, self.cuts)
        if self.strength is not None and self.starts is not None:
            add_noise_(signal, self.strength, self.starts)
        # last of all: no noise may bring back what is masked
        if self.distortion.gone is not None:
            signal.masked_fill_(self.distortion.gone, 0.0)
        if self.stays is not None:
            signal.mul_(self.stays.unsqueeze(-1))
        return signal.masked_fill_(missing, 0.0)


def draw_disturbance(size: Sequence[int], settings: ViewSettings, chance: Chance, rate: float = RATE) -> Disturbance:
    """Give what happens to the views of a batch, as switched on in the settings.

    Args:
        size: batch, views, leads and samples.
        settings: which transformations, and how strong.
        chance: source of chance.
        rate: samples a second.
    """
    (batch, views, leads, samples), view = size, settings.time
    cuts, strength, starts = None, None, None
    distortion = draw_distortion((batch, views, leads, samples), settings.disturb, chance, rate)
    if view.cutout:
        shape = (batch, views, leads if view.cutout_per_lead else 1)
        lengths = torch.full(shape, samples, device=chance.keys.device)
        cuts = draw_spans(chance, lengths, view.cutout_low, view.cutout_high)
    if view.noise:
        strength, starts = draw_noise(chance, views, leads, samples, view.noise_low_mv, view.noise_high_mv)
    stays = draw_leads(chance, views, leads, settings) if settings.lead_masking else None
    return Disturbance(cuts, strength, starts, stays, distortion)
