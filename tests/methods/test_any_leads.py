"""Lead masking in self-distillation and in the fine-tuning of the gate fusion, on real records."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from ecgssl_core.methods.method import Batch
from ecgssl_core.methods.self_distillation import SelfDistillation
from ecgssl_core.methods.supervised import Supervised
from ecgssl_core.models.classifier import Classifier, Output
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.records import gather, read_isolated
from ecgssl_core.settings import Settings, load_preset, override
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec, arrange
from ecgssl_core.signals.views import Views

RECORDS = 6
FAMILIES = ("quick-any-leads", "phan2022-any-leads")


@pytest.fixture(scope="module")
def signals(real: Callable[[str], Path]) -> Tensor:
    """Five seconds of real records, (records, 12, 500) in mV at 100 Hz."""
    found = []
    for header in sorted((real("cinc2020") / "georgia").glob("*.hea"))[:RECORDS]:
        record = read_isolated(gather([header])[0]).records[0]
        found.append(arrange(record.signal, record.rate, record.leads, InputSpec())[:, :500])
    return torch.from_numpy(np.stack(found))


def chance_of(step: int) -> Chance:
    return Chance.of(3, step, torch.arange(RECORDS))


def views_of(settings: Settings, signals: Tensor, step: int = 0) -> Views:
    method = SelfDistillation(Encoder(settings.modality, InputSpec(log_spectrogram=True)), settings)
    return method.views(signals[..., : method.source_samples], chance_of(step))


def narrow(preset: str) -> Settings:
    words = ["views.time.source=500", "distillation.prototypes=16", "distillation.hidden=32", "views.locals=3"]
    return override(load_preset(preset), words)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("modality", ["time", "spectrogram"])
def test_each_view_loses_its_own_whole_leads_and_keeps_one(signals: Tensor, family: str, modality: str) -> None:
    settings = narrow(f"{family}-{modality}")
    if modality == "time":
        settings = override(settings, ["views.time.cutout=false", "views.time.noise=true"])
    counts = []
    for step in range(4):
        for group in views_of(settings, signals, step).groups():
            assert group.stays is not None
            there = group.values.flatten(3).any(dim=3)  # (batch, views, leads)
            assert torch.equal(there, group.stays)  # noise brings no lead back, and no other lead is lost
            assert there.any(dim=2).all()
            assert (there[:, 0] != there[:, 1]).any()
            counts += there.sum(dim=2).flatten().tolist()
    # any number of leads is as likely as another: single leads come up, and so do all
    assert {1, 2, 11, 12} <= set(counts)


def test_a_masked_lead_of_a_spectrogram_is_what_a_silent_lead_looks_like(signals: Tensor) -> None:
    settings = override(narrow("quick-any-leads-spectrogram"), ["views.spectrogram.cutout=false"])
    group = views_of(settings, signals).global_views
    encoder = Encoder("spectrogram", InputSpec(log_spectrogram=True))
    silence = encoder.view(torch.zeros(1, 12, settings.views.spectrogram.source))
    assert group.stays is not None
    assert (group.values[~group.stays] == silence.unique()).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_fine_tuning_masks_whole_leads_of_each_window_for_both_encoders(signals: Tensor, family: str) -> None:
    settings = override(load_preset(f"{family}-tsg"), ["classifier.windows=2", "views.time.cutout=false"])
    classifier = Classifier(settings.classifier, InputSpec(log_spectrogram=True, fewer_leads=True), 3)
    method, seen = Supervised(classifier, settings), []

    def keep(_module: Classifier, inputs: tuple[Tensor, ...], _output: Output) -> None:
        seen.append(inputs[0].detach())

    classifier.register_forward_hook(keep)
    labels = torch.zeros(RECORDS, 3, dtype=torch.int8)
    counts = []
    for step in range(6):
        method.loss(Batch(signals.clone(), labels), chance_of(step))
        (windows,) = seen  # (records x windows, leads, samples), of which both encoders make what they read
        seen.clear()
        there = windows.any(dim=2)
        assert there.any(dim=1).all()
        counts += there.sum(dim=1).tolist()
        image = classifier.views(windows)[1]
        assert not image.flatten(2).any(dim=2)[~there].any()
    assert min(counts) == 1
    assert max(counts) == 12


def test_a_lead_that_a_record_lacks_stays_away_whatever_is_done_to_the_others(signals: Tensor) -> None:
    one = signals.clone()
    one[:, 1:] = 0.0
    words = [
        "views.lead_masking=false",
        *(f"views.disturb.{name}=true" for name in ("hum", "muscle", "shift", "wander")),
    ]
    settings = override(narrow("quick-any-leads-time"), [*words, "views.disturb.keep_limb_leads=false"])
    for group in views_of(settings, one).groups():
        assert group.values[:, :, 0].any(dim=-1).all()
        assert not group.values[:, :, 1:].any()


@pytest.mark.parametrize("family", FAMILIES)
def test_pretraining_and_fine_tuning_of_a_family_read_the_same_input(family: str) -> None:
    kinds = [load_preset(f"{family}-{kind}") for kind in ("time", "spectrogram", "tsg")]
    assert all(one.input == kinds[0].input for one in kinds)
    assert kinds[0].input.fewer_leads
    base = load_preset(f"{family.removesuffix('-any-leads')}-tsg")
    assert base.optimiser == kinds[2].optimiser
