"""The supervised network of one or two modalities: arms T, S, TSC and TSG of Phan et al. 2022."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ecgssl_core.settings import ClassifierSettings, EncoderSettings
from ecgssl_core.signals.spec import InputSpec

from .encoder import Encoder
from .gate_fusion import GateFusion
from .heads import classifier_head, single_head
from .probe_heads import AttentionPool, LinearProbe

_HEADS = 4  # of an attention probe


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
        encoder: which network reads the series.
    """

    def __init__(
        self, settings: ClassifierSettings, spec: InputSpec, classes: int, encoder: EncoderSettings | None = None
    ) -> None:
        super().__init__()
        self.spec = spec
        encoders: dict[str, Encoder] = {modality: Encoder(modality, spec, encoder) for modality in settings.modalities}
        self.encoders = nn.ModuleDict(encoders)
        self.pools = nn.ModuleDict()
        if settings.probe == "attention":
            pools = {name: AttentionPool(one.channels, _HEADS) for name, one in encoders.items()}
            self.pools = nn.ModuleDict(pools)
        widths = [_HEADS * one.channels if settings.probe == "attention" else one.features for one in encoders.values()]
        fused = len(widths) == 2
        gated = fused and settings.fusion == "gate" and settings.probe == "none"  # a probe is linear in the features
        self.fusion = GateFusion(widths[0]) if gated else None
        self.head = _head(settings, sum(widths), 512 if fused else 256, classes)

    def forward(self, windows: Tensor) -> Output:
        """Give the logits of windows (batch, leads, samples) in mV."""
        return self.join(self.parts(self.views(windows)))

    def views(self, windows: Tensor) -> list[Tensor]:
        """Give what each modality reads of windows (batch, leads, samples) in mV, not standardised."""
        return [encoder.view(windows) for encoder in self._encoders()]

    def parts(self, views: list[Tensor]) -> list[Tensor]:
        """Give the features of each modality, (batch, width) each, from what `views` gives."""
        return [self._features(name, view) for name, view in zip(self.encoders, views, strict=True)]

    def join(self, parts: list[Tensor], gates: Tensor | None = None) -> Output:
        """Give the output that features of the modalities lead to.

        Args:
            parts: what `parts` gives.
            gates: (batch, 2) weights to use in place of the network's own.
        """
        if self.fusion is None:
            features = torch.cat(parts, dim=1)
        elif gates is None:
            features, gates = self.fusion(*parts)
        else:
            features = torch.cat([gates[:, :1] * parts[0], gates[:, 1:] * parts[1]], dim=1)
        return Output(self.head(features), features, gates)

    def _encoders(self) -> list[Encoder]:
        encoders = list(self.encoders.values())
        assert all(isinstance(encoder, Encoder) for encoder in encoders)
        return encoders  # type: ignore[return-value]

    def _features(self, name: str, values: Tensor) -> Tensor:
        encoder = self.encoders[name]
        assert isinstance(encoder, Encoder)
        if name not in self.pools:
            features: Tensor = encoder(values)
            return features
        pooled: Tensor = self.pools[name](encoder.maps(values))
        return pooled


def _head(settings: ClassifierSettings, width: int, hidden: int, classes: int) -> nn.Module:
    if settings.probe != "none":
        return LinearProbe(width, classes)
    if settings.head == "one layer":
        return single_head(width, classes, settings.dropout)
    return classifier_head(width, hidden, classes, activation=settings.hidden_activation, dropout=settings.dropout)
