"""Running statistics of batch normalisation, taken anew from plain windows once the weights stand."""

from collections.abc import Iterable

import torch
from torch import nn

from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec

from .loader import Drawn

_WINDOWS, _BATCH, _EACH = 2048, 128, 8  # at most so many windows, in batches of so many, so many of one record


@torch.no_grad()
def settle_statistics(
    network: nn.Module, spec: InputSpec, recordings: Drawn, seed: int, but: Iterable[nn.Module] = ()
) -> None:
    """Replace the running means and variances by those of random plain windows of the recordings.

    While training they follow views: cut out, noisy, long and short ones in turn, and weights that still move. An
    encoder pretrained so is of little use in evaluation mode (the linear probe lost 0.13 of its AUROC), and averaged
    weights never had statistics of their own (Izmailov et al. 2018, arXiv:1803.05407, section 3.3).

    Args:
        network: takes windows (batch, leads, samples) in mV; weights, mode and gradients stay as they were.
        spec: the length of its windows.
        recordings: training records.
        seed: of the choice of windows.
        but: parts of the network that keep theirs.
    """
    kept = {module for part in but for module in part.modules()}
    norms = [one for one in network.modules() if isinstance(one, nn.modules.batchnorm._BatchNorm) and one not in kept]
    training, momenta = network.training, [norm.momentum for norm in norms]
    network.eval()
    for norm in norms:
        norm.train()
        norm.reset_running_stats()
        norm.momentum = None  # a plain mean over all batches
    count, batch = len(recordings), min(_BATCH, len(recordings))
    for start in range(0, min(_WINDOWS, _EACH * count) - batch + 1, batch):
        records = torch.arange(start, start + batch, device=recordings.patients.device) % count
        network(recordings.stretches(records, spec.window, Chance.of(seed, start, records)))
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    network.train(training)
