"""Vectors to entries of a learned codebook, by a choice that gradients pass through (Jang et al. 2017)."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn


@dataclass(frozen=True)
class Quantised:
    """Codes of vectors.

    values: (…, width) the chosen entries side by side; choice: (…, groups) which entries; perplexity: how many entries
    the batch would use, were its mean choice a draw, summed over groups.
    """

    values: Tensor
    choice: Tensor
    perplexity: Tensor


class GumbelQuantiser(nn.Module):
    """Product quantisation with a hard Gumbel-softmax (Baevski et al. 2020, section 2).

    Args:
        width: of the vectors.
        groups: codebooks.
        entries: of a codebook.
        entry_width: of an entry; a code is `groups` of them.
    """

    def __init__(self, width: int, groups: int, entries: int, entry_width: int) -> None:
        super().__init__()
        self.groups, self.entries = groups, entries
        self.logits = nn.Linear(width, groups * entries)
        nn.init.normal_(self.logits.weight)
        nn.init.zeros_(self.logits.bias)
        self.book = nn.Parameter(torch.rand(groups, entries, entry_width))

    @property
    def width(self) -> int:
        """Width of a code."""
        return self.groups * self.book.shape[-1]

    def forward(self, vectors: Tensor, temperature: float) -> Quantised:
        """Give the codes of vectors (…, width); outside of training the likeliest entries, without chance."""
        logits = self.logits(vectors).float().unflatten(-1, (self.groups, self.entries))
        share = logits.softmax(dim=-1)
        if self.training:
            picked = F.gumbel_softmax(logits, tau=temperature, hard=True)
        else:
            picked = F.one_hot(logits.argmax(dim=-1), self.entries).to(logits.dtype)
        values = torch.einsum("...ge,gew->...gw", picked.to(self.book.dtype), self.book).flatten(-2)
        mean = share.flatten(0, -3).mean(dim=0)
        perplexity = torch.exp(-torch.special.xlogy(mean, mean).sum(dim=-1)).sum()
        return Quantised(values, picked.argmax(dim=-1), perplexity)
