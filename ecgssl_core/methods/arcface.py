"""Whose ECG is this: each person a direction, and each record nearer to its own by a margin (Deng et al. 2019)."""

import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance

from .method import Batch
from .pretraining import Pretraining

_NEARLY = 1e-6  # the slope of the sine is infinite where a cosine is 1


def margin_logits(cosines: Tensor, classes: Tensor, scale: float, margin: float) -> Tensor:
    """Give the logits of an additive angular margin (ArcFace, Deng et al. 2019, arXiv:1801.07698, equation 3).

    Beyond an angle of pi less the margin, where the cosine would rise again, the own logit is the cosine less
    margin x sin(margin), as in the published code; there it jumps down by 1 + cos(margin) - margin x sin(margin).

    Args:
        cosines: (batch, persons).
        classes: (batch,), the person of each.
        scale: of the logits.
        margin: of the angle, in rad.
    """
    own = cosines.gather(1, classes[:, None])
    sine = (1 - own.square()).clamp(min=_NEARLY).sqrt()
    wider = own * math.cos(margin) - sine * math.sin(margin)
    turned = torch.where(own > -math.cos(margin), wider, own - margin * math.sin(margin))
    return scale * cosines.scatter(1, classes[:, None], turned.to(cosines.dtype))


class ArcFace(Pretraining):
    """An encoder learns to tell persons apart; what is compared is the direction of its features.

    Args:
        encoder: of any kind.
        settings: views, identity (persons, scale, margin).
    """

    whole_segments = False

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        super().__init__(encoder, settings)
        self.part = settings.identity
        self.persons = nn.Parameter(nn.init.xavier_uniform_(torch.empty(self.part.persons, encoder.features)))

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the cross-entropy over persons, and how often the nearest person is the right one."""
        if batch.patients is None:
            raise ValueError("telling persons apart needs their numbers")
        _, views = self.segments(batch.source, chance)
        features = F.normalize(self.encoder(views.flatten(0, 1)).float(), dim=1)
        classes = batch.patients.repeat_interleave(views.shape[1])
        cosines = features @ F.normalize(self.persons.float(), dim=1).T
        loss = F.cross_entropy(margin_logits(cosines, classes, self.part.scale, self.part.margin), classes)
        if not batch.watched:
            return loss, {}
        return loss, {"nearest_right": (cosines.argmax(dim=1) == classes).float().mean()}


METHOD = ArcFace
