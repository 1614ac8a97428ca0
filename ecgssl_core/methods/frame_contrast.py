"""Local context: which of many quantised frames is the one that was masked (wav2vec 2.0, Baevski et al. 2020)."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from ecgssl_core.models.quantiser import GumbelQuantiser
from ecgssl_core.models.transformer import start_linear
from ecgssl_core.models.wav2vec import Wav2Vec
from ecgssl_core.settings import LocalContextSettings
from ecgssl_core.signals.chance import Chance

from .frame_masks import draw_frame_masks, taken

_DROPOUT = 0.1  # of the frames that become targets


def choice_temperature(settings: LocalContextSettings, step: int, progress: float) -> float:
    """Give the temperature at which entries are chosen, after some steps (progress 0 to 1 over the training)."""
    start, end = settings.choice_start, settings.choice_end
    if settings.choice_decay == 1:
        return float(start * (end / start) ** progress)
    return max(start * settings.choice_decay**step, end)


def frame_logits(context: Tensor, codes: Tensor, choice: Tensor, negatives: Tensor, temperature: float) -> Tensor:
    """Give the logits of each masked frame over its own code (place 0) and those of other frames.

    A code that equals the frame's own, though it is another frame's, gets -inf: it is no wrong answer.

    Args:
        context: (batch, masked, width), what the transformer says of the frames.
        codes: (batch, masked, width), the quantised frames.
        choice: (batch, masked, groups), their entries.
        negatives: (batch, masked, negatives), places among the masked frames of the same row, never the own.
        temperature: the cosines are divided by it.

    Returns:
        (batch, masked, 1 + negatives).
    """
    likeness = F.normalize(context.float(), dim=-1) @ F.normalize(codes.float(), dim=-1).transpose(1, 2)
    equal = (choice[:, :, None] == choice[:, None]).all(dim=-1)  # (batch, masked, masked)
    own = likeness.diagonal(dim1=1, dim2=2).unsqueeze(-1)
    others = likeness.masked_fill(equal, -torch.inf).gather(2, negatives)
    return torch.cat([own, others], dim=-1) / temperature


def draw_negatives(chance: Chance, masked: int, count: int) -> Tensor:
    """Give (batch, masked, count) places of other masked frames of the same row, with replacement, never the own."""
    drawn = (chance.uniform(masked, count) * (masked - 1)).long().clamp(max=masked - 2)
    own = torch.arange(masked, device=drawn.device)[None, :, None]
    return drawn + (drawn >= own)


class FrameContrast(nn.Module):
    """The local task with what it needs besides the encoder: the mask, the codebook, and two projections.

    Args:
        network: the encoder's network.
        settings: masks, negatives, codebook, weights of the terms.
    """

    step: Tensor

    def __init__(self, network: Wav2Vec, settings: LocalContextSettings) -> None:
        super().__init__()
        self.settings = settings
        frame_width = network.frame_norm.normalized_shape[0]
        self.mask = nn.Parameter(torch.rand(network.features))
        entry = settings.code_width // settings.groups
        self.quantiser = GumbelQuantiser(frame_width, settings.groups, settings.entries, entry)
        self.project_code = start_linear(nn.Linear(self.quantiser.width, settings.code_width))
        self.project_context = start_linear(nn.Linear(network.features, settings.code_width))
        self.register_buffer("step", torch.zeros((), dtype=torch.int64))
        self.progress = 0.0

    def forward(
        self, network: Wav2Vec, series: Tensor, targets: Tensor, present: Tensor | None, chance: Chance
    ) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
        """Give the local loss, what the transformer says of all frames, and figures of health.

        Args:
            network: the encoder's network.
            series: (batch, leads, samples), what the transformer sees.
            targets: the same or the same before lead masking; the codes come from it.
            present: (batch, leads), which leads are there, or None where the network does not ask.
            chance: source of chance.

        Returns:
            A mean over masked frames, in nats; (batch, frames, width); figures.
        """
        part = self.settings
        frames = network.frames(series)
        wanted = frames if targets is series else network.frames(targets)
        masked = draw_frame_masks(chance, frames.shape[1], part)
        hidden = torch.where(masked[..., None], self.mask.to(frames.dtype), network.project(frames))
        context = network.context(hidden, present)
        sources = F.dropout(taken(network.frame_norm(wanted), masked), _DROPOUT, self.training)
        temperature = choice_temperature(part, int(self.step), self.progress)
        codes = self.quantiser(sources, temperature)
        logits = frame_logits(
            self.project_context(taken(context, masked)),
            self.project_code(codes.values),
            codes.choice,
            draw_negatives(chance, int(masked[0].sum()), part.negatives),
            part.temperature,
        )
        right = torch.zeros(logits.shape[:2], dtype=torch.int64, device=logits.device)
        local = F.cross_entropy(logits.flatten(0, 1), right.flatten())
        entries = part.groups * part.entries
        diversity = (entries - codes.perplexity) / entries
        penalty = frames.float().square().mean()
        loss = local + part.diversity * diversity + part.penalty * penalty
        with torch.no_grad():
            health = {
                "local_loss": local.detach(),
                "local_accuracy": (logits.argmax(dim=-1) == 0).float().mean(),
                "codes_in_use": codes.perplexity.detach(),
                "frame_square": penalty.detach(),
            }
        return loss, context, health

    def after_step(self, progress: float) -> None:
        """Count the optimiser's steps, on which the temperature of the choice depends."""
        self.step += 1
        self.progress = progress
