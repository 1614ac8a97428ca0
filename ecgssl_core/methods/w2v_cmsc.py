"""W2V and CMSC together, with lead masking the method of Oh et al. 2022: local and global context in one pass."""

from torch import Tensor

from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance

from .cmsc import contrast_segments, two_segments
from .method import Batch
from .w2v import W2V


class W2VCMSC(W2V):
    """Both tasks on the same masked pass: features of masked frames are what is contrasted (arXiv 2203.06889).

    Args:
        encoder: a wav2vec encoder.
        settings: views (two adjacent global ones), local, contrast.
    """

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        super().__init__(encoder, settings)
        two_segments(settings)

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the sum of both losses, and figures of health."""
        local, features, health = self.local(batch, chance)
        contrast, more = contrast_segments(features, self.owners(batch), self.settings, watched=batch.watched)
        return local + self.settings.contrast.weight * contrast, {**health, **more} if batch.watched else {}


METHOD = W2VCMSC
