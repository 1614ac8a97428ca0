"""Self-distillation: values worked by hand, and what must never come back."""

import math

import pytest
import torch
from torch import Tensor

from ecgssl_core.methods.method import Batch
from ecgssl_core.methods.self_distillation import (
    SelfDistillation,
    distillation_loss,
    effective_rank,
    moved_centre,
    teacher_momentum,
    teacher_targets,
)
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import Settings, load_preset, override
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec

TEACHER = torch.tensor([[[0.02, 0, -0.02]], [[0, 0.04, 0]]])
STUDENT = torch.tensor([[[0.1, 0, -0.1]], [[0, 0.2, 0]], [[0, 0, 0.1]]])


@pytest.mark.parametrize(("centre", "loss"), [((0.0, 0.0, 0.0), 1.434345776563), ((0.01, 0.02, -0.01), 1.448503205688)])
def test_the_loss_is_as_worked_by_hand(centre: tuple[float, ...], loss: float) -> None:
    found = distillation_loss(TEACHER, STUDENT, torch.tensor(centre), 0.1, 0.04)
    assert found.item() == pytest.approx(loss, abs=1e-6)


def test_the_teacher_is_centred_and_sharpened() -> None:
    target = teacher_targets(TEACHER, torch.zeros(3), 0.04)
    torch.testing.assert_close(target[0, 0], torch.tensor([0.506480, 0.307196, 0.186324]), atol=1e-6, rtol=0)


@pytest.mark.parametrize("prototypes", [4096, 65_536])
def test_equal_logits_give_the_logarithm_of_the_prototypes(prototypes: int) -> None:
    teacher, student = torch.zeros(2, 3, prototypes), torch.zeros(10, 3, prototypes)
    found = distillation_loss(teacher, student, torch.zeros(prototypes), 0.1, 0.04)
    assert found.item() == pytest.approx(math.log(prototypes), abs=1e-4)


def test_it_is_the_mean_over_all_pairs_of_different_views() -> None:
    generator = torch.Generator().manual_seed(0)
    teacher, student = torch.randn(2, 5, 7, generator=generator), torch.randn(6, 5, 7, generator=generator)
    target = torch.softmax(teacher / 0.04, dim=-1)
    guess = torch.log_softmax(student / 0.1, dim=-1)
    pairs = [(t, s) for t in range(2) for s in range(6) if t != s]
    expected = torch.stack([-(target[t] * guess[s]).sum(-1).mean() for t, s in pairs]).mean()
    torch.testing.assert_close(distillation_loss(teacher, student, torch.zeros(7), 0.1, 0.04), expected)


def test_no_gradient_reaches_the_teacher_and_the_order_of_records_is_no_matter() -> None:
    teacher = TEACHER.expand(2, 4, 3).clone().requires_grad_()
    student = torch.randn(3, 4, 3, generator=torch.Generator().manual_seed(0), requires_grad=True)
    loss = distillation_loss(teacher, student, torch.zeros(3), 0.1, 0.04)
    loss.backward()
    assert teacher.grad is None
    turned = distillation_loss(teacher.flip(1), student.flip(1), torch.zeros(3), 0.1, 0.04)
    torch.testing.assert_close(turned, loss)


def test_the_centre_moves_to_the_true_mean() -> None:
    rows = torch.tensor([[[1.0, 0, -1]], [[3, 2, 1]]])
    assert moved_centre(torch.zeros(3), rows, 0.9).tolist() == pytest.approx([0.2, 0.1, 0.0])


@pytest.mark.parametrize(
    ("step", "momentum"), [(0, 0.996), (25, 0.9965857864), (50, 0.998), (75, 0.9994142136), (99, 0.9999990131)]
)
def test_the_teachers_momentum_is_a_cosine(step: int, momentum: float) -> None:
    assert teacher_momentum(0.996, 1.0, step / 100) == pytest.approx(momentum, abs=1e-10)


def test_173_steps_halve_what_the_teacher_keeps() -> None:
    kept = 1.0
    for _ in range(173):
        kept *= teacher_momentum(0.996, 0.996, 0.3)
    assert kept == pytest.approx(0.4999, abs=1e-4)


def test_the_rank_tells_collapse_from_variety() -> None:
    one = torch.randn(64, 1, generator=torch.Generator().manual_seed(0)) @ torch.ones(1, 16)
    many = torch.randn(64, 16, generator=torch.Generator().manual_seed(0))
    assert effective_rank(one) < 1.01
    assert effective_rank(many) > 14


def _method(modality: str, *changes: str) -> SelfDistillation:
    torch.manual_seed(0)
    settings = override(load_preset(f"quick-{modality}"), ["distillation.prototypes=64", *changes])
    return SelfDistillation(Encoder(modality, InputSpec()), settings)  # type: ignore[arg-type]


def _batch() -> tuple[Batch, Chance]:
    source = torch.randn(8, 12, 500, generator=torch.Generator().manual_seed(0))
    return Batch(source, None), Chance.of(0, 0, torch.arange(8))


def _step(method: SelfDistillation) -> tuple[Tensor, dict[str, Tensor]]:
    batch, chance = _batch()
    return method.loss(Batch(batch.source[..., : method.source_samples], None), chance)


@pytest.mark.parametrize("modality", ["time", "spectrogram"])
def test_a_step_trains_the_whole_student_and_none_of_the_teacher(modality: str) -> None:
    method = _method(modality)
    loss, health = _step(method)
    loss.backward()
    # at the very start the zero gain of a branch's last normalisation keeps the gradient from what lies before it
    trained = [name for name, parameter in method.student.named_parameters() if parameter.grad is not None]
    assert len(trained) == len(list(method.student.parameters()))
    assert all(parameter.grad is None for parameter in method.teacher.parameters())
    assert set(health) == {"teacher_entropy", "kl_to_uniform", "centre_norm", "feature_rank"}
    assert all(math.isfinite(value.item()) for value in health.values())


def test_student_and_teacher_with_equal_weights_say_the_same_of_the_global_views() -> None:
    from ecgssl_core.methods.self_distillation import _logits

    method = _method("time").train()
    batch, chance = _batch()
    groups = method.views(batch.source, chance).groups()
    with torch.no_grad():
        teacher, _ = _logits(method.teacher, groups[:1])
        student, _ = _logits(method.student, groups)
    torch.testing.assert_close(student[:2], teacher)
    assert student.shape == (6, 8, 64)


def test_prototypes_rest_in_the_first_epoch() -> None:
    method = _method("time")
    prototypes = method.student["head"].prototypes.weight  # type: ignore[union-attr]
    method.begin_epoch(0)
    assert not prototypes.requires_grad
    method.begin_epoch(1)
    assert prototypes.requires_grad


def test_the_teacher_follows_slowly_and_shares_no_memory() -> None:
    method = _method("time", "distillation.teacher_momentum=0.9", "distillation.teacher_momentum_end=0.9")
    student, teacher = next(method.student.parameters()), next(method.teacher.parameters())
    before = teacher.clone()
    with torch.no_grad():
        student.add_(1.0)
    assert torch.equal(teacher, before)
    method.after_step(0.5)
    torch.testing.assert_close(teacher, before + 0.1)


def test_an_exported_teacher_gives_finite_features_that_differ() -> None:
    method = _method("time")
    _step(method)
    method.after_step(0.5)
    batch, _ = _batch()
    features = method.teacher["encoder"].eval()(batch.source[..., :250])  # type: ignore[operator]
    assert torch.isfinite(features).all()
    assert features.std(dim=0).max() > 0


def test_settings_know_no_label_in_pretraining() -> None:
    batch, chance = _batch()
    assert batch.labels is None
    assert Settings().method == "self_distillation"
    _method("time").loss(batch, chance)
