"""Classification of windows with labels: binary cross-entropy, from scratch or on pretrained encoders."""

import copy

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from ecgssl_core.models.classifier import Classifier
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.crop import crop
from ecgssl_core.signals.disturbance import draw_disturbance

from .method import Batch, Method

_QUICK_START = 10  # the average follows closely in the first tenth of training, while weights still move far


def masked_cross_entropy(logits: Tensor, labels: Tensor, weight: Tensor | float = 1.0) -> Tensor:
    """Give the mean binary cross-entropy over known labels.

    Args:
        logits: (…, classes).
        labels: (…, classes) 1, 0, or -1 where unknown, which counts for nothing.
        weight: of each loss in the sum, of the shape of the labels or one that spreads to it.
    """
    known = labels >= 0
    losses = F.binary_cross_entropy_with_logits(logits.float(), labels.float(), reduction="none")
    return (losses * known * weight).sum() / known.sum().clamp(min=1)


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
        self.window, self.rate = settings.input.window, settings.input.rate
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
        return self.frozen_in(self.classifier)

    def frozen_in(self, classifier: Classifier) -> list[nn.Module]:
        """Give the encoders of the classifier, or of its averaged copy, that stay as they came."""
        names = self.settings.modalities if self.settings.probe != "none" else self.settings.frozen
        return [classifier.encoders[name] for name in names if name in self.settings.modalities]

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the cross-entropy of a labelled batch."""
        if batch.labels is None:
            raise ValueError("a supervised batch needs labels")
        windows, samples = self.settings.windows, batch.source.shape[-1]
        limits = torch.full((len(batch.source), windows), samples - self.window + 1, device=batch.source.device)
        signal = crop(batch.source, chance.below(limits), self.window)  # (batch, windows, leads, window)
        if self.settings.augment:
            draw_disturbance(signal.shape, self.views, chance, self.rate).apply_(signal)
        if self.settings.mix:
            return self._mixed_loss(signal, batch.labels, chance), {}
        output = self.classifier(signal.flatten(0, 1))
        return masked_cross_entropy(output.logits, batch.labels.repeat_interleave(windows, dim=0)), {}

    def _mixed_loss(self, signal: Tensor, labels: Tensor, chance: Chance) -> Tensor:
        """Give the loss of windows mixed with those of the batch's next record (Zhang et al. 2018, mixup)."""
        other = chance.between(0, self.settings.mix)  # (batch,)
        share = other[:, None, None, None]
        logits = self.classifier(torch.lerp(signal, signal.roll(1, dims=0), share).flatten(0, 1)).logits
        logits = logits.unflatten(0, signal.shape[:2])  # (batch, windows, classes)
        own, strange = (one[:, None].expand(logits.shape) for one in (labels, labels.roll(1, dims=0)))
        weight = other[:, None, None]
        return masked_cross_entropy(logits, own, 1 - weight) + masked_cross_entropy(logits, strange, weight)

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
