"""A layer of a transformer that normalises after each part (Vaswani et al. 2017), as wav2vec 2.0 has it."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from ecgssl_core.settings import EncoderSettings

_SPREAD = 0.02


def start_linear(layer: nn.Linear, spread: float = _SPREAD) -> nn.Linear:
    """Begin a linear layer with normal weights of that spread and no bias; give it."""
    nn.init.normal_(layer.weight, std=spread)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def dropped(values: Tensor, share: float, training: bool) -> Tensor:
    """Give values with a share of them dropped in training, and the others scaled up to make good for it.

    The mask is kept for the way back in one byte a value, where `torch.nn.functional.dropout` keeps four on processors.
    """
    if not training or share == 0:
        return values
    kept: Tensor = torch.native_dropout(values, share, True)[0]
    return kept


class TransformerLayer(nn.Module):
    """Attention among frames, then a network on each frame by itself.

    Args:
        settings: width, heads, feed_forward, dropout; `causal` looks back only.
    """

    def __init__(self, settings: EncoderSettings) -> None:
        super().__init__()
        width = settings.width
        self.settings = settings
        self.mix = start_linear(nn.Linear(width, 3 * width))
        self.out = start_linear(nn.Linear(width, width))
        self.mix_norm = nn.LayerNorm(width)
        self.wide = start_linear(nn.Linear(width, settings.feed_forward))
        self.narrow = start_linear(nn.Linear(settings.feed_forward, width))
        self.wide_norm = nn.LayerNorm(width)

    def forward(self, frames: Tensor) -> Tensor:
        """Give (batch, frames, width) of frames (batch, frames, width)."""
        frames = self.mix_norm(frames + self._drop(self._attention(frames)))
        result: Tensor = self.wide_norm(frames + self._drop(self._each_alone(frames)))
        return result

    def _drop(self, frames: Tensor) -> Tensor:
        return dropped(frames, self.settings.dropout, self.training)

    def _each_alone(self, frames: Tensor) -> Tensor:
        wide: Tensor = self.wide(frames)
        if not (self.training and torch.is_grad_enabled()):
            return self._narrowed(wide)
        # the widest array of a layer is held once: what follows it costs little to do again on the way back
        narrowed: Tensor = checkpoint(self._narrowed, wide, use_reentrant=False)
        return narrowed

    def _narrowed(self, wide: Tensor) -> Tensor:
        narrowed: Tensor = self.narrow(dropped(F.gelu(wide), self.settings.activation_dropout, self.training))
        return narrowed

    def _attention(self, frames: Tensor) -> Tensor:
        parts = self.mix(frames).unflatten(-1, (3, self.settings.heads, -1))  # (batch, frames, 3, heads, depth)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        drop = self.settings.attention_dropout if self.training else 0.0
        found = F.scaled_dot_product_attention(query, key, value, dropout_p=drop, is_causal=self.settings.causal)
        result: Tensor = self.out(found.transpose(1, 2).flatten(2))
        return result
