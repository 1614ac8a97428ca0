"""Our weights in the plain networks: kernels that ours keeps without their dead taps get zeros there."""

import torch
from torch import Tensor, nn

from ecgssl_core.models.reachable import reachable_taps
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.spectrogram import frame_count

from .networks import PlainSEResNet34


def load_ours(plain: nn.Module, ours: nn.Module, spec: InputSpec) -> None:
    """Load the weights of ours, all and nothing else.

    Args:
        plain: a reference network.
        ours: the network of the same parts.
        spec: the input that ours was cut to.

    Raises:
        RuntimeError: names or shapes differ.
    """
    state = {name: value.detach().clone() for name, value in ours.state_dict().items()}
    plain.load_state_dict({**state, **_widened(plain, state, spec)}, strict=True)


def _widened(plain: nn.Module, state: dict[str, Tensor], spec: InputSpec) -> dict[str, Tensor]:
    whole = plain.state_dict()
    image = torch.zeros(1, len(spec.leads), spec.stft_window // 2 + 1, frame_count(spec.window, spec))
    found = {}
    for prefix, network in plain.named_modules():
        if not isinstance(network, PlainSEResNet34):
            continue
        for layer, (rows, columns) in reachable_taps(network, image).items():
            name = f"{prefix}.{layer}.weight" if prefix else f"{layer}.weight"
            if name in state and state[name].shape != whole[name].shape:
                found[name] = torch.zeros_like(whole[name])
                found[name][:, :, rows, columns] = state[name]
    return found
