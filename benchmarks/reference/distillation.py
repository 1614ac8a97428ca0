"""One pretraining step in plain loops: ten views, a log-softmax for each of 18 pairs, parameters moved one by one."""

import copy

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from ecgssl_core.methods.self_distillation import SelfDistillation
from ecgssl_core.settings import DistillationSettings, Modality
from ecgssl_core.signals.spec import InputSpec

from .networks import PlainSEResNet34, PlainXResNet1d50
from .weights import load_ours


class PlainEncoder(nn.Module):
    """An encoder behind the standardisation of its input."""

    mean: Tensor
    std: Tensor

    def __init__(self, modality: Modality, leads: int = 12) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(leads))
        self.register_buffer("std", torch.ones(leads))
        self.network = PlainXResNet1d50(leads) if modality == "time" else PlainSEResNet34(leads)

    def forward(self, values: Tensor) -> Tensor:
        """Give (batch, 512) features."""
        shape = (-1, *[1] * (values.ndim - 2))
        features: Tensor = self.network((values - self.mean.reshape(shape)) / (self.std.reshape(shape) + 1e-8))
        return features


class PlainHead(nn.Module):
    """Three linear layers, then prototypes of length one."""

    def __init__(self, features: int, part: DistillationSettings) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(features, part.hidden),
            nn.GELU(),
            nn.Linear(part.hidden, part.hidden),
            nn.GELU(),
            nn.Linear(part.hidden, part.bottleneck),
        )
        self.prototypes = nn.Linear(part.bottleneck, part.prototypes, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        """Give (batch, prototypes) logits."""
        points = F.normalize(self.layers(features), dim=-1)
        return F.linear(points, F.normalize(self.prototypes.weight, dim=-1))


class PlainDistillation:
    """Student, teacher, centre and optimiser.

    Args:
        ours: the method whose weights and settings are taken.
        modality: which encoder.
        spec: its input.
        rate: learning rate.
        decay: decoupled decay of matrices and kernels.
    """

    def __init__(
        self, ours: SelfDistillation, modality: Modality, spec: InputSpec, rate: float = 5e-4, decay: float = 0.04
    ) -> None:
        self.part = ours.distillation
        self.student = nn.ModuleDict(
            {"encoder": PlainEncoder(modality, len(spec.leads)), "head": PlainHead(512, self.part)}
        )
        load_ours(self.student, ours.student, spec)
        self.teacher = copy.deepcopy(self.student).requires_grad_(False)
        load_ours(self.teacher, ours.teacher, spec)
        self.centre = torch.zeros(self.part.prototypes)
        self.optimiser = plain_adamw(self.student, rate, decay)

    def step(self, views: list[Tensor], momentum: float) -> float:
        """Train on the views of a batch and give the loss.

        Args:
            views: each (batch, leads, …), two global ones first.
            momentum: share of the teacher that stays.
        """
        teacher = logits_of(self.teacher, views[:2]).chunk(2)
        student = logits_of(self.student, views).chunk(len(views))
        loss = pair_loss(student, teacher, self.centre, self.part.student_temperature, self.part.teacher_temperature)
        self.centre = moved_centre(self.centre, teacher, self.part.centre_momentum)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        with torch.no_grad():
            for old, new in zip(self.teacher.parameters(), self.student.parameters(), strict=True):
                old.mul_(momentum).add_((1 - momentum) * new)
        return loss.item()


def logits_of(pair: nn.ModuleDict, views: list[Tensor]) -> Tensor:
    """Give (views · batch, prototypes); neighbouring views of one width pass the encoder together."""
    features, first = [], 0
    for last in range(1, len(views) + 1):
        if last == len(views) or views[last].shape[-1] != views[first].shape[-1]:
            features.append(pair["encoder"](torch.cat(views[first:last])))
            first = last
    logits: Tensor = pair["head"](torch.cat(features))
    return logits


def pair_loss(
    student: tuple[Tensor, ...], teacher: tuple[Tensor, ...], centre: Tensor, warm: float, cold: float
) -> Tensor:
    """Give the mean cross-entropy over all pairs of a teacher's and another student's view, one pair after another."""
    terms = []
    for place, taught in enumerate(teacher):
        target = F.softmax((taught - centre) / cold, dim=-1).detach()
        for other, logits in enumerate(student):
            if other != place:
                terms.append(torch.sum(-target * F.log_softmax(logits / warm, dim=-1), dim=-1).mean())
    return torch.stack(terms).mean()


def moved_centre(centre: Tensor, teacher: tuple[Tensor, ...], momentum: float) -> Tensor:
    """Give the centre after a step, moved towards the mean of all rows of the teacher."""
    rows = torch.cat(teacher)
    return centre * momentum + rows.sum(dim=0) / len(rows) * (1 - momentum)


def plain_adamw(network: nn.Module, rate: float, decay: float) -> torch.optim.AdamW:
    """Give AdamW that takes parameter after parameter; vectors do not decay."""
    parameters = list(network.parameters())
    groups = [
        {"params": [one for one in parameters if one.ndim >= 2], "weight_decay": decay},
        {"params": [one for one in parameters if one.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=rate, foreach=False, fused=False)
