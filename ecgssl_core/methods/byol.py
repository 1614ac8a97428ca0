"""BYOL: the encoder foretells what a slow copy of it says of another view of the same record (Grill et al. 2020)."""

import torch
from torch import Tensor, nn

from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.heads import projection
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance

from .effective_rank import effective_rank
from .method import Batch
from .pretraining import Pretraining, follow, momentum, slow_copy
from .record_contrast import agreement

_LEAST_HIDDEN = 256


class BYOL(Pretraining):
    """No negatives: what keeps the features apart is the predictor and the slowness of the copy.

    Args:
        encoder: of any kind.
        settings: two views, contrast (momentum, hidden).
    """

    pairs = ("student", "teacher")

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        super().__init__(encoder, settings)
        hidden = max(settings.contrast.hidden, _LEAST_HIDDEN)
        self.student["head"] = projection(encoder.features, hidden)
        self.teacher = slow_copy(self.student)
        self.predictor = projection(hidden, hidden)

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give how far each view is from foretelling the slow copy's answer to the other, and how alike records are."""
        _, views = self.segments(batch.source, chance)
        flat, shape = views.flatten(0, 1), views.shape[:2]
        features = self.encoder(flat)
        said = self.predictor(self.student["head"](features)).unflatten(0, shape)
        with torch.no_grad():
            wanted = self.teacher["head"](self.teacher["encoder"](flat)).unflatten(0, shape)
        loss = (agreement(said[:, 0], wanted[:, 1]) + agreement(said[:, 1], wanted[:, 0])) / 2
        if not batch.watched:
            return loss, {}
        points = nn.functional.normalize(wanted[:, 0].float(), dim=-1)
        likeness = points @ points.T
        strangers = max(likeness.numel() - len(likeness), 1)
        alike = (likeness.sum() - likeness.diagonal().sum()) / strangers
        return loss, {"alike": alike, "feature_rank": effective_rank(features[:: shape[1]])}

    def after_step(self, progress: float) -> None:
        """Move the slow copy towards the encoder, ever more slowly."""
        follow(self.teacher, self.student, momentum(self.settings.contrast.momentum, 1.0, progress))


METHOD = BYOL
