"""The augmentations that Oh et al. 2022 compare with, in their order: drawn first, then done to the views."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ecgssl_core.settings import DisturbanceSettings
from ecgssl_core.signals.baseline import add_shift_, add_wander_, draw_shift, draw_wander
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.hum import add_hum_, draw_hum
from ecgssl_core.signals.limb_leads import limb_leads_
from ecgssl_core.signals.masking import draw_lead_spans, draw_masked_spans
from ecgssl_core.signals.noise import add_noise_, draw_starts
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.vectorcardiogram import draw_turns, turn_heart_

RATE = InputSpec().rate


@dataclass(frozen=True)
class Distortion:
    """What is done to the views of a batch before cut-outs, and where they are set to zero after all else.

    steps: each changes views (batch, views, leads, samples) in their own memory; gone: (batch, views, leads or 1,
    samples) booleans, None where nothing is set to zero.
    """

    steps: tuple[Callable[[Tensor], Tensor], ...] = ()
    gone: Tensor | None = None


def draw_distortion(
    size: tuple[int, int, int, int], part: DisturbanceSettings, chance: Chance, rate: float = RATE
) -> Distortion:
    """Give what is switched on: turn of the heart, hum, muscle noise, shift, wander; spans.

    Args:
        size: batch, views, leads and samples.
        part: which, and how strong.
        chance: source of chance; what is off draws nothing.
        rate: samples a second.
    """
    _, views, leads, samples = size
    steps: list[Callable[[Tensor], Tensor]] = []
    if part.rotate:
        turns = draw_turns(chance, views, part.rotate_deg, part.rotate_scale)
        steps.append(lambda signal: turn_heart_(signal, turns))
    noises = _drawn_noises((views, leads, samples), part, chance, rate)
    steps += noises
    if noises and part.keep_limb_leads and leads == 12:
        steps.append(limb_leads_)
    gone = []
    if part.span_masking:
        gone.append(draw_masked_spans(chance, views, samples, part.span_masking_share, part.span_masking_samples))
    if part.lead_spans:
        gone.append(draw_lead_spans(chance, views, leads, samples, part.lead_spans_share))
    return Distortion(tuple(steps), None if not gone else gone[0] if len(gone) == 1 else torch.logical_or(*gone))


def _drawn_noises(
    size: tuple[int, int, int], part: DisturbanceSettings, chance: Chance, rate: float
) -> list[Callable[[Tensor], Tensor]]:
    views, leads, samples = size
    steps: list[Callable[[Tensor], Tensor]] = []
    if part.hum:
        hum = draw_hum(chance, views, part.hum_hz, part.hum_high_mv)
        steps.append(lambda signal: add_hum_(signal, *hum, rate))
    if part.muscle:
        strength = chance.between(0, part.muscle_high_mv, views, leads, 1)
        starts = draw_starts(chance, views, leads, samples)
        steps.append(lambda signal: add_noise_(signal, strength, starts))
    if part.shift:
        spans, by = draw_shift(chance, views, samples, part.shift_high_mv)
        steps.append(lambda signal: add_shift_(signal, spans, by))
    if part.wander:
        wander = draw_wander(chance, views, leads, part.wander_high_mv)
        steps.append(lambda signal: add_wander_(signal, wander, rate))
    return steps
