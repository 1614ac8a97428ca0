"""One batch of what several processes hold, where there are several."""

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.nn.functional import all_gather


def gathered(values: Tensor) -> Tensor:
    """Give (all processes' batches, …) of values (batch, …), in the order of processes; gradients find their way back.

    In a single process the values themselves.
    """
    if not (dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1):
        return values
    if values.is_floating_point():
        parts: tuple[Tensor, ...] = all_gather(values)  # type: ignore[no-untyped-call]
        return torch.cat(parts)
    found = [torch.empty_like(values) for _ in range(dist.get_world_size())]
    dist.all_gather(found, values)
    return torch.cat(found)
