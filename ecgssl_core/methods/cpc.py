"""CPC: what is to come is told from what comes at other times (van den Oord et al. 2018, arXiv:1807.03748)."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance

from .effective_rank import effective_rank
from .method import Batch
from .pretraining import Pretraining


def foretold_loss(said: Tensor, frames: Tensor, temperature: float) -> tuple[Tensor, Tensor]:
    """Give the loss of telling the frame that comes some frames later from all others of its series, and the hits.

    Args:
        said: (batch, frames, ahead, width), for each frame what the next ones will be.
        frames: (batch, frames, width).
        temperature: the cosines are divided by it.

    Returns:
        Means over all frames that have a later one, in nats, and as a share.
    """
    count, ahead = said.shape[1], said.shape[2]
    logits = torch.einsum("btkw,bsw->btks", F.normalize(said.float(), dim=-1), F.normalize(frames.float(), dim=-1))
    now = torch.arange(count, device=said.device)[:, None]
    coming = now + 1 + torch.arange(ahead, device=said.device)  # (frames, ahead)
    there = coming < count
    logits = (logits / temperature)[:, there]  # (batch, pairs, frames)
    right = coming[there].expand(len(said), -1)
    loss = F.cross_entropy(logits.flatten(0, 1), right.flatten())
    return loss, (logits.argmax(dim=-1) == right).float().mean()


class CPC(Pretraining):
    """Each frame's context, which sees no later frame, foretells the next frames.

    Args:
        encoder: a causal wav2vec encoder.
        settings: one view, contrast (ahead, temperature).
    """

    needs_frames, causal = True, True

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        super().__init__(encoder, settings)
        network = self.frame_network
        self.width = int(network.frame_norm.normalized_shape[0])
        self.foretell = nn.Linear(network.features, settings.contrast.ahead * self.width)

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the contrastive loss of what is foretold, and how often it is right."""
        _, views = self.segments(batch.source, chance)
        series, present = self.encoder.ready(views.flatten(0, 1))
        network = self.frame_network
        frames = network.frames(series)
        context = network.context(network.project(frames), present)
        said = self.foretell(context).unflatten(-1, (-1, self.width))
        loss, right = foretold_loss(said, network.frame_norm(frames), self.settings.contrast.temperature)
        if not batch.watched:
            return loss, {}
        return loss, {"local_accuracy": right.detach(), "feature_rank": effective_rank(context.mean(dim=1))}


METHOD = CPC
