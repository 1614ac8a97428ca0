"""The taps of 2-D kernels that can ever meet anything but padding: to compute with, and to store, alone."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

Taps = tuple[slice, slice]


class LivingConv2d(nn.Conv2d):
    """A convolution that leaves out the taps which meet only padding on its input: the same values with less work."""

    def forward(self, maps: Tensor) -> Tensor:
        """Give what nn.Conv2d gives."""
        rows, columns = (_living(maps.shape[2 + axis], self, axis) for axis in (0, 1))
        if (rows, columns) == tuple(slice(0, size) for size in self.kernel_size):
            return super().forward(maps)
        around = [*_padding(maps.shape[3], columns, self, 1), *_padding(maps.shape[2], rows, self, 0)]
        weight = self.weight[:, :, rows, columns]
        return F.conv2d(F.pad(maps, around) if any(around) else maps, weight, self.bias, self.stride)


def _padding(size: int, taps: slice, layer: nn.Conv2d, axis: int) -> tuple[int, int]:
    """Give the padding (negative: cropping) before and after, with which the taps alone give the same outputs."""
    stride, padding = layer.stride[axis], int(layer.padding[axis])
    outputs = (size + 2 * padding - layer.kernel_size[axis]) // stride + 1
    before = padding - taps.start
    return before, (outputs - 1) * stride + taps.stop - taps.start - before - size


def reachable_taps(network: nn.Module, image: Tensor) -> dict[str, Taps]:
    """Give for each 2-D convolution the rows and columns of its kernel that see the input at some place.

    Args:
        network: any network.
        image: an input of the size in question, (1, leads, bins, frames).

    Returns:
        Name of the convolution to its rows and columns, for those that have dead taps.
    """
    found: dict[str, Taps] = {}
    handles = []
    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d):

            def note(layer: nn.Module, inputs: tuple[Tensor, ...], _output: Tensor, name: str = name) -> None:
                assert isinstance(layer, nn.Conv2d)
                taps = tuple(_living(inputs[0].shape[2 + axis], layer, axis) for axis in (0, 1))
                if any(slot != slice(0, size) for slot, size in zip(taps, layer.kernel_size, strict=True)):
                    found[name] = (taps[0], taps[1])

            handles.append(module.register_forward_hook(note))
    training = network.training
    with torch.no_grad():
        network.eval()(image)
    network.train(training)
    for handle in handles:
        handle.remove()
    return found


def _living(size: int, layer: nn.Conv2d, axis: int) -> slice:
    kernel, stride, padding = layer.kernel_size[axis], layer.stride[axis], int(layer.padding[axis])
    outputs = (size + 2 * padding - kernel) // stride + 1
    alive = [tap for tap in range(kernel) if any(0 <= at * stride + tap - padding < size for at in range(outputs))]
    return slice(alive[0], alive[-1] + 1)


def without_dead_taps(weights: dict[str, Tensor], taps: dict[str, Taps]) -> dict[str, Tensor]:
    """Give the weights with the kernels cut to their living taps."""
    cut = dict(weights)
    for name, (rows, columns) in taps.items():
        cut[f"{name}.weight"] = weights[f"{name}.weight"][:, :, rows, columns].contiguous()
    return cut


def with_dead_taps(weights: dict[str, Tensor], taps: dict[str, Taps], network: nn.Module) -> dict[str, Tensor]:
    """Give the weights with cut kernels at full size again, the dead taps zero."""
    whole = dict(weights)
    for name, (rows, columns) in taps.items():
        kernel = torch.zeros_like(network.get_submodule(name).weight)  # type: ignore[arg-type]
        kernel[:, :, rows, columns] = weights[f"{name}.weight"].to(kernel)
        whole[f"{name}.weight"] = kernel
    return whole
