"""W2V: the local task alone; masked frames are told from others of the same series (Baevski et al. 2020)."""

from torch import Tensor

from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance

from .effective_rank import effective_rank
from .frame_contrast import FrameContrast
from .method import Batch
from .pretraining import Pretraining


class W2V(Pretraining):
    """Masked frames of each view are to be found again from their context (Oh et al. 2022 call this W2V).

    Args:
        encoder: a wav2vec encoder.
        settings: views, local.
    """

    needs_frames = True

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        super().__init__(encoder, settings)
        self.frames = FrameContrast(self.frame_network, settings.local)

    def local(self, batch: Batch, chance: Chance) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
        """Give the local loss, the features (batch, views, width) of the masked pass, and figures of health."""
        whole, masked = self.segments(batch.source, chance)
        views = masked.shape[1]
        series, present = self.encoder.ready(masked.flatten(0, 1))
        targets = series
        if self.settings.local.all_leads and whole is not masked:
            targets, _ = self.encoder.ready(whole.flatten(0, 1))
        loss, context, health = self.frames(self.frame_network, series, targets, present, chance.each(views))
        return loss, context.mean(dim=1).unflatten(0, (-1, views)), health

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the local loss of a batch, and figures of health."""
        loss, features, health = self.local(batch, chance)
        return loss, {**health, "feature_rank": effective_rank(features[:, 0])} if batch.watched else {}

    def after_step(self, progress: float) -> None:
        """Go on with the temperature at which codes are chosen."""
        self.frames.after_step(progress)


METHOD = W2V
