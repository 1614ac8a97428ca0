"""The cross-entropy of views over many prototypes, computed without keeping a number for each view and prototype."""

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

_ROOM = 1 << 19  # logits at once: enough for full speed, little enough for a cache of 2 MiB
_SAFE = 60.0  # exponentials of less, and sums of them, are far from overflow in float32


def prototype_cross_entropy(student: Tensor, directions: Tensor, target: Tensor, temperature: float) -> Tensor:
    """Give the mean cross-entropy of all pairs of a teacher's view with a different student's view.

    Phan et al. 2022, after Caron et al. 2021 (arXiv:2104.14294, algorithm 1): 18 terms for 2 + 8 views.

    Args:
        student: (views, batch, width) points of the student, of the global views first, in the teacher's order.
        directions: (prototypes, width); the student's logits are the products with its points.
        target: (globals, batch, prototypes) the teacher's distributions, without gradient.
        temperature: of the student's softmax.

    Returns:
        A scalar, ln K where all logits are equal.
    """
    loss: Tensor = _CrossEntropy.apply(student, directions, target, temperature)  # type: ignore[no-untyped-call]
    return loss


def teacher_targets(logits: Tensor, centre: Tensor, temperature: float) -> Tensor:
    """Give the teacher's distribution over prototypes: centred, sharpened, without gradient."""
    return F.softmax((logits.detach().float() - centre).div_(temperature), dim=-1)


def sinkhorn_targets(logits: Tensor, temperature: float, rounds: int = 3) -> Tensor:
    """Give the teacher's distributions balanced so that all prototypes are used alike (Caron et al. 2020, SwAV).

    Sinkhorn-Knopp on exp(logits / temperature) in place of the centre, over all rows of the batch, as in DINOv2.

    Args:
        logits: (globals, batch, prototypes).
        temperature: of the teacher.
        rounds: times that prototypes and rows are brought to equal sums in turn.
    """
    rows = logits.detach().float().flatten(0, -2) / temperature
    share = (rows - rows.amax()).exp_()
    for _ in range(rounds):
        share /= share.sum(dim=0, keepdim=True).clamp_(min=1e-30)
        share /= share.sum(dim=1, keepdim=True)
    return share.reshape(logits.shape)


def moved_centre(centre: Tensor, logits: Tensor, momentum: float) -> Tensor:
    """Give the centre after a step: its share `momentum`, the rest the mean of all teacher logits of the batch."""
    return centre * momentum + logits.detach().float().flatten(0, -2).mean(dim=0) * (1 - momentum)


class _CrossEntropy(torch.autograd.Function):
    """Loss and gradients in one pass over the logits, a block of prototypes at a time.

    With z = h W / temperature, n teachers and their summed targets t, a row's loss is n · logsumexp(z) - t · z. The
    second term needs no logits: t · z = h · (t W) / temperature, and t is the same for all local views. So only the
    softmax touches a number for each row and prototype; for the backward pass two small gradients are kept.
    """

    @staticmethod
    def forward(ctx: Any, student: Tensor, directions: Tensor, target: Tensor, temperature: float) -> Tensor:
        (views, batch, _), globals_ = student.shape, len(target)
        points, scaled = student.flatten(0, 1).float(), directions.float() / temperature
        summed = target.sum(dim=0, keepdim=True)
        others = torch.cat([summed - target, summed])  # (globals + 1, batch, prototypes)
        pull = (others @ scaled).float()
        pull = torch.cat([pull[:-1], pull[-1:].expand(views - globals_, -1, -1)]).flatten(0, 1)
        teachers = torch.full((views, batch, 1), float(globals_), device=points.device)
        teachers[:globals_] -= 1
        weight = torch.zeros_like(scaled) if directions.requires_grad else None
        total, push = _softmax_part(points, scaled, teachers.flatten(0, 1), weight)
        count = globals_ * (views - 1) * batch
        if weight is not None:
            local = points.reshape(views, batch, -1)
            behind = torch.cat([local[:globals_], local[globals_:].sum(dim=0, keepdim=True)])
            weight -= (others.flatten(0, 1).T @ behind.flatten(0, 1)).float()
            weight /= temperature * count
        ctx.save_for_backward((push - pull).reshape(student.shape) / count, weight)
        return (total - (pull * points).sum()) / count

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor | None, ...]:
        grad, weight = ctx.saved_tensors
        return grad * slopes[0], None if weight is None else weight * slopes[0], None, None


def _softmax_part(points: Tensor, scaled: Tensor, teachers: Tensor, weight: Tensor | None) -> tuple[Tensor, Tensor]:
    """Give the sum of teachers · logsumexp(points · scaled), its gradient to the points, and add that to the weight.

    A block of prototypes at a time, small enough for the processor's cache: exponentials are summed as they come, and
    divided by their sums at the end, in the small tensors only.
    """
    # cosines over a temperature are small; where a cold one makes them large, the exponentials need a common shift
    shift = (points @ scaled.T).amax(dim=1, keepdim=True).float() if _is_large(points, scaled) else None
    step, sums, push = max(64, _ROOM // len(points)), torch.zeros_like(teachers), torch.zeros_like(points)
    blocks = [slice(start, start + step) for start in range(0, len(scaled), step)]
    kept = []
    for block in blocks:
        logits = (points @ scaled[block].T).float()
        grown = (logits if shift is None else logits.sub_(shift)).exp_()
        sums += grown.sum(dim=1, keepdim=True)
        push += (grown @ scaled[block]).float()
        kept += [grown] if weight is not None else []
    many = points * (teachers / sums)
    for block, grown in zip(blocks, kept, strict=False):
        weight[block] = (grown.T @ many).float()  # type: ignore[index]
    logsumexp = sums.log() if shift is None else sums.log() + shift
    return (teachers * logsumexp).sum(), push * (teachers / sums)


def _is_large(points: Tensor, scaled: Tensor) -> bool:
    bound = points.norm(dim=1).max() * scaled.norm(dim=1).max()
    return bool(bound > _SAFE)
