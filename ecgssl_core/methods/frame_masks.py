"""Which frames of a series are hidden from the transformer, drawn for a whole batch at once."""

import torch
from torch import Tensor

from ecgssl_core.settings import LocalContextSettings
from ecgssl_core.signals.chance import Chance

_LEAST_SPANS = 2


def draw_frame_masks(chance: Chance, frames: int, settings: LocalContextSettings) -> Tensor:
    """Give (batch, frames) booleans, as many true in each row: frames that are masked.

    `least of batch` is the published form (fairseq, in Oh et al. 2022): spans at distinct places, one number of them
    for the batch, and all rows cut to the row with the fewest masked frames; how much is masked depends on the size of
    the batch, and the last frame is never masked. `fixed` masks the share that such spans cover on average, always, and
    every frame is as likely as another but for the length of a span at either end.

    Args:
        chance: source of chance, one key a row.
        frames: of a row.
        settings: share, length of a span.
    """
    length = min(settings.mask_frames, frames - 1)
    if settings.mask_count == "fixed":
        return _fixed(chance, frames, length, settings.mask_share)
    # one number for the batch: it is drawn with the first row's chance
    spans = int(settings.mask_share * frames / length + float(chance.uniform(1)[0, 0]))
    starts = chance.uniform(frames - length).topk(max(spans, _LEAST_SPANS), dim=1).indices
    masked = torch.zeros(len(starts), frames, dtype=torch.bool, device=starts.device)
    places = (starts[:, :, None] + torch.arange(length, device=starts.device)).flatten(1)
    masked.scatter_(1, places, value=True)
    least = int(masked.sum(dim=1).min())
    order = (chance.uniform(frames) + masked).topk(least, dim=1).indices
    return torch.zeros_like(masked).scatter_(1, order, value=True)


def _fixed(chance: Chance, frames: int, length: int, share: float) -> Tensor:
    count = masked_frames(frames, length, share)
    # spans may begin before the first frame; the earliest drawn that holds a frame decides when that frame is taken
    drawn = chance.uniform(frames + length - 1)
    order = drawn.argsort(dim=1).argsort(dim=1).to(drawn.dtype)  # ranks, all distinct
    first = -torch.nn.functional.max_pool1d(-order[:, None], length, stride=1)[:, 0]  # (batch, frames)
    # within a span from left to right: what is cut off at the end is the end of one span
    rank = first * frames + torch.arange(frames, device=drawn.device)
    chosen = rank.topk(count, dim=1, largest=False).indices
    return torch.zeros_like(rank, dtype=torch.bool).scatter_(1, chosen, value=True)


def masked_frames(frames: int, length: int, share: float) -> int:
    """Give how many frames spans cover on average that together are `share` of the frames long and may overlap."""
    spans = max(share * frames / length, _LEAST_SPANS)
    free: float = (1 - min(length / frames, 1.0)) ** spans
    return min(max(round(frames * (1 - free)), 2), frames - 1)


def taken(frames: Tensor, masked: Tensor) -> Tensor:
    """Give the masked frames (batch, masked frames, width) of frames (batch, frames, width), in order of time."""
    found: Tensor = frames[masked]
    return found.reshape(len(frames), -1, frames.shape[-1])
