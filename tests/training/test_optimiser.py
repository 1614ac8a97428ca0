"""Decay is decoupled and spares vectors; encoders may be slower."""

import pytest
import torch
from torch import nn

from ecgssl_core.settings import Settings, load_preset, override
from ecgssl_core.training.optimiser import make_optimiser, set_rates


def test_without_a_gradient_a_matrix_shrinks_by_its_decay_and_a_vector_stays() -> None:
    layer = nn.Linear(3, 2)
    nn.init.ones_(layer.weight)
    nn.init.ones_(layer.bias)
    settings = override(Settings(), ["optimiser.rate=0.1", "optimiser.warmup_epochs=0", "optimiser.weight_decay=0.5"])
    optimiser = make_optimiser(layer, settings)
    layer.weight.grad, layer.bias.grad = torch.zeros(2, 3), torch.zeros(2)
    set_rates(optimiser, settings, 0, 10)
    optimiser.step()
    assert layer.weight.unique().item() == pytest.approx(1 - 0.1 * 0.5)
    assert layer.bias.unique().item() == 1.0


def test_encoders_learn_at_their_share_of_the_rate() -> None:
    network = nn.ModuleDict({"encoders": nn.Linear(2, 2), "head": nn.Linear(2, 2)})
    settings = override(load_preset("quick-tsg"), ["classifier.encoder_rate=0.1", "optimiser.warmup_epochs=0"])
    optimiser = make_optimiser(network, settings)
    rate = set_rates(optimiser, settings, 0, 10)
    assert sorted({group["lr"] for group in optimiser.param_groups}) == pytest.approx([0.1 * rate, rate])
