"""The taps of 2-D kernels that can ever meet anything but padding: to compute with, to train and to store, alone."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

Taps = tuple[slice, slice]


class LivingConv2d(nn.Conv2d):
    """A convolution that leaves out the taps which meet only padding on its input: the same values with less work.

    `cut` drops for good the taps that no input of the given size or below can reach; `kernel_size` stays that of the
    whole kernel.
    """

    kept: Taps | None = None

    def cut(self, taps: Taps) -> None:
        """Keep only these rows and columns of the kernel."""
        self.kept = taps
        self.weight = nn.Parameter(self.weight.detach()[:, :, taps[0], taps[1]].clone())

    def forward(self, maps: Tensor) -> Tensor:
        """Give what nn.Conv2d with the whole kernel gives.

        Raises:
            ValueError: the input reaches taps that were cut away.
        """
        weight, around = living_kernel(self, (maps.shape[2], maps.shape[3]))
        if weight.shape[2:] == self.kernel_size:
            return super().forward(maps)
        return F.conv2d(F.pad(maps, around) if any(around) else maps, weight, self.bias, self.stride)


def living_kernel(layer: LivingConv2d, size: tuple[int, int]) -> tuple[Tensor, tuple[int, int, int, int]]:
    """Give the part of a kernel that sees maps of this size, and the padding that it needs: left, right, above, below.

    Args:
        layer: the convolution.
        size: rows and columns of its input.

    Raises:
        ValueError: the input reaches taps that were cut away.
    """
    kept = layer.kept or tuple(slice(0, length) for length in layer.kernel_size)
    taps = tuple(_living(size[axis], layer, axis) for axis in (0, 1))
    if any(tap.start < keep.start or tap.stop > keep.stop for tap, keep in zip(taps, kept, strict=True)):
        raise ValueError(f"this network was cut for smaller inputs than {size} at this layer")
    rows, columns = (slice(tap.start - keep.start, tap.stop - keep.start) for tap, keep in zip(taps, kept, strict=True))
    around = (*_padding(size[1], taps[1], layer, 1), *_padding(size[0], taps[0], layer, 0))
    return layer.weight[:, :, rows, columns], around


def cut_dead_taps(network: nn.Module, image: Tensor) -> None:
    """Cut every kernel of a network to the taps that see an input of this size at some place.

    Args:
        network: any network with LivingConv2d layers.
        image: an input of the largest size that it will see, (1, leads, bins, frames).
    """
    for name, taps in reachable_taps(network, image).items():
        layer = network.get_submodule(name)
        assert isinstance(layer, LivingConv2d)
        layer.cut(taps)


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


def _padding(size: int, taps: slice, layer: nn.Conv2d, axis: int) -> tuple[int, int]:
    """Give the padding (negative: cropping) before and after, with which the taps alone give the same outputs."""
    stride, padding = layer.stride[axis], int(layer.padding[axis])
    outputs = (size + 2 * padding - layer.kernel_size[axis]) // stride + 1
    before = padding - taps.start
    return before, (outputs - 1) * stride + taps.stop - taps.start - before - size


def _living(size: int, layer: nn.Conv2d, axis: int) -> slice:
    kernel, stride, padding = layer.kernel_size[axis], layer.stride[axis], int(layer.padding[axis])
    outputs = (size + 2 * padding - kernel) // stride + 1
    alive = [tap for tap in range(kernel) if any(0 <= at * stride + tap - padding < size for at in range(outputs))]
    return slice(alive[0], alive[-1] + 1)
