"""CMSC: the global task alone; neighbouring segments of one record are told from those of others."""

from torch import Tensor

from ecgssl_core.errors import SettingsError
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance

from .effective_rank import effective_rank
from .method import Batch
from .pretraining import Pretraining
from .record_contrast import directions, segment_contrast


class CMSC(Pretraining):
    """Contrastive multi-segment coding (CLOCS, Kiyasseh et al. 2021) of two neighbouring segments, of any encoder.

    Args:
        encoder: of any kind.
        settings: views (two adjacent global ones), contrast.
    """

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        super().__init__(encoder, settings)
        two_segments(settings)

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the contrastive loss of a batch, and how alike neighbours and strangers are."""
        _, views = self.segments(batch.source, chance)
        features = self.encoder(views.flatten(0, 1)).unflatten(0, views.shape[:2])
        return contrast_segments(features, self.owners(batch), self.settings, watched=batch.watched)


def contrast_segments(
    features: Tensor, owners: Tensor, settings: Settings, *, watched: bool
) -> tuple[Tensor, dict[str, Tensor]]:
    """Give the CMSC loss of features (batch, 2, width) of neighbouring segments, and figures of health."""
    part = settings.contrast
    points = directions(features, true_cosine=part.true_cosine)
    loss = segment_contrast(points[:, 0], points[:, 1], owners, part.temperature, gather=part.gather)
    if not watched:
        return loss, {}
    likeness = (points[:, 0] @ points[:, 1].T).detach()
    own = likeness.diagonal().mean()
    others = (likeness.sum() - likeness.diagonal().sum()) / max(likeness.numel() - len(likeness), 1)
    rank = effective_rank(features[:, 0])
    return loss, {"global_loss": loss.detach(), "alike_own": own, "alike": others, "feature_rank": rank}


def two_segments(settings: Settings) -> None:
    """Refuse views that are not two neighbouring segments.

    Raises:
        SettingsError: they are something else.
    """
    if settings.views.globals != 2 or settings.views.locals or not settings.views.time.adjacent:
        raise SettingsError(
            "CMSC reads two neighbouring segments: set views.globals=2, views.locals=0 and views.time.adjacent=true."
        )


METHOD = CMSC
