"""Classification of windows with labels: binary cross-entropy, from scratch or on pretrained encoders."""

import copy

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from ecgssl_core.models.classifier import Classifier
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.crop import crop
from ecgssl_core.signals.views import disturb

from .method import Batch, Method

_QUICK_START = 10  # the average follows closely in the first tenth of training, while weights still move far


def masked_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Give the mean binary cross-entropy over known labels.

    Args:
        logits: (batch, classes).
        labels: (batch, classes) 1, 0, or -1 where unknown, which counts for nothing.
    """
    known = labels >= 0
    losses = F.binary_cross_entropy_with_logits(logits.float(), labels.float(), reduction="none")
    return (losses * known).sum() / known.sum().clamp(min=1)


class Supervised(Method):
    """A classifier learns the labels of random windows.

    Args:
        classifier: the network.
        settings: windows of a step, augmentation, what is trained.
        longest: samples of the records that windows are drawn from at most.
    """

    def __init__(self, classifier: Classifier, settings: Settings, longest: int = 1000) -> None:
        super().__init__()
        self.classifier, self.settings, self.views = classifier, settings.classifier, settings.views
        self.window = settings.input.window
        # one window needs no more of the record than itself; several are drawn from a longer stretch
        self.source_samples = self.window if self.settings.windows == 1 else max(longest, self.window)
        self.average: Classifier | None = None
        for encoder in self._frozen():
            encoder.requires_grad_(False)
        if self.settings.average_weights:
            self.average = copy.deepcopy(classifier).requires_grad_(False)

    def train(self, mode: bool = True) -> "Supervised":
        """Set training mode; frozen encoders stay as they are, their statistics too."""
        super().train(mode)
        for encoder in self._frozen():
            encoder.eval()
        return self

    def _frozen(self) -> list[nn.Module]:
        names = self.settings.modalities if self.settings.probe != "none" else self.settings.frozen
        return [self.classifier.encoders[name] for name in names if name in self.settings.modalities]

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the cross-entropy of a labelled batch."""
        if batch.labels is None:
            raise ValueError("a supervised batch needs labels")
        windows, samples = self.settings.windows, batch.source.shape[-1]
        limits = torch.full((len(batch.source), windows), samples - self.window + 1, device=batch.source.device)
        signal = crop(batch.source, chance.below(limits), self.window)  # (batch, windows, leads, window)
        if self.settings.augment:
            signal, _ = disturb(signal, self.views, chance)
        output = self.classifier(signal.flatten(0, 1))
        return masked_cross_entropy(output.logits, batch.labels.repeat_interleave(windows, dim=0)), {}

    @torch.no_grad()
    def after_step(self, progress: float) -> None:
        """Move the running average of the weights, faster in the beginning."""
        if self.average is None:
            return
        keep = min(self.settings.average_weights, progress * _QUICK_START)
        torch._foreach_lerp_(list(self.average.parameters()), list(self.classifier.parameters()), 1 - keep)
        for old, new in zip(self.average.buffers(), self.classifier.buffers(), strict=True):
            old.copy_(torch.lerp(old, new, 1 - keep) if old.is_floating_point() else new)

    def finished(self) -> Classifier:
        """Give the classifier that is scored: with averaged weights where they were asked for."""
        return (self.average or self.classifier).eval()
