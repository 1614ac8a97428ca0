"""Checkpoints: whole or not there, the previous one as fallback."""

from pathlib import Path

import pytest
import torch
from torch import nn
from torch.optim import AdamW

from ecgssl_core.errors import RunError
from ecgssl_core.training.checkpoint import load_checkpoint, load_weights, save_checkpoint


def _trained(steps: int) -> tuple[nn.Linear, AdamW]:
    torch.manual_seed(0)
    layer = nn.Linear(3, 2)
    optimiser = AdamW(layer.parameters(), lr=0.1)
    for _ in range(steps):
        optimiser.zero_grad()
        layer(torch.ones(1, 3)).sum().backward()
        optimiser.step()
    return layer, optimiser


def test_what_was_saved_comes_back_with_its_optimiser(tmp_path: Path) -> None:
    layer, optimiser = _trained(3)
    save_checkpoint(tmp_path, 3, layer, optimiser)
    other, fresh = _trained(0)
    assert load_checkpoint(tmp_path, other, fresh) == 3
    assert torch.equal(layer.weight, other.weight)
    for one in (optimiser, fresh):
        one.zero_grad()
    for network, one in ((layer, optimiser), (other, fresh)):
        network(torch.ones(1, 3)).sum().backward()
        one.step()
    assert torch.equal(layer.weight, other.weight)


def test_the_two_newest_are_kept(tmp_path: Path) -> None:
    layer, optimiser = _trained(1)
    for step in (1, 2, 3):
        save_checkpoint(tmp_path, step, layer, optimiser)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-00000002", "step-00000003"]


def test_a_damaged_checkpoint_gives_way_to_the_one_before(tmp_path: Path) -> None:
    layer, optimiser = _trained(1)
    save_checkpoint(tmp_path, 1, layer, optimiser)
    save_checkpoint(tmp_path, 2, layer, optimiser)
    weights = tmp_path / "step-00000002" / "method.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    assert load_checkpoint(tmp_path, layer, optimiser) == 1
    assert load_weights(tmp_path, "").keys() == {"weight", "bias"}


def test_nothing_saved_is_no_step_and_nothing_whole_is_an_error(tmp_path: Path) -> None:
    layer, optimiser = _trained(1)
    assert load_checkpoint(tmp_path, layer, optimiser) is None
    with pytest.raises(RunError, match="no checkpoint"):
        load_weights(tmp_path, "")
    save_checkpoint(tmp_path, 1, layer, optimiser)
    (tmp_path / "step-00000001" / "manifest.json").write_text("{")
    with pytest.raises(RunError, match="damaged"):
        load_checkpoint(tmp_path, layer, optimiser)
