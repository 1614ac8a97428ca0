"""The supervised network of one or two modalities: arms T, S, TSC and TSG of Phan et al. 2022."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ecgssl_core.settings import ClassifierSettings
from ecgssl_core.signals.spec import InputSpec

from .encoder import Encoder
from .gate_fusion import GateFusion
from .heads import classifier_head


@dataclass(frozen=True)
class Output:
    """What the network says of windows: logits (batch, classes), features (batch, width), gates (batch, 2) or None."""

    logits: Tensor
    features: Tensor
    gates: Tensor | None


class Classifier(nn.Module):
    """Windows in mV to logits.

    Args:
        settings: modalities, fusion, head.
        spec: the input, with statistics.
        classes: number of logits.
    """

    def __init__(self, settings: ClassifierSettings, spec: InputSpec, classes: int) -> None:
        super().__init__()
        self.spec = spec
        encoders: dict[str, Encoder] = {modality: Encoder(modality, spec) for modality in settings.modalities}
        self.encoders = nn.ModuleDict(encoders)
        widths = [encoder.features for encoder in encoders.values()]
        fused = len(widths) == 2
        self.fusion = GateFusion(widths[0]) if fused and settings.fusion == "gate" else None
        hidden = 512 if fused else 256
        self.head = classifier_head(
            sum(widths), hidden, classes, activation=settings.hidden_activation, dropout=settings.dropout
        )

    def forward(self, windows: Tensor) -> Output:
        """Give the logits of windows (batch, leads, samples) in mV."""
        parts = [encoder(encoder.view(windows)) for encoder in self.encoders.values()]  # type: ignore[operator]
        gates = None
        if self.fusion is not None:
            features, gates = self.fusion(*parts)
        else:
            features = torch.cat(parts, dim=1)
        return Output(self.head(features), features, gates)
