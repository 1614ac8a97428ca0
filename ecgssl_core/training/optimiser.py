"""AdamW whose decay is decoupled and spares biases, gains and other vectors."""

import torch
from torch import nn
from torch.optim import AdamW

from ecgssl_core.settings import Settings

from .schedule import cosine, three_stages, warmup_cosine


def make_optimiser(method: nn.Module, settings: Settings) -> AdamW:
    """Give AdamW over the trainable parameters, in groups with and without decay, encoders apart.

    Each group holds `share`, its part of the learning rate, and `decays`.
    """
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in method.named_parameters():
        if parameter.requires_grad:
            encodes = settings.method == "supervised" and ".encoders." in f".{name}"
            groups.setdefault((encodes, parameter.ndim >= 2), []).append(parameter)
    described = [
        {"params": parameters, "share": settings.classifier.encoder_rate if encodes else 1.0, "decays": decays}
        for (encodes, decays), parameters in groups.items()
    ]
    part = settings.optimiser
    betas = (0.9, part.second_moment)
    return AdamW(described, lr=0.0, betas=betas, eps=part.epsilon, weight_decay=0.0, fused=True)


def set_rates(optimiser: AdamW, settings: Settings, step: int, steps_an_epoch: int) -> float:
    """Set learning rate and decay of a step, and give the rate."""
    part, steps = settings.optimiser, settings.training.epochs * steps_an_epoch
    if part.course == "three stages":
        rate = three_stages(step, steps, part.rate, part.final_rate)
    else:
        rate = warmup_cosine(step, steps, part.warmup_epochs * steps_an_epoch, part.rate, part.final_rate)
    decay = cosine(step, steps, part.weight_decay, part.final_weight_decay)
    for group in optimiser.param_groups:
        group["lr"] = rate * group["share"]
        group["weight_decay"] = decay if group["decays"] else 0.0
    return rate


def clip(method: nn.Module, largest: float) -> None:
    """Shorten the whole gradient to a norm of at most `largest`; 0 leaves it."""
    if largest:
        torch.nn.utils.clip_grad_norm_(method.parameters(), largest)
