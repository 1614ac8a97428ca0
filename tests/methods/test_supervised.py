"""Supervised training: unknown labels count for nothing, averages follow, frozen encoders stay."""

import pytest
import torch
from torch import Tensor

from ecgssl_core.methods.method import Batch
from ecgssl_core.methods.supervised import Supervised, masked_cross_entropy
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.settings import load_preset, override
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec


def _method(*changes: str) -> Supervised:
    torch.manual_seed(0)
    settings = override(load_preset("quick-tsg"), ['classifier.modalities=["time"]', *changes])
    return Supervised(Classifier(settings.classifier, InputSpec(), 3), settings)


def _batch(method: Supervised) -> tuple[Batch, Chance]:
    source = torch.randn(4, 12, method.source_samples, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([[1, 0, -1], [0, 1, 0], [0, 0, 1], [1, -1, 0]], dtype=torch.int8)
    return Batch(source, labels), Chance.of(0, 0, torch.arange(4))


def test_unknown_labels_count_for_nothing() -> None:
    logits = torch.tensor([[0.3, -0.2], [1.0, 4.0]])
    labels = torch.tensor([[1, 0], [0, -1]])
    known = torch.stack([logits[0, 0], logits[0, 1], logits[1, 0]])
    expected = torch.nn.functional.binary_cross_entropy_with_logits(known, torch.tensor([1.0, 0, 0]))
    torch.testing.assert_close(masked_cross_entropy(logits, labels), expected)


def test_a_batch_without_labels_is_refused() -> None:
    method = _method()
    batch, chance = _batch(method)
    with pytest.raises(ValueError, match="labels"):
        method.loss(Batch(batch.source, None), chance)


def test_every_parameter_of_a_step_has_a_gradient() -> None:
    method = _method("classifier.windows=2")
    method.loss(*_batch(method))[0].backward()
    assert all(parameter.grad is not None for parameter in method.classifier.parameters())


def test_a_linear_probe_leaves_the_encoder_and_its_statistics_alone() -> None:
    method = _method('classifier.frozen=["time"]').train()
    encoder = method.classifier.encoders["time"]
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    method.loss(*_batch(method))[0].backward()
    assert all(parameter.grad is None for parameter in encoder.parameters())
    assert all(torch.equal(value, before[name]) for name, value in encoder.state_dict().items())


def test_the_average_follows_the_weights_and_is_what_is_scored() -> None:
    method = _method("classifier.average_weights=0.9")
    assert method.average is not None
    weight, average = method.classifier.head[1].weight, method.average.head[1].weight
    before = average.clone()
    with torch.no_grad():
        weight.add_(1.0)
    method.after_step(1.0)
    torch.testing.assert_close(average, before + 0.1)
    assert method.finished() is method.average


def test_mixing_nothing_in_is_the_plain_loss_and_all_of_it_is_the_neighbours() -> None:
    torch.manual_seed(0)
    settings = override(load_preset("quick-tsg"), ['classifier.modalities=["time"]', "classifier.mix=1.0"])
    method = Supervised(Classifier(settings.classifier, InputSpec(), 24), settings).eval()
    signal, labels = torch.randn(4, 1, 12, 250), torch.randint(-1, 2, (4, 24))

    class Always(Chance):
        level = 0.0

        def between(self, low: float, high: float, *shape: int) -> Tensor:
            del low, high
            return torch.full((4, *shape), self.level)

    for level, turned in ((0.0, 0), (1.0, 1)):
        chance = Always(torch.arange(4))
        chance.level = level
        found = method._mixed_loss(signal, labels, chance)
        logits = method.classifier(signal[:, 0].roll(turned, dims=0)).logits
        torch.testing.assert_close(found, masked_cross_entropy(logits, labels.roll(turned, dims=0)))
