"""The loss of SimDINO: views of one record agree, records spread out; no prototypes, centre or temperatures."""

import torch
from torch import Tensor

_DISTORTION = 0.25  # epsilon squared of the coding rate


def coding_rate_loss(student: Tensor, teacher: Tensor, weight: float = 1.0) -> Tensor:
    """Give the mean squared distance of different views of a record, less the coding rate of each global view.

    Wu et al. 2025 (SimDINO, arXiv:2502.10385), with R = 1/2 log det(I + width / (batch · 0.25) Z Z^T), scaled by
    (batch + width) / (batch · width).

    Args:
        student: (views, batch, width) unit vectors, of the global views first, in the teacher's order.
        teacher: (globals, batch, width) unit vectors, without gradient.
        weight: of the coding rate.
    """
    globals_, batch, width = teacher.shape
    likeness = torch.einsum("gbw,vbw->gv", teacher.float(), student.float()) / batch
    pairs = globals_ * (len(student) - 1)
    alike = (likeness.sum() - likeness.diagonal().sum()) / pairs  # a view is never compared with itself
    scale = (batch + width) / (batch * width)
    spread = torch.stack([_rate(view) for view in student[:globals_].float()]).mean()
    return (1 - alike) - weight * scale * spread


def _rate(points: Tensor) -> Tensor:
    """Give the coding rate of (batch, width) points, in nats."""
    batch, width = points.shape
    # the determinant is the same for Z Z^T and Z^T Z: take the smaller
    gram = points @ points.T if batch < width else points.T @ points
    matrix = torch.eye(len(gram), device=points.device) + width / (batch * _DISTORTION) * gram
    rate: Tensor = torch.linalg.cholesky(matrix).diagonal().log().sum()
    return rate
