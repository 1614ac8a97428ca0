"""The networks: sizes and shapes of Phan et al. 2022, and laws that hold for any weights."""

import pytest
import torch
from torch import Tensor, nn

from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.folding import fold_normalisation
from ecgssl_core.models.gate_fusion import GateFusion
from ecgssl_core.models.heads import ProjectionHead
from ecgssl_core.models.reachable import LivingConv2d, cut_dead_taps
from ecgssl_core.models.seresnet import SEResNet34
from ecgssl_core.models.xresnet1d import Bottleneck, XResNet1d50
from ecgssl_core.settings import Settings, override
from ecgssl_core.signals.spec import InputSpec


def _count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def _random(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_parameters_are_as_many_as_published() -> None:
    classifier = Classifier(Settings().classifier, InputSpec(), 24)
    assert _count(XResNet1d50()) == 886_432
    assert _count(SEResNet34()) == 21_470_144
    assert _count(ProjectionHead(512, 512, 128, 65_536)) == 8_979_584
    assert _count(classifier) == 22_895_738 - 15_826_944  # as published, less the taps that meet only padding


@pytest.mark.parametrize("samples", [250, 100, 1000])
def test_series_of_any_length_give_512_features(samples: int) -> None:
    assert XResNet1d50().eval()(_random(2, 12, samples)).shape == (2, 512)


@pytest.mark.parametrize("frames", [21, 12, 78])
def test_spectrograms_of_any_length_give_512_features(frames: int) -> None:
    assert SEResNet34().eval()(_random(2, 12, 13, frames)).shape == (2, 512)


def test_series_lengths_shrink_as_published() -> None:
    network, lengths = XResNet1d50().eval(), []
    for module in [*network.stem, *network.stages]:
        module.register_forward_hook(lambda _module, _inputs, output: lengths.append(output.shape[-1]))
    network(_random(1, 12, 250))
    assert sorted(set(lengths), reverse=True) == [125, 63, 32, 16, 8]


def test_the_maximum_comes_before_the_mean() -> None:
    network = XResNet1d50().eval()
    features = network(_random(2, 12, 250))
    assert (features[:, :256] >= features[:, 256:]).all()


def test_residual_branches_begin_as_nothing() -> None:
    gains = [module.widen[1].weight for module in XResNet1d50().modules() if isinstance(module, Bottleneck)]
    assert len(gains) == 16
    assert all((gain == 0).all() for gain in gains)


def test_a_batch_of_one_is_a_row_of_a_larger_batch() -> None:
    model = Classifier(Settings().classifier, InputSpec(), 24).eval()
    windows = _random(3, 12, 250)
    torch.testing.assert_close(model(windows[:1]).logits, model(windows).logits[:1], atol=1e-5, rtol=1e-4)


def test_the_gate_weighs_as_worked_by_hand() -> None:
    fusion = GateFusion(2)
    with torch.no_grad():
        fusion.gate.weight.copy_(torch.tensor([[1.0, 0, 0, 0], [0, 0, 1, 0]]))
        fusion.gate.bias.zero_()
    fused, weights = fusion(torch.tensor([[1.0, 2]]), torch.tensor([[3.0, -1]]))
    torch.testing.assert_close(weights, torch.tensor([[0.11920292, 0.88079708]]))
    torch.testing.assert_close(fused, torch.tensor([[0.11920292, 0.23840584, 2.64239123, -0.88079708]]))
    with torch.no_grad():
        fusion.gate.weight.zero_()
    assert fusion(torch.tensor([[1.0, 2]]), torch.tensor([[3.0, -1]]))[0].tolist() == [[0.5, 1, 1.5, -0.5]]


@pytest.mark.parametrize("modalities", [("time",), ("spectrogram",), ("time", "spectrogram")])
def test_every_arm_gives_logits_and_only_the_gated_one_gates(modalities: tuple[str, ...]) -> None:
    settings = override(Settings(), [f"classifier.modalities={list(modalities)}"])
    output = Classifier(settings.classifier, InputSpec(), 24).eval()(_random(2, 12, 250))
    assert output.logits.shape == (2, 24)
    assert (output.gates is None) == (len(modalities) == 1)


def test_three_quarters_of_the_spectrogram_network_meet_only_padding() -> None:
    network = SEResNet34()
    network.train()(_random(4, 12, 13, 21)).sum().backward()
    silent = sum(int((module.weight.grad == 0).sum()) for module in network.modules() if isinstance(module, nn.Conv2d))
    whole = sum(value.numel() for value in network.parameters())
    cut_dead_taps(network, torch.zeros(1, 12, 13, 21))
    dead = whole - sum(value.numel() for value in network.parameters())
    assert dead == 15_826_944
    assert silent >= dead


@pytest.mark.parametrize("frames", [21, 11, 78])
def test_leaving_out_dead_taps_changes_no_value(frames: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network, image = SEResNet34().eval(), _random(2, 12, 13, frames)
    living = network(image)
    monkeypatch.setattr(LivingConv2d, "forward", nn.Conv2d.forward)
    torch.testing.assert_close(living, network(image), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("frames", [21, 11])
def test_a_network_cut_to_its_input_gives_the_same_for_that_and_for_less(frames: int) -> None:
    network, image = SEResNet34().eval(), _random(2, 12, 13, frames)
    expected = network(image)
    cut_dead_taps(network, torch.zeros(1, 12, 13, 21))
    torch.testing.assert_close(network(image), expected, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(("network", "size"), [(XResNet1d50, (12, 250)), (SEResNet34, (12, 13, 21))])
def test_folding_the_normalisation_changes_no_value(network: type[nn.Module], size: tuple[int, ...]) -> None:
    whole = network()
    for parameter in whole.parameters():
        if parameter.ndim == 1:
            nn.init.uniform_(parameter, 0.5, 1.5)
    for _ in range(3):
        whole.train()(_random(16, *size))
    expected = whole.eval()(_random(4, *size))
    fold_normalisation(whole)
    torch.testing.assert_close(whole(_random(4, *size)), expected, atol=1e-3, rtol=1e-4)
    left = [module for module in whole.modules() if isinstance(module, nn.BatchNorm2d)]
    assert not left


def test_a_network_cut_to_its_input_refuses_more() -> None:
    network = SEResNet34()
    cut_dead_taps(network, torch.zeros(1, 12, 13, 21))
    with pytest.raises(ValueError, match="cut for smaller inputs"):
        network(_random(2, 12, 13, 78))


def test_prototype_logits_are_cosines() -> None:
    head = ProjectionHead(512, 64, 16, 100)
    logits = head(_random(5, 512)) @ head.directions().T
    assert logits.shape == (5, 100)
    assert logits.abs().max() <= 1 + 1e-6


def test_the_head_begins_narrow() -> None:
    spread = ProjectionHead(512, 512, 128, 2048).prototypes.weight.std().item()
    assert spread == pytest.approx(0.02, rel=0.15)
