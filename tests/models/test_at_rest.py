"""The form in which a network predicts: the same values, rows that do not depend on their batch."""

import copy

import pytest
import torch
from torch import nn

from ecgssl_core.models.at_rest import at_rest
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.settings import ClassifierSettings
from ecgssl_core.signals.spec import InputSpec

SETTINGS = [
    ClassifierSettings(),
    ClassifierSettings(modalities=("time",)),
    ClassifierSettings(modalities=("spectrogram",), hidden_activation=True),
    ClassifierSettings(probe="attention"),
]


def _windows(count: int) -> torch.Tensor:
    return torch.randn(count, 12, 250, generator=torch.Generator().manual_seed(3))


def _trained(settings: ClassifierSettings, spec: InputSpec) -> Classifier:
    torch.manual_seed(0)
    model = Classifier(settings, spec, 24)
    for parameter in model.parameters():
        if parameter.ndim == 1:
            nn.init.uniform_(parameter, 0.5, 1.5)
    with torch.no_grad():
        model.train()(_windows(16))
    return model.eval().requires_grad_(False)


@pytest.mark.parametrize("settings", SETTINGS)
def test_at_rest_a_network_gives_what_it_gave(settings: ClassifierSettings) -> None:
    model = _trained(settings, InputSpec())
    expected = model(_windows(5))
    found = at_rest(copy.deepcopy(model))(_windows(5))
    # sums of fifty layers in another order; the gains of these made-up weights let logits reach tens
    torch.testing.assert_close(found.logits, expected.logits, atol=1e-3, rtol=5e-4)
    if expected.gates is not None:
        torch.testing.assert_close(found.gates, expected.gates, atol=1e-4, rtol=1e-4)


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="torch has no such kernels for this processor")
@pytest.mark.parametrize("settings", SETTINGS[:3])
def test_a_window_does_not_depend_on_its_batch(settings: ClassifierSettings) -> None:
    model, windows = at_rest(_trained(settings, InputSpec())), _windows(17)
    whole = model(windows).logits
    for size in (1, 7, 16):
        parts = torch.cat([model(part).logits for part in windows.split(size)])
        assert torch.equal(parts, whole)


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="torch has no such kernels for this processor")
def test_a_spectrogram_network_at_rest_refuses_another_length() -> None:
    model = at_rest(_trained(SETTINGS[2], InputSpec()))
    with pytest.raises(ValueError, match="made for maps"):
        model(torch.zeros(1, 12, 500))
