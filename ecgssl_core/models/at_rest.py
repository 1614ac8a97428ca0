"""A network as it predicts on a processor: normalisation folded, kernels laid out once, ReLU and sums in the same pass.

A row of a batch comes out the same to the last bit whatever else is in the batch, which products of matrices do not
promise: linear layers run as 1 × 1 convolutions.
"""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from .encoder import Encoder
from .folding import fold_normalisation
from .reachable import LivingConv2d, living_kernel
from .seresnet import Block
from .xresnet1d import Bottleneck, SeriesConv

Pair = tuple[int, int]


def at_rest(model: nn.Module) -> nn.Module:
    """Bring a network into the form in which it predicts, in place; the values are the same but for rounding.

    Args:
        model: in evaluation mode and on the processor; afterwards it can neither be trained nor moved, its state no
            longer fits its class, and its 2-D encoders read images of the size of its window only.
    """
    fold_normalisation(model)
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return model  # a processor for which torch has no such kernels: folding is all there is
    for encoder in [module for module in model.modules() if isinstance(module, Encoder)]:
        sizes = _input_sizes(encoder)
        for parent in list(encoder.modules()):
            for name, child in list(parent.named_children()):
                if isinstance(child, SeriesConv | LivingConv2d):  # others, such as that of positions, stay
                    setattr(parent, name, _packed(child, sizes[child]))
        for stages in [module for module in encoder.modules() if isinstance(module, nn.Sequential)]:
            _fuse_blocks(stages)
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Linear):
                setattr(parent, name, PackedLinear(child))
    return model


class PackedConv(nn.Module):
    """A convolution whose kernel is laid out as the processor wants it, with or without the ReLU behind it.

    Args:
        weight: (outputs, inputs, rows, columns).
        bias: (outputs,) or None.
        stride: rows, columns.
        around: padding left, right, above, below; negative crops.
        size: rows and columns of the only input that the padding fits; None fits all.
    """

    def __init__(
        self,
        weight: Tensor,
        bias: Tensor | None,
        stride: Pair,
        around: tuple[int, int, int, int],
        size: Pair | None = None,
    ) -> None:
        super().__init__()
        left, right, above, below = around
        even = left == right >= 0 and above == below >= 0
        self.around = None if even else around
        self.padding, self.stride, self.size = [above, left] if even else [0, 0], list(stride), size
        self.activation = "none"
        weight = weight.detach()
        self.weight = torch.ops.mkldnn._reorder_convolution_weight(weight, self.padding, self.stride, [1, 1], 1, None)
        self.bias = None if bias is None else bias.detach()

    def forward(self, maps: Tensor) -> Tensor:
        """Give (batch, outputs, rows, columns).

        Raises:
            ValueError: the input has another size than the one that this layer was made for.
        """
        padded = self._padded(maps)
        result: Tensor = torch.ops.mkldnn._convolution_pointwise(
            padded, self.weight, self.bias, self.padding, self.stride, [1, 1], 1, self.activation, [], ""
        )
        return result

    def add_to(self, other: Tensor, maps: Tensor) -> Tensor:
        """Give relu(other + convolution of maps), written over `other`."""
        result: Tensor = torch.ops.mkldnn._convolution_pointwise_.binary(
            other, self._padded(maps), self.weight, self.bias, self.padding, self.stride, [1, 1], 1, "add", None,
            "relu", [], "",
        )  # fmt: skip
        return result

    def _padded(self, maps: Tensor) -> Tensor:
        if self.size is not None and tuple(maps.shape[2:]) != self.size:
            raise ValueError(f"this layer was made for maps of {self.size}, not {tuple(maps.shape[2:])}")
        return maps if self.around is None else F.pad(maps, self.around)


class PackedLinear(nn.Module):
    """A linear layer computed as a 1 × 1 convolution, so that a row does not depend on its batch."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self.convolution = PackedConv(layer.weight[:, :, None, None], layer.bias, (1, 1), (0, 0, 0, 0))

    def forward(self, values: Tensor) -> Tensor:
        """Give (…, outputs) from (…, inputs)."""
        rows = values.reshape(-1, values.shape[-1], 1, 1)
        result: Tensor = self.convolution(rows)
        return result.reshape(*values.shape[:-1], -1)


class BottleneckAtRest(nn.Module):
    """`Bottleneck` in three passes over its maps and the shortcut's."""

    def __init__(self, block: Bottleneck) -> None:
        super().__init__()
        self.narrow, self.middle = _with_relu(block.narrow[0]), _with_relu(block.middle[0])
        self.widen, self.shortcut = block.widen[0], block.shortcut

    def forward(self, maps: Tensor) -> Tensor:
        """Give (batch, 256, 1, samples / stride); the input may be overwritten."""
        deep = self.middle(self.narrow(maps))
        assert isinstance(self.widen, PackedConv)
        return self.widen.add_to(self.shortcut(maps), deep)


class BlockAtRest(nn.Module):
    """`Block` with the gate, the sum and the ReLU in two passes."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.first, self.second = _with_relu(block.first[0]), block.second[0]
        self.excitation, self.shortcut = block.excitation, block.shortcut

    def forward(self, maps: Tensor) -> Tensor:
        """Give (batch, outputs, bins / stride, frames / stride)."""
        deep = self.second(self.first(maps))
        return torch.addcmul(self.shortcut(maps), deep, self.excitation.gate(deep)).relu_()


def _with_relu(layer: nn.Module) -> PackedConv:
    assert isinstance(layer, PackedConv)
    layer.activation = "relu"
    return layer


def _fuse_blocks(stages: nn.Sequential) -> None:
    for place, module in enumerate(list(stages)):
        if isinstance(module, Bottleneck):
            stages[place] = BottleneckAtRest(module)
        elif isinstance(module, Block):
            stages[place] = BlockAtRest(module)
        elif isinstance(module, nn.ReLU) and isinstance(stages[place - 2], PackedConv):  # an identity lies between
            _with_relu(stages[place - 2])
            stages[place] = nn.Identity()


def _packed(layer: SeriesConv | LivingConv2d, size: Pair) -> PackedConv:
    if isinstance(layer, SeriesConv):
        padding = int(layer.padding[0])
        return PackedConv(layer.weight.unsqueeze(2), layer.bias, (1, layer.stride[0]), (padding, padding, 0, 0))
    weight, around = living_kernel(layer, size)
    return PackedConv(weight, layer.bias, (layer.stride[0], layer.stride[1]), around, size)


def _input_sizes(encoder: Encoder) -> dict[nn.Module, Pair]:
    """Give the rows and columns of what each convolution reads from a window."""
    sizes: dict[nn.Module, Pair] = {}

    def note(layer: nn.Module, inputs: tuple[Tensor, ...], _output: Tensor) -> None:
        sizes[layer] = (inputs[0].shape[2], inputs[0].shape[3])

    handles = [
        module.register_forward_hook(note)
        for module in encoder.modules()
        if isinstance(module, SeriesConv | LivingConv2d)
    ]
    with torch.no_grad():
        encoder(encoder.view(torch.zeros(1, len(encoder.spec.leads), encoder.spec.window)))
    for handle in handles:
        handle.remove()
    return sizes
