"""Traps of published fine-tuning on any set of leads: handicapped baselines, schedules, averages, retrieval."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.evaluation import challenge_metric, credit_of, macro
from ecgssl_core.evaluation.metrics import auroc
from ecgssl_core.inference.identity import directions
from ecgssl_core.inference.windows import score_each
from ecgssl_core.methods.arcface import ArcFace
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import EncoderSettings, Settings, load_preset, override
from ecgssl_core.signals.leads import LEADS
from ecgssl_core.signals.limb_leads import limb_leads_
from ecgssl_core.signals.spec import InputSpec, cut_windows
from ecgssl_core.training.finetune import start
from ecgssl_core.training.optimiser import make_optimiser, set_rates
from ecgssl_core.training.pretrain import input_spec, new_method
from ecgssl_core.training.schedule import three_stages

NARROW = [
    *("encoder.width=32", "encoder.layers=1", "encoder.heads=4", "encoder.feed_forward=64", "encoder.frame_width=16"),
    *("encoder.position_kernel=8", "input.rate=100", "input.window=500", "input.stride=250"),
    *("views.time.source=500", "views.time.global_samples=500", "views.time.adjacent=false"),
]


def narrow(name: str, *changes: str) -> Settings:
    return override(load_preset(name), [*NARROW, *changes])


def count(modules: nn.Module) -> int:
    return sum(parameter.numel() for parameter in modules.parameters())


def learning(settings: Settings) -> set[str]:
    """Give the names of the parameters that a step of a fine-tuning from scratch reaches."""
    torch.manual_seed(0)
    method, _ = start(settings, input_spec(settings), 3, [])
    logits = method.train().classifier(torch.randn(2, 12, 500)).logits
    logits.square().sum().backward()
    return {name for name, one in method.classifier.named_parameters() if one.grad is not None and one.grad.any()}


@pytest.mark.parametrize("family", ["oh2022", "oh2022-small"])
def test_a_network_from_scratch_learns_all_that_a_pretrained_one_learns_and_its_convolutions(family: str) -> None:
    settings = narrow(f"{family}-dx")
    assert settings.encoder.frame_gradient == 0  # what was pretrained keeps them
    method, _ = start(settings, input_spec(settings), 3, [])
    unused = {"encoders.time.network.mask"}
    found = learning(settings)
    assert found >= {name for name, _ in method.classifier.named_parameters()} - unused
    assert any("frame_encoder" in name for name in found)


def test_a_random_encoder_under_a_probe_stays_as_it_is() -> None:
    settings = narrow("oh2022-small-probe")
    method, _ = start(settings, input_spec(settings), 3, [])
    assert {name.split(".")[0] for name, one in method.classifier.named_parameters() if one.requires_grad} == {"head"}


def test_the_classifier_has_the_published_number_of_parameters_and_frozen_ones() -> None:
    settings = load_preset("oh2022-dx")
    with torch.device("meta"):
        classifier = Classifier(settings.classifier, InputSpec(), 26, settings.encoder)
        network = classifier.encoders["time"].network
        eight = Encoder("time", InputSpec(), settings.encoder.model_copy(update={"layers": 8}))
    assert count(classifier) == 90_393_242
    assert count(classifier) - count(network.frame_encoder) == 89_993_370
    assert count(eight) == 62_021_760  # 62,531,584 with mask, codebook and projections, as published
    identity = override(load_preset("oh2022-id"), ["identity.persons=69978"])
    with torch.device("meta"):
        told_apart = new_method(identity, InputSpec())
    assert count(told_apart) - count(told_apart.encoder) == 53_743_104  # type: ignore[attr-defined]


def test_retrieval_knows_no_classes_of_training_and_a_record_is_exactly_itself(pack: Path) -> None:
    settings = narrow("oh2022-id", "input.fewer_leads=true")
    found = []
    for persons in (3, 50):
        torch.manual_seed(0)
        encoder = Encoder("time", input_spec(settings), settings.encoder)
        part = settings.identity.model_copy(update={"persons": persons})
        method = ArcFace(encoder, settings.model_copy(update={"identity": part}))
        found.append(directions(method.encoder, open_pack(pack), range(4)).whole)
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_allclose((found[0] * found[0]).sum(axis=1), 1.0, rtol=1e-12)
    assert (found[0] @ found[0].T)[~np.eye(4, dtype=bool)].max() < 1


def test_the_mean_over_classes_is_not_that_over_all_answers_together() -> None:
    labels = np.array([[1, 0], [1, 0], [1, 0], [0, 1], [0, 0]], dtype=np.int8)
    scores = np.array([[0.9, 0.8], [0.8, 0.7], [0.3, 0.6], [0.4, 0.5], [0.1, 0.9]])
    each = auroc(labels, scores)
    assert each.tolist() == pytest.approx([5 / 6, 0.0])
    flat = auroc(labels.reshape(-1, 1), scores.reshape(-1, 1))[0]
    assert float(macro(each)) == pytest.approx(5 / 12)
    assert abs(flat - 5 / 12) > 0.05


def test_classes_without_sinus_rhythm_have_no_weights_of_a_challenge() -> None:
    atrial, bundle = "164889003", "59118001"
    credit = credit_of([atrial, bundle])
    assert credit.year is None
    assert credit.weights.tolist() == np.eye(2).tolist()
    assert credit_of([atrial, "426783006"]).normal == 1


def test_the_challenge_metric_of_three_records() -> None:
    weights = np.array([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]])
    truth = np.array([[1, 0, 0], [0, 0, 1], [1, 1, 0]], dtype=np.int8)
    said = np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]], dtype=np.bool_)
    assert challenge_metric(truth, said, weights, 2) == pytest.approx(0.4)


def test_many_windows_of_a_record_make_one_answer_and_short_records_depend_on_no_other() -> None:
    torch.manual_seed(0)
    settings = narrow("oh2022-small-dx")
    spec = input_spec(settings)
    model = Classifier(settings.classifier, spec, 3, settings.encoder).eval()
    generator = np.random.default_rng(0)
    records = [generator.normal(size=(12, samples)).astype(np.float32) for samples in (300, 500, 1700)]
    windows = [cut_windows(record, spec) for record in records]
    assert [len(one) for one in windows] == [1, 1, 6]
    together = score_each(model, windows)
    for own, found in zip(windows, together, strict=True):
        (alone,) = score_each(model, [own])
        np.testing.assert_allclose(alone.logits, found.logits, atol=1e-5)


@pytest.mark.parametrize(
    ("step", "rate"),
    [(0, 3e-7), (16_000, 1.515e-5), (32_000, 3e-5), (96_000, 3e-5), (208_000, 3e-6), (320_000, 3e-7)],
)
def test_the_three_stages_have_the_published_rates(step: int, rate: float) -> None:
    assert three_stages(step, 320_000, 3e-5, 3e-7) == pytest.approx(rate, rel=1e-9)


def test_a_schedule_is_as_long_as_the_training_that_was_planned() -> None:
    settings = load_preset("oh2022-id")
    optimiser = make_optimiser(nn.Linear(2, 2), settings)
    last = settings.training.epochs * 7 - 1
    rates = [set_rates(optimiser, settings, step, 7) for step in (0, 70, 209, last)]
    assert rates == pytest.approx([3e-7, 3e-5, 3e-5, 3e-7], rel=0.02)


def test_limb_leads_follow_from_the_first_two_by_hand() -> None:
    signal = torch.zeros(1, 1, 12, 1)
    signal[0, 0, 0], signal[0, 0, 1] = 0.6, 1.0
    found = limb_leads_(signal)[0, 0, 2:6, 0]
    assert LEADS[2:6] == ("III", "aVR", "aVL", "aVF")
    assert found.tolist() == pytest.approx([0.4, -0.8, 0.1, 0.7])


@pytest.mark.parametrize("leads", [1, 2, 3, 8, 12, 15])
def test_a_network_may_read_any_number_of_leads(leads: int) -> None:
    spec = InputSpec(
        leads=tuple(f"lead {place}" for place in range(leads)), time_mean=(0.0,) * leads, time_std=(1.0,) * leads
    )
    encoder = Encoder("time", spec, EncoderSettings(series="wav2vec", presence=True, width=32, heads=4, layers=1))
    assert encoder(torch.randn(2, leads, 400)).shape == (2, 32)
