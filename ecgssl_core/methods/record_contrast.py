"""Global context: views of one record are told from those of all others (contrastive losses over a batch)."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from .gathered import gathered


def directions(vectors: Tensor, *, true_cosine: bool) -> Tensor:
    """Give vectors (…, width) at length 1; without `true_cosine` no gradient passes through their lengths.

    The published code divides by a constant length, whose gradient is not that of the cosine: at (3, 4) against (1, 0)
    it is (0.2, 0), that of the cosine (0.128, -0.096).
    """
    vectors = vectors.float()
    lengths = vectors.norm(dim=-1, keepdim=True).clamp(min=1e-8)
    result: Tensor = vectors / (lengths if true_cosine else lengths.detach())
    return result


def pair_loss(likeness: Tensor, first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """Give the contrastive loss of pairs, in nats (CMSC: Kiyasseh et al. 2021; Oh et al. 2022).

    Half the mean over all pairs of one owner of -log softmax along the rows, and half that along the columns.

    Args:
        likeness: (rows, columns), cosines of the first and the second segments.
        first: (rows,), whose segment each row is.
        second: (columns,), whose segment each column is.
        temperature: the cosines are divided by it.
    """
    logits = likeness / temperature
    own = first[:, None] == second[None]
    along_rows, along_columns = logits.log_softmax(dim=1), logits.log_softmax(dim=0)
    return -(along_rows[own].mean() + along_columns[own].mean()) / 2


def view_loss(vectors: Tensor, owners: Tensor, temperature: float) -> Tensor:
    """Give the contrastive loss of several views of each record: each own pair against all others, a mean in nats.

    With two views a record this is NT-Xent (SimCLR, Chen et al. 2020, equation 1).

    Args:
        vectors: (views of all records, width), of length 1.
        owners: (views of all records,), whose view each is.
        temperature: the cosines are divided by it.
    """
    logits = vectors @ vectors.T / temperature
    alone = torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
    own = (owners[:, None] == owners[None]) & ~alone
    return -logits.masked_fill(alone, -torch.inf).log_softmax(dim=1)[own].mean()


def segment_contrast(first: Tensor, second: Tensor, owners: Tensor, temperature: float, *, gather: bool) -> Tensor:
    """Give `pair_loss` of segments (batch, width) of length 1; with `gather` against those of all processes too."""
    if gather:
        first, second, owners = gathered(first), gathered(second), gathered(owners)
    return pair_loss(first @ second.T, owners, owners, temperature)


def agreement(said: Tensor, wanted: Tensor) -> Tensor:
    """Give 2 - 2 cosine of vectors (batch, width), a mean (BYOL, Grill et al. 2020, equation 2)."""
    return (2 - 2 * F.cosine_similarity(said.float(), wanted.float(), dim=-1)).mean()
