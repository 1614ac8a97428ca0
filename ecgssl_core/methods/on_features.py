"""Classification on what encoders that stay as they are said of windows: they are asked once, not in every epoch."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ecgssl_core.models.classifier import Classifier, Output
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance

from .method import Batch
from .supervised import Supervised, masked_cross_entropy


def never_changes(settings: Settings) -> bool:
    """Say whether a window leads to the same features in every step: all encoders frozen, and nothing drawn anew."""
    part = settings.classifier
    frozen = part.probe != "none" or set(part.modalities) <= set(part.frozen)
    return frozen and not part.augment and not part.mix and part.windows == 1


@torch.no_grad()
def asked(classifier: Classifier, windows: Tensor) -> list[Tensor]:
    """Give what each encoder of a classifier says of windows (batch, leads, samples) in mV, in evaluation mode.

    (batch, width) each, or (batch, channels, places) where attention pools them.
    """
    found: list[Tensor] = []
    for encoder in classifier.encoders.values():
        assert isinstance(encoder, Encoder)
        ask = encoder.eval().maps if len(classifier.pools) else encoder.eval()
        found.append(ask(encoder.view(windows)))
    return found


class Reader(nn.Module):
    """What stands on the encoders of a classifier, fed with features in place of windows.

    Args:
        classifier: the whole network.
        shapes: of what each encoder says of a window.
    """

    def __init__(self, classifier: Classifier, shapes: Sequence[torch.Size]) -> None:
        super().__init__()
        self.classifier, self.shapes = classifier, shapes

    def forward(self, features: Tensor) -> Output:
        """Give the output that features (batch, numbers), those of all encoders laid end to end, lead to."""
        sizes = [math.prod(shape) for shape in self.shapes]
        apart = torch.split(features, sizes, dim=1)
        parts = [torch.unflatten(one, 1, shape) for one, shape in zip(apart, self.shapes, strict=True)]
        pools = self.classifier.pools
        if len(pools):
            parts = [pools[name](part) for name, part in zip(self.classifier.encoders, parts, strict=True)]
        return self.classifier.join(parts)


class OnFeatures(Supervised):
    """A classifier whose frozen encoders were asked beforehand learns the labels.

    Its batches hold features (batch, numbers), as `Reader` takes them, in place of series; it takes series as well.
    """

    def __init__(self, classifier: Classifier, settings: Settings) -> None:
        super().__init__(classifier, settings)
        silence = torch.zeros(1, len(classifier.spec.leads), classifier.spec.window)
        self.shapes = [one.shape[1:] for one in asked(classifier, silence)]

    @property
    def numbers(self) -> int:
        """Features of a window, those of all encoders together."""
        return sum(math.prod(shape) for shape in self.shapes)

    def features(self, windows: Tensor) -> Tensor:
        """Give (batch, numbers), what the encoders say of windows (batch, leads, samples) in mV."""
        return torch.cat([one.flatten(1) for one in asked(self.classifier, windows)], dim=1)

    def reader(self, classifier: Classifier) -> Reader:
        """Give what stands on the encoders of a classifier of this form."""
        return Reader(classifier, self.shapes)

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the cross-entropy of a labelled batch of features, or of series (batch, leads, samples)."""
        if batch.labels is None or batch.source.ndim > 2:
            return super().loss(batch, chance)
        return masked_cross_entropy(self.reader(self.classifier)(batch.source).logits, batch.labels), {}
