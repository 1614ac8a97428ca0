"""Self-distillation: values worked by hand, and what must never come back."""

import math

import pytest
import torch
from torch import Tensor

from ecgssl_core.evaluation.collapse import collapse
from ecgssl_core.methods.coding_rate import coding_rate_loss
from ecgssl_core.methods.effective_rank import effective_rank
from ecgssl_core.methods.koleo import koleo_loss
from ecgssl_core.methods.method import Batch
from ecgssl_core.methods.pretraining import momentum
from ecgssl_core.methods.prototypes import moved_centre, prototype_cross_entropy, sinkhorn_targets, teacher_targets
from ecgssl_core.methods.self_distillation import SelfDistillation
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import Settings, load_preset, override
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec

TEACHER = torch.tensor([[[0.02, 0, -0.02]], [[0, 0.04, 0]]])
STUDENT = torch.tensor([[[0.1, 0, -0.1]], [[0, 0.2, 0]], [[0, 0, 0.1]]])


def distillation_loss(teacher: Tensor, student: Tensor, centre: Tensor, warm: float, cold: float) -> Tensor:
    """Give the loss of logits: with one prototype an axis, a point's coordinates are its logits."""
    return prototype_cross_entropy(student, torch.eye(student.shape[-1]), teacher_targets(teacher, centre, cold), warm)


@pytest.mark.parametrize(("centre", "loss"), [((0.0, 0.0, 0.0), 1.434345776563), ((0.01, 0.02, -0.01), 1.448503205688)])
def test_the_loss_is_as_worked_by_hand(centre: tuple[float, ...], loss: float) -> None:
    found = distillation_loss(TEACHER, STUDENT, torch.tensor(centre), 0.1, 0.04)
    assert found.item() == pytest.approx(loss, abs=1e-6)


def test_the_teacher_is_centred_and_sharpened() -> None:
    target = teacher_targets(TEACHER, torch.zeros(3), 0.04)
    torch.testing.assert_close(target[0, 0], torch.tensor([0.506480, 0.307196, 0.186324]), atol=1e-6, rtol=0)


@pytest.mark.parametrize("prototypes", [4096, 65_536])
def test_equal_logits_give_the_logarithm_of_the_prototypes(prototypes: int) -> None:
    target = teacher_targets(torch.zeros(2, 3, prototypes), torch.zeros(prototypes), 0.04)
    found = prototype_cross_entropy(torch.zeros(10, 3, 4), torch.randn(prototypes, 4), target, 0.1)
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


@pytest.mark.parametrize("prototypes", [50, 60_000])  # in one block, and in several
@pytest.mark.parametrize("temperature", [0.1, 0.005])  # exponentials that float32 holds, and such that it does not
def test_its_gradients_are_those_of_the_plain_form(prototypes: int, temperature: float) -> None:
    generator = torch.Generator().manual_seed(0)
    target = torch.softmax(torch.randn(2, 9, prototypes, generator=generator), dim=-1)
    plain = [torch.randn(10, 9, 16, generator=generator), torch.randn(prototypes, 16, generator=generator)]
    plain = [torch.nn.functional.normalize(value, dim=-1).requires_grad_() for value in plain]
    ours = [value.detach().clone().requires_grad_() for value in plain]
    guess = torch.log_softmax(plain[0] @ plain[1].T / temperature, dim=-1)
    pairs = [(t, s) for t in range(2) for s in range(10) if t != s]
    expected = torch.stack([-(target[t] * guess[s]).sum(-1).mean() for t, s in pairs]).mean()
    found = prototype_cross_entropy(ours[0], ours[1], target, temperature)
    torch.testing.assert_close(found, expected)
    (3 * expected).backward()
    (3 * found).backward()
    for one, other in zip(ours, plain, strict=True):
        assert other.grad is not None
        largest = other.grad.abs().max().item()
        torch.testing.assert_close(one.grad, other.grad, atol=1e-3 * largest, rtol=1e-3)


def test_sinkhorn_uses_all_prototypes_alike() -> None:
    logits = torch.randn(2, 32, 8, generator=torch.Generator().manual_seed(0)) + torch.arange(8)
    target = sinkhorn_targets(logits * 0.1, 0.04, rounds=30)
    torch.testing.assert_close(target.sum(dim=-1), torch.ones(2, 32))
    torch.testing.assert_close(target.flatten(0, 1).mean(dim=0), torch.full((8,), 1 / 8), atol=1e-3, rtol=0)


def test_the_coding_rate_is_as_worked_by_hand() -> None:
    points = torch.eye(2).expand(2, 2, 2)
    # alike: 1; rate of I_2: 1/2 log det(I + 2 / (2 · 0.25) I) = log 5, scaled by (2 + 2) / 4
    assert coding_rate_loss(points, points).item() == pytest.approx(-math.log(5), abs=1e-6)
    fallen = torch.tensor([[1.0, 0], [1, 0]]).expand(3, 2, 2)
    # Z^T Z = diag(2, 0): det = 1 + 4 · 2
    assert coding_rate_loss(fallen, fallen[:2]).item() == pytest.approx(-math.log(9) / 2, abs=1e-6)


def test_koleo_is_low_where_features_spread() -> None:
    spread = torch.eye(8)
    close = torch.ones(8, 8) + 0.01 * torch.randn(8, 8, generator=torch.Generator().manual_seed(0))
    assert koleo_loss(spread).item() == pytest.approx(-math.log(math.sqrt(2)), abs=1e-5)
    assert koleo_loss(close) > koleo_loss(spread) + 2


@pytest.mark.parametrize(
    ("entropy", "divergence", "rank", "words"),
    [
        (8.31, 0.0, 30.0, "spread over all prototypes"),
        (0.1, 8.3, 30.0, "one prototype"),
        (3.0, 2.0, 1.2, "the same features"),
        (3.0, 2.0, 30.0, None),
    ],
)
def test_a_collapse_is_named(entropy: float, divergence: float, rank: float, words: str | None) -> None:
    health = {"teacher_entropy": entropy, "kl_to_uniform": divergence, "feature_rank": rank}
    found = collapse(health, 4096)
    assert found is None if words is None else words in (found or "")


def test_the_centre_moves_to_the_true_mean() -> None:
    rows = torch.tensor([[[1.0, 0, -1]], [[3, 2, 1]]])
    assert moved_centre(torch.zeros(3), rows, 0.9).tolist() == pytest.approx([0.2, 0.1, 0.0])


@pytest.mark.parametrize(
    ("step", "share"), [(0, 0.996), (25, 0.9965857864), (50, 0.998), (75, 0.9994142136), (99, 0.9999990131)]
)
def test_the_teachers_momentum_is_a_cosine(step: int, share: float) -> None:
    assert momentum(0.996, 1.0, step / 100) == pytest.approx(share, abs=1e-10)


def test_173_steps_halve_what_the_teacher_keeps() -> None:
    kept = 1.0
    for _ in range(173):
        kept *= momentum(0.996, 0.996, 0.3)
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


def test_without_prototypes_a_step_trains_all_but_them() -> None:
    method = _method("time", "distillation.objective=coding_rate", "distillation.koleo=0.1")
    loss, health = _step(method)
    loss.backward()
    idle = [name for name, parameter in method.student.named_parameters() if parameter.grad is None]
    assert idle == ["head.prototypes.weight"]
    assert set(health) == {"alike", "feature_rank"}


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
    from ecgssl_core.methods.self_distillation import _points

    method = _method("time").train()
    batch, chance = _batch()
    groups = method.views(batch.source, chance).groups()
    with torch.no_grad():
        teacher, _ = _points(method.teacher, groups[:1])
        student, _ = _points(method.student, groups)
    torch.testing.assert_close(student[:2], teacher)
    assert student.shape == (6, 8, 128)


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
