"""Self-distillation without labels (DINO, Caron et al. 2021) on views of ECGs, as Phan et al. 2022 use it."""

import math

import torch
from torch import Tensor, nn

from ecgssl_core.errors import SettingsError
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.heads import ProjectionHead
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.views import ViewGroup, Views, make_spectrogram_views, make_time_views

from .coding_rate import coding_rate_loss
from .effective_rank import effective_rank
from .koleo import koleo_loss
from .method import Batch
from .pretraining import Pretraining, follow, momentum, slow_copy
from .prototypes import moved_centre, prototype_cross_entropy, sinkhorn_targets, teacher_targets

_LEAST_GLOBALS = 2


class SelfDistillation(Pretraining):
    """A student learns from a slow copy of itself, its teacher, to say the same of all views of one record.

    Args:
        encoder: the student's encoder; the teacher begins as its copy.
        settings: modality, views, distillation.
    """

    centre: Tensor
    pairs = ("student", "teacher")
    whole_segments = False

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        super().__init__(encoder, settings)
        if settings.views.globals < _LEAST_GLOBALS:
            raise SettingsError("Self-distillation compares views: set views.globals=2 or more.")
        self.distillation = part = settings.distillation
        self.student["head"] = ProjectionHead(encoder.features, part.hidden, part.bottleneck, part.prototypes)
        self.teacher = slow_copy(self.student)
        self.register_buffer("centre", torch.zeros(part.prototypes))

    def views(self, source: Tensor, chance: Chance) -> Views:
        """Give the views of a batch (batch, leads, samples) in mV."""
        if self.encoder.modality == "time":
            return make_time_views(source, self.settings.views, chance, self.settings.input.rate)
        image = self.encoder.view(source)
        fill = torch.zeros_like(self.encoder.mean)
        if self.settings.views.spectrogram.fill == "mean":
            fill = self.encoder.mean
        return make_spectrogram_views(image, self.settings.views, fill, chance)

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the distillation loss of a batch; of a watched one also entropy, KL to uniform, centre norm, rank."""
        part = self.distillation
        groups = self.views(batch.source, chance).groups()
        student, features = _points(self.student, groups)
        with torch.no_grad():
            teacher, _ = _points(self.teacher, groups[:1])
        if part.objective == "coding_rate":
            loss = coding_rate_loss(student, teacher, part.coding_rate)
            health = {"alike": _alike(teacher)} if batch.watched else {}
        else:
            loss, health = self._over_prototypes(student, teacher, batch.watched)
        if part.koleo:
            loss = loss + part.koleo * koleo_loss(features)
        if batch.watched:
            health["feature_rank"] = effective_rank(features)
        return loss, health

    def _over_prototypes(self, student: Tensor, teacher: Tensor, watched: bool) -> tuple[Tensor, dict[str, Tensor]]:
        part = self.distillation
        with torch.no_grad():
            logits = (teacher @ _head(self.teacher).directions().T).float()
            target = self._targets(logits)
        loss = prototype_cross_entropy(student, _head(self.student).directions(), target, part.student_temperature)
        self.centre.copy_(moved_centre(self.centre, logits, part.centre_momentum))
        return loss, self._health(target) if watched else {}

    def _targets(self, logits: Tensor) -> Tensor:
        part = self.distillation
        if part.balance == "sinkhorn":
            return sinkhorn_targets(logits, part.teacher_temperature)
        return teacher_targets(logits, self.centre, part.teacher_temperature)

    def _health(self, target: Tensor) -> dict[str, Tensor]:
        with torch.no_grad():
            entropy = -torch.special.xlogy(target, target).sum(dim=-1).mean()
            mean = target.flatten(0, -2).mean(dim=0)
            return {
                "teacher_entropy": entropy,
                "kl_to_uniform": math.log(target.shape[-1]) + torch.special.xlogy(mean, mean).sum(),
                "centre_norm": self.centre.norm(),
            }

    def begin_epoch(self, epoch: int) -> None:
        """Keep the prototypes as they are in the first epochs, until the features have found some order."""
        _head(self.student).prototypes.requires_grad_(epoch >= self.distillation.freeze_prototypes_epochs)

    def after_step(self, progress: float) -> None:
        """Move the teacher's parameters towards the student's; its running statistics are copied, as it is exported."""
        part = self.distillation
        follow(self.teacher, self.student, momentum(part.teacher_momentum, part.teacher_momentum_end, progress))


def _alike(points: Tensor) -> Tensor:
    """Give the mean cosine of different records' points (globals, batch, width): 1 where all have become one."""
    batch = points.shape[1]
    likeness = points.sum(dim=1).square().sum(dim=-1).mean()
    return (likeness - batch) / (batch * (batch - 1))


def _head(pair: nn.ModuleDict) -> ProjectionHead:
    head = pair["head"]
    assert isinstance(head, ProjectionHead)
    return head


def _points(pair: nn.ModuleDict, groups: list[ViewGroup]) -> tuple[Tensor, Tensor]:
    """Give (views, batch, bottleneck) points, and the features of the first view (batch, width).

    Views of one size pass together, sizes apart: batch normalisation never mixes global and local views.
    """
    points, first = [], None
    for group in groups:
        batch, views = group.values.shape[:2]
        features = pair["encoder"](group.values.transpose(0, 1).flatten(0, 1))
        first = features[:batch] if first is None else first
        points.append(pair["head"](features).unflatten(0, (views, batch)))
    assert first is not None
    return torch.cat(points), first


METHOD = SelfDistillation
