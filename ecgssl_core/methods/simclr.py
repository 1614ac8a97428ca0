"""SimCLR: two disturbed views of a record are told from those of all other records (Chen et al. 2020)."""

from torch import Tensor

from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.heads import projection
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance

from .effective_rank import effective_rank
from .gathered import gathered
from .method import Batch
from .pretraining import Pretraining
from .record_contrast import directions, view_loss


class SimCLR(Pretraining):
    """NT-Xent over views of any encoder; Oh et al. 2022 compare with it, without a projection head.

    Args:
        encoder: of any kind.
        settings: views, contrast (`hidden` adds a head).
    """

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        super().__init__(encoder, settings)
        self.student["head"] = projection(encoder.features, settings.contrast.hidden)

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the contrastive loss of a batch, and how alike the views of strangers are."""
        part = self.settings.contrast
        _, views = self.segments(batch.source, chance)
        features = self.encoder(views.flatten(0, 1))
        said = self.student["head"](features)
        points = directions(said, true_cosine=part.true_cosine)
        owners = self.owners(batch).repeat_interleave(views.shape[1])
        if part.gather:
            points, owners = gathered(points), gathered(owners)
        loss = view_loss(points, owners, part.temperature)
        if not batch.watched:
            return loss, {}
        strange = owners[:, None] != owners[None]
        alike = (points @ points.T).detach()[strange].mean()
        return loss, {"alike": alike, "feature_rank": effective_rank(features[:: views.shape[1]])}


METHOD = SimCLR
