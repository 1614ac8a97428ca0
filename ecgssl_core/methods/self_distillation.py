"""Self-distillation without labels (DINO, Caron et al. 2021) on views of ECGs, as Phan et al. 2022 use it."""

import copy
import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.heads import ProjectionHead
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.views import ViewGroup, Views, make_spectrogram_views, make_time_views

from .method import Batch, Method


def distillation_loss(
    teacher: Tensor, student: Tensor, centre: Tensor, student_temperature: float, teacher_temperature: float
) -> Tensor:
    """Give the mean cross-entropy of all pairs of a teacher's view with a different student's view.

    Phan et al. 2022, after Caron et al. 2021 (arXiv:2104.14294, algorithm 1): 18 terms for 2 + 8 views.

    Args:
        teacher: (globals, batch, prototypes) logits; no gradient flows through them.
        student: (views, batch, prototypes) logits, of the global views first, in the teacher's order.
        centre: (prototypes,) running mean of teacher logits.
        student_temperature: of the student's softmax.
        teacher_temperature: of the teacher's softmax.

    Returns:
        A scalar, ln K where all logits are equal.
    """
    target = teacher_targets(teacher, centre, teacher_temperature)
    guess = F.log_softmax(student.float() / student_temperature, dim=-1)
    globals_ = target.shape[0]
    # each student view meets the sum of the teacher's views less its own: one product a view, whatever the pairs
    others = target.sum(dim=0).expand_as(guess).clone()
    others[:globals_] -= target
    pairs = globals_ * (guess.shape[0] - 1)
    return -(others * guess).sum(dim=-1).sum(dim=0).mean() / pairs


def teacher_targets(teacher: Tensor, centre: Tensor, temperature: float) -> Tensor:
    """Give the teacher's distribution over prototypes: centred, sharpened, without gradient."""
    return F.softmax((teacher.detach().float() - centre) / temperature, dim=-1)


def moved_centre(centre: Tensor, teacher: Tensor, momentum: float) -> Tensor:
    """Give the centre after a step: its share `momentum`, the rest the mean of all teacher logits of the batch."""
    return centre * momentum + teacher.detach().float().flatten(0, -2).mean(dim=0) * (1 - momentum)


def teacher_momentum(start: float, end: float, progress: float) -> float:
    """Give the share of the teacher that stays at a step: a cosine from start (progress 0) to end (progress 1)."""
    return end - (end - start) * (1 + math.cos(math.pi * progress)) / 2


def effective_rank(features: Tensor) -> Tensor:
    """Give exp of the entropy of the normalised singular values of centred features (Roy and Vetterli 2007)."""
    values = torch.linalg.svdvals(features.float() - features.float().mean(dim=0))
    share = values / values.sum().clamp(min=1e-12)
    return torch.exp(-(share * torch.log(share.clamp(min=1e-12))).sum())


class SelfDistillation(Method):
    """A student learns from a slow copy of itself, its teacher, to say the same of all views of one record.

    Args:
        encoder: the student's encoder; the teacher begins as its copy.
        settings: modality, views, distillation.
    """

    centre: Tensor

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        super().__init__()
        self.settings, self.distillation = settings.views, settings.distillation
        part = settings.distillation
        head = ProjectionHead(encoder.features, part.hidden, part.bottleneck, part.prototypes)
        self.student = nn.ModuleDict({"encoder": encoder, "head": head})
        self.teacher = copy.deepcopy(self.student).requires_grad_(False)
        self.register_buffer("centre", torch.zeros(part.prototypes))
        self.source_samples = settings.views.time.source
        if encoder.modality == "spectrogram":
            self.source_samples = settings.views.spectrogram.source

    @property
    def encoder(self) -> Encoder:
        """The student's encoder, which the paper fine-tunes."""
        encoder = self.student["encoder"]
        assert isinstance(encoder, Encoder)
        return encoder

    def views(self, source: Tensor, chance: Chance) -> Views:
        """Give the views of a batch (batch, leads, samples) in mV."""
        if self.encoder.modality == "time":
            return make_time_views(source, self.settings, chance)
        image = self.encoder.view(source)
        fill = torch.zeros_like(self.encoder.mean)
        if self.settings.spectrogram.fill == "mean":
            fill = self.encoder.mean
        return make_spectrogram_views(image, self.settings, fill, chance)

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the distillation loss of a batch, and entropy, KL to uniform, centre norm, feature rank."""
        part = self.distillation
        groups = self.views(batch.source, chance).groups()
        with torch.no_grad():
            teacher, _ = _logits(self.teacher, groups[:1])
        student, features = _logits(self.student, groups)
        loss = distillation_loss(teacher, student, self.centre, part.student_temperature, part.teacher_temperature)
        health = self._health(teacher, features)
        self.centre.copy_(moved_centre(self.centre, teacher, part.centre_momentum))
        return loss, health

    def _health(self, teacher: Tensor, features: Tensor) -> dict[str, Tensor]:
        with torch.no_grad():
            target = teacher_targets(teacher, self.centre, self.distillation.teacher_temperature)
            entropy = -(target * torch.log(target.clamp(min=1e-12))).sum(dim=-1).mean()
            mean = target.flatten(0, -2).mean(dim=0)
            spread = -(mean * torch.log(mean.clamp(min=1e-12))).sum()
            return {
                "teacher_entropy": entropy,
                "kl_to_uniform": math.log(target.shape[-1]) - spread,
                "centre_norm": self.centre.norm(),
                "feature_rank": effective_rank(features),
            }

    def begin_epoch(self, epoch: int) -> None:
        """Keep the prototypes as they are in the first epochs, until the features have found some order."""
        head = self.student["head"]
        assert isinstance(head, ProjectionHead)
        head.prototypes.requires_grad_(epoch >= self.distillation.freeze_prototypes_epochs)

    @torch.no_grad()
    def after_step(self, progress: float) -> None:
        """Move the teacher's parameters towards the student's; its running statistics are copied, as it is exported."""
        part = self.distillation
        keep = teacher_momentum(part.teacher_momentum, part.teacher_momentum_end, progress)
        torch._foreach_lerp_(list(self.teacher.parameters()), list(self.student.parameters()), 1 - keep)
        for old, new in zip(self.teacher.buffers(), self.student.buffers(), strict=True):
            old.copy_(new)


def _logits(pair: nn.ModuleDict, groups: list[ViewGroup]) -> tuple[Tensor, Tensor]:
    """Give (views, batch, prototypes) logits, and the features of the first view (batch, width).

    Views of one size pass together, sizes apart: batch normalisation never mixes global and local views.
    """
    logits, first = [], None
    for group in groups:
        batch, views = group.values.shape[:2]
        features = pair["encoder"](group.values.transpose(0, 1).flatten(0, 1))
        first = features[:batch] if first is None else first
        logits.append(pair["head"](features).unflatten(0, (views, batch)))
    assert first is not None
    return torch.cat(logits), first
