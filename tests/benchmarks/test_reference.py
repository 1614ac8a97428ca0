"""The plain references compute what the program computes: what is compared for speed is the same work."""

import pytest
import torch
from torch import Tensor, nn

from benchmarks.reference.distillation import PlainDistillation, PlainEncoder, logits_of, moved_centre, pair_loss
from benchmarks.reference.fine_tuning import PlainFineTuning, plain_fused, plain_images, plain_probabilities
from benchmarks.reference.networks import PlainSEResNet34, PlainXResNet1d50
from benchmarks.reference.weights import load_ours
from ecgssl_core.inference.windows import record_logits, score_windows
from ecgssl_core.methods import prototypes
from ecgssl_core.methods.method import Batch
from ecgssl_core.methods.self_distillation import SelfDistillation
from ecgssl_core.methods.supervised import Supervised
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.seresnet import SEResNet34
from ecgssl_core.models.xresnet1d import XResNet1d50
from ecgssl_core.settings import Modality, Settings, override
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec, cut_windows
from ecgssl_core.signals.views import ViewGroup, Views
from ecgssl_core.training.optimiser import make_optimiser

RATE, DECAY, MOMENTUM = 1e-3, 0.1, 0.9
SPEC = InputSpec().with_statistics(
    time_mean=(0.01,) * 12, time_std=(0.3,) * 12, spectrogram_mean=(0.02,) * 12, spectrogram_std=(0.05,) * 12
)
SMALL = ["distillation.prototypes=32", "distillation.hidden=32", "distillation.bottleneck=16", "views.locals=2"]


def _random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def awake(network: nn.Module) -> None:
    """Give every normalisation gains, biases and statistics of its own: as made, many branches are silent."""
    generator = torch.Generator().manual_seed(1)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d) and module.affine:
            with torch.no_grad():
                module.weight.uniform_(0.5, 1.0, generator=generator)
                module.bias.normal_(0, 0.1, generator=generator)
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_(0, 0.1, generator=generator)
            module.running_var.uniform_(0.5, 1.5, generator=generator)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("samples", [250, 100])
def test_the_plain_series_encoder_gives_our_features(samples: int, training: bool) -> None:
    ours, plain = XResNet1d50(), PlainXResNet1d50()
    awake(ours)
    plain.load_state_dict(ours.state_dict(), strict=True)
    signal = _random(4, 12, samples)
    torch.testing.assert_close(plain.train(training)(signal), ours.train(training)(signal), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("frames", [21, 11])
def test_the_plain_spectrogram_encoder_gives_our_features(frames: int, training: bool) -> None:
    ours, plain = SEResNet34(), PlainSEResNet34()
    awake(ours)
    plain.load_state_dict(ours.state_dict(), strict=True)
    # in training, of fewer records the last maps, one number each, have no firm variance
    image = _random(32 if training else 4, 12, 13, frames)
    torch.testing.assert_close(plain.train(training)(image), ours.train(training)(image), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("modality", ["time", "spectrogram"])
def test_weights_without_dead_taps_are_taken_over_too(modality: Modality) -> None:
    ours, plain = Encoder(modality, SPEC), PlainEncoder(modality)
    awake(ours)
    load_ours(plain, ours, SPEC)
    values = ours.view(_random(4, 12, 250))
    torch.testing.assert_close(plain.eval()(values), ours.eval()(values), atol=1e-4, rtol=1e-4)


def test_weights_of_other_names_are_refused() -> None:
    with pytest.raises(RuntimeError, match="Missing key"):
        load_ours(PlainEncoder("time"), Encoder("spectrogram", SPEC), SPEC)


def test_loss_and_centre_are_ours() -> None:
    points, directions = _random(6, 5, 8), _random(40, 8, seed=1)
    teacher, centre = _random(2, 5, 40, seed=2), 0.1 * _random(40, seed=3)
    target = prototypes.teacher_targets(teacher, centre, 0.04)
    ours = prototypes.prototype_cross_entropy(points, directions, target, 0.1)
    plain = pair_loss((points @ directions.T).unbind(), teacher.unbind(), centre, 0.1, 0.04)
    torch.testing.assert_close(plain, ours, atol=1e-4, rtol=1e-5)
    torch.testing.assert_close(
        moved_centre(centre, teacher.unbind(), 0.9), prototypes.moved_centre(centre, teacher, 0.9)
    )


def _method(modality: Modality) -> SelfDistillation:
    torch.manual_seed(0)
    momentum = [f"distillation.teacher_momentum={MOMENTUM}", f"distillation.teacher_momentum_end={MOMENTUM}"]
    settings = override(Settings(), [f"modality={modality}", *SMALL, *momentum])
    method = SelfDistillation(Encoder(modality, SPEC), settings)
    awake(method.student)
    method.teacher.load_state_dict(method.student.state_dict())
    return method.train()


def _our_step(method: SelfDistillation, views: Views) -> float:
    """Give the loss of a step as the loop takes it, on given views."""
    method.views = lambda _source, _chance: views  # type: ignore[method-assign]
    optimiser = make_optimiser(method, Settings())
    for group in optimiser.param_groups:
        group["lr"], group["weight_decay"] = RATE, DECAY if group["decays"] else 0.0
    loss, _ = method.loss(Batch(torch.zeros(8, 12, 500), None, watched=False), Chance.of(0, 0, torch.arange(8)))
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    method.after_step(0.5)
    return loss.item()


@pytest.mark.parametrize("modality", ["time", "spectrogram"])
def test_a_plain_pretraining_step_ends_where_ours_does(modality: Modality) -> None:
    method = _method(modality)
    plain = PlainDistillation(method, modality, SPEC, RATE, DECAY)
    plain.student.train()
    plain.teacher.train()
    shapes = ((12, 250), (12, 100)) if modality == "time" else ((12, 13, 21), (12, 13, 11))
    scale = 0.3 if modality == "time" else 0.05
    globals_, locals_ = (scale * _random(8, 2, *shape, seed=at).abs() for at, shape in enumerate(shapes))
    crops = torch.zeros(8, 2, 2, dtype=torch.long)
    views = Views(ViewGroup(globals_, crops, None), ViewGroup(locals_, crops, None))
    loss = plain.step([*globals_.unbind(1), *locals_.unbind(1)], MOMENTUM)
    assert loss == pytest.approx(_our_step(method, views), abs=1e-4)
    torch.testing.assert_close(plain.centre, method.centre, atol=1e-5, rtol=1e-4)
    expected = PlainDistillation(method, modality, SPEC)
    for one, other in ((plain.student, expected.student), (plain.teacher, expected.teacher)):
        moved = torch.cat([value.flatten() for value in one.parameters()])
        ours = torch.cat([value.flatten() for value in other.parameters()])
        # Adam's first step is as long for a gradient that is almost nothing, whose sign is left to rounding
        apart = (moved - ours).abs()
        assert apart.max() < 2.5 * RATE
        assert (apart > 0.02 * RATE).float().mean() < 0.005
    assert logits_of(plain.teacher, [*globals_.unbind(1)]).shape == (16, 32)


def _classifier() -> Classifier:
    torch.manual_seed(0)
    classifier = Classifier(Settings().classifier, SPEC, 5)
    awake(classifier)
    return classifier


def test_a_plain_fused_step_ends_where_ours_does() -> None:
    settings = override(Settings(), ["method=supervised", "classifier.augment=false", "classifier.windows=1"])
    method = Supervised(_classifier(), settings).train()
    plain = PlainFineTuning(plain_fused(method.classifier, SPEC, 5), RATE)
    windows = 0.3 * _random(4, 12, 250)
    labels = torch.tensor([[1, 0, 0, 1, 0], [0, 1, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 0, 0, 1]])
    loss = plain.step(windows, torch.from_numpy(plain_images(windows.numpy(), SPEC)), labels.float())
    optimiser = make_optimiser(method, settings)
    for group in optimiser.param_groups:
        group["lr"] = RATE
    ours, _ = method.loss(Batch(windows, labels), Chance.of(0, 0, torch.arange(4)))
    ours.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    assert loss == pytest.approx(ours.item(), abs=1e-4)
    expected = plain_fused(method.classifier, SPEC, 5)
    pairs = zip(plain.network.parameters(), expected.parameters(), strict=True)
    apart = torch.cat([(one - other).abs().flatten() for one, other in pairs])
    assert apart.max() < 2.5 * RATE
    assert (apart > 0.02 * RATE).float().mean() < 0.005


def test_a_record_gets_the_same_probabilities() -> None:
    classifier = _classifier().eval()
    signal = 0.3 * _random(12, 1000).numpy()
    found = plain_probabilities(plain_fused(classifier, SPEC, 5), signal, SPEC)
    logits = record_logits(score_windows(classifier, cut_windows(signal, SPEC)).logits)
    torch.testing.assert_close(torch.from_numpy(found), torch.sigmoid(torch.from_numpy(logits)), atol=1e-5, rtol=1e-4)
