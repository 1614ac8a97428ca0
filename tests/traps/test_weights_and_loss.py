"""Traps of the published loss and weights: a centre that stands still, encoders that never arrive, decay of all."""

import math
from pathlib import Path

import pytest
import torch
from torch import nn

from ecgssl_core.errors import RunError
from ecgssl_core.methods.method import Batch
from ecgssl_core.methods.self_distillation import SelfDistillation
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.xresnet1d import Bottleneck
from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.settings import Settings, load_preset, override
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.training.checkpoint import save_checkpoint
from ecgssl_core.training.finetune import start
from ecgssl_core.training.optimiser import make_optimiser, set_rates

NARROW = ["distillation.prototypes=64", "distillation.hidden=32", "views.locals=1"]


def _settings(*changes: str) -> Settings:
    return override(Settings(), [*NARROW, *changes])


def _method(settings: Settings) -> SelfDistillation:
    torch.manual_seed(0)
    return SelfDistillation(Encoder(settings.modality, InputSpec()), settings).train()


def _centre_after_a_step(copies: int) -> torch.Tensor:
    """Give the centre after a step on the same four records, each as often as `copies` says."""
    method = _method(_settings())
    source = torch.randn(4, 12, method.source_samples, generator=torch.Generator().manual_seed(0))
    rows = torch.arange(4).repeat(copies)
    method.loss(Batch(source.repeat(copies, 1, 1), None, watched=False), Chance.of(0, 0, rows))
    return method.centre


def test_b1_the_centre_of_a_step_does_not_shrink_with_the_batch() -> None:
    one, many = _centre_after_a_step(1), _centre_after_a_step(4)
    assert one.abs().max() > 1e-3
    torch.testing.assert_close(many, one, atol=1e-4, rtol=1e-3)


def test_b1_the_centre_of_constant_logits_reaches_them() -> None:
    from ecgssl_core.methods.prototypes import moved_centre

    centre, logits = torch.zeros(5), torch.tensor([1.0, -2, 0, 3, 0.5])
    for _ in range(100):
        centre = moved_centre(centre, logits.expand(2, 196, 5), 0.9)
    torch.testing.assert_close(centre, logits, atol=1e-3, rtol=1e-3)


@pytest.fixture
def pretrained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[RunDir, SelfDistillation]:
    """Give a pretraining run with a checkpoint, and the method that was saved."""
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    settings = override(load_preset("quick-time"), NARROW)
    run, method = create_run(settings), _method(settings)
    for value in method.state_dict().values():
        if value.is_floating_point():
            value.add_(0.5)  # nothing that fresh weights could be taken for
    _save(run, method)
    return run, method


def _save(run: RunDir, method: nn.Module) -> None:
    save_checkpoint(run.checkpoints(), 1, method, torch.optim.AdamW([nn.Parameter(torch.zeros(1))]))


def _fused(run: RunDir) -> Classifier:
    settings = load_preset("quick-tsg")
    return start(settings, InputSpec(), 24, [run])[0].classifier


def test_b3_every_tensor_of_a_pretrained_encoder_is_in_the_fused_network(
    pretrained: tuple[RunDir, SelfDistillation],
) -> None:
    run, method = pretrained
    stored, found = method.encoder.state_dict(), _fused(run).encoders["time"].state_dict()
    assert found.keys() == stored.keys()
    assert all(torch.equal(found[name], stored[name]) for name in stored)


class _Renamed(nn.Module):
    """A method as another version may have saved it: one name of the encoder is another."""

    def __init__(self, method: SelfDistillation) -> None:
        super().__init__()
        self.method = method

    def state_dict(self, *_: object, **__: object) -> dict[str, torch.Tensor]:  # type: ignore[override]
        found = self.method.state_dict()
        return {name.replace("encoder.network.stem.0.", "encoder.network.root.0."): one for name, one in found.items()}


def test_b3_an_encoder_with_a_renamed_tensor_is_refused(pretrained: tuple[RunDir, SelfDistillation]) -> None:
    run, method = pretrained
    _save(run, _Renamed(method))
    with pytest.raises((RunError, RuntimeError)):
        _fused(run)


def test_b4_the_whole_student_begins_as_its_parts_do() -> None:
    method = _method(_settings("distillation.prototypes=512", "distillation.hidden=512"))
    for pair in (method.student, method.teacher):
        linear = [module for module in pair["head"].modules() if isinstance(module, nn.Linear)]  # type: ignore[union-attr]
        assert len(linear) == 4
        assert [layer.weight.std().item() for layer in linear] == pytest.approx([0.02] * 4, rel=0.15)
        gains = [module.widen[1].weight for module in pair.modules() if isinstance(module, Bottleneck)]
        assert len(gains) == 16
        assert all((gain == 0).all() for gain in gains)


def test_b5_no_vector_of_the_whole_student_decays_and_a_matrix_does_by_rate_times_decay() -> None:
    settings = _settings("optimiser.rate=0.1", "optimiser.warmup_epochs=0", "optimiser.weight_decay=0.5")
    method = _method(settings)
    optimiser = make_optimiser(method, settings)
    before = {name: value.detach().clone() for name, value in method.student.named_parameters()}
    for parameter in method.student.parameters():
        parameter.grad = torch.zeros_like(parameter)
    set_rates(optimiser, settings, 0, 10)
    optimiser.step()
    for name, value in method.student.named_parameters():
        shrunk = 1 - 0.1 * 0.5 if value.ndim >= 2 else 1.0
        torch.testing.assert_close(value.detach(), before[name] * shrunk, msg=name)


def test_b2_the_figures_of_health_of_a_collapsed_teacher_are_those_of_a_collapse() -> None:
    from ecgssl_core.evaluation.collapse import collapse

    method = _method(_settings())
    source = torch.randn(8, 12, method.source_samples, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        for pair in (method.student, method.teacher):
            last = pair["head"].layers[-1]  # type: ignore[union-attr]
            last.weight.zero_()  # every record at one point: the same of all
            last.bias.copy_(pair["head"].prototypes.weight[3])  # type: ignore[union-attr]
    _, health = method.loss(Batch(source, None, watched=True), Chance.of(0, 0, torch.arange(8)))
    figures = {name: value.item() for name, value in health.items()}
    assert {"teacher_entropy", "kl_to_uniform", "feature_rank"} <= figures.keys()
    assert all(math.isfinite(value) for value in figures.values())
    assert collapse(figures, 64) is not None
