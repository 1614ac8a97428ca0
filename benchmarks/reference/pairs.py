"""What is timed, built twice from the same weights and inputs: as the program does it, and in plain loops."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch

from ecgssl_core.inference.windows import record_logits, score_windows
from ecgssl_core.methods.method import Batch
from ecgssl_core.methods.self_distillation import SelfDistillation
from ecgssl_core.methods.supervised import Supervised
from ecgssl_core.models.at_rest import at_rest
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import Modality, Settings, load_preset, override
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import cut_windows
from ecgssl_core.signals.views import Views

from .distillation import PlainDistillation
from .fine_tuning import PlainFineTuning, plain_fused, plain_images, plain_probabilities
from .made import CLASSES, SPEC, Size, made_signal
from .our_step import OurStep
from .series_views import series_views
from .spectrogram_views import spectrogram_views

Work = Callable[[], object]
MODALITIES: tuple[Modality, ...] = ("time", "spectrogram")
MOMENTUM = 0.996


@dataclass(frozen=True)
class Pair:
    """One row of the table.

    name: what is done; ours, reference: build it and give a call that does it once; gflop: arithmetic of the plain form
    for a record (two a multiply-add), None where that says nothing; one_core: measured with one thread only.
    """

    name: str
    ours: Callable[[Size], Work]
    reference: Callable[[Size], Work]
    gflop: float | None = None
    one_core: bool = False
    records: Callable[[Size], int] = lambda size: size.batch


def pretraining(modality: Modality, size: Size, *changes: str) -> tuple[Settings, SelfDistillation]:
    """Give the published settings of a modality and a method with fresh weights."""
    words = [f"training.batch={size.batch}", f"distillation.prototypes={size.prototypes}", "training.device=cpu"]
    settings = override(load_preset(f"phan2022-{modality}"), [*words, *changes])
    torch.manual_seed(0)
    return settings, SelfDistillation(Encoder(modality, SPEC), settings)


def fixed_views(method: SelfDistillation, size: Size) -> Views:
    """Give views of a batch, to train on again and again."""
    return _views_again(method, size)()


def _views_again(method: SelfDistillation, size: Size) -> Callable[[], Views]:
    source = torch.from_numpy(made_signal(size.batch, method.source_samples))
    return lambda: method.views(source, Chance.of(0, 0, torch.arange(size.batch)))


def _our_views(modality: Modality) -> Callable[[Size], Work]:
    def build(size: Size) -> Work:
        _, method = pretraining(modality, size, "views.time.cutout_per_lead=true")
        return _views_again(method, replace(size, batch=size.views))

    return build


def _plain_views(modality: Modality) -> Callable[[Size], Work]:
    def build(size: Size) -> Work:
        settings, method = pretraining(modality, size, "views.time.cutout_per_lead=true")
        source = made_signal(size.views, method.source_samples)
        if modality == "time":
            return lambda: series_views(source, settings.views, 0)
        return lambda: spectrogram_views(source, SPEC, settings.views, 0)

    return build


def our_pretraining(modality: Modality, *changes: str) -> Callable[[Size], Work]:
    """Give what builds our pretraining step on views that are there already."""

    def build(size: Size) -> Work:
        settings, method = pretraining(modality, size, *changes)
        views = fixed_views(method, size)
        method.views = lambda _source, _chance: views  # type: ignore[method-assign, assignment]
        step = OurStep(method, settings)
        batch = Batch(torch.zeros(size.batch, 12, method.source_samples), None, watched=False)
        return lambda: step(batch, Chance.of(0, 0, torch.arange(size.batch)))

    return build


def _plain_pretraining(modality: Modality) -> Callable[[Size], Work]:
    def build(size: Size) -> Work:
        # all ten spectrogram views have the whole width, as published
        _, method = pretraining(modality, size, "views.spectrogram.local_high=1.0")
        values = [group.values for group in fixed_views(method, size).groups()]
        views = [view.contiguous() for group in values for view in group.unbind(1)]
        plain = PlainDistillation(method, modality, SPEC)
        return lambda: plain.step(views, MOMENTUM)

    return build


def classifier_of(size: Size) -> tuple[Settings, Classifier]:
    """Give the published settings of fine-tuning and a network with fresh weights."""
    words = [f"training.batch={size.batch}", f"classifier.windows={size.windows}", "training.device=cpu"]
    settings = override(load_preset("phan2022-tsg"), words)
    torch.manual_seed(0)
    return settings, Classifier(settings.classifier, SPEC, CLASSES)


def classifier_at_rest(size: Size) -> Classifier:
    """Give the same network in the form in which a released one predicts."""
    classifier = classifier_of(size)[1].eval().requires_grad_(False)
    at_rest(classifier)
    return classifier


def _our_fine_tuning(size: Size) -> Work:
    settings, classifier = classifier_of(size)
    method = Supervised(classifier, settings)
    step = OurStep(method, settings)
    source = torch.from_numpy(made_signal(size.batch, method.source_samples))
    batch = Batch(source, torch.zeros(size.batch, CLASSES, dtype=torch.int8))
    return lambda: step(batch, Chance.of(0, 0, torch.arange(size.batch)))


def _plain_fine_tuning(size: Size) -> Work:
    _, classifier = classifier_of(size)
    plain = PlainFineTuning(plain_fused(classifier, SPEC, CLASSES))
    windows = made_signal(size.batch * size.windows, SPEC.window)
    images = torch.from_numpy(plain_images(windows, SPEC))  # as published: made once, before training
    labels = torch.zeros(len(windows), CLASSES)
    return lambda: plain.step(torch.from_numpy(windows), images, labels)


def _our_inference(size: Size) -> Work:
    classifier = classifier_at_rest(size)
    signals = made_signal(size.few, 1000)
    return lambda: [record_logits(score_windows(classifier, cut_windows(signal, SPEC)).logits) for signal in signals]


def _plain_inference(size: Size) -> Work:
    _, classifier = classifier_of(size)
    plain, signals = plain_fused(classifier, SPEC, CLASSES), made_signal(size.few, 1000)
    return lambda: [plain_probabilities(plain, signal, SPEC) for signal in signals]


def _views_pair(modality: Modality, name: str) -> Pair:
    return Pair(name, _our_views(modality), _plain_views(modality), one_core=True, records=lambda size: size.views)


def pairs() -> list[Pair]:
    """List what is timed."""
    whole_width = "views.spectrogram.local_high=1.0"
    series, image = _plain_pretraining("time"), _plain_pretraining("spectrogram")
    return [
        _views_pair("time", "series views"),
        _views_pair("spectrogram", "spectrogram views"),
        Pair("series step", our_pretraining("time"), series, 1.53),
        Pair("spectrogram step", our_pretraining("spectrogram", whole_width), image, 3.25),
        Pair("spectrogram step, narrow local views", our_pretraining("spectrogram"), image, 3.25),
        Pair("fused fine-tuning", _our_fine_tuning, _plain_fine_tuning, 5 * 0.41),
        Pair("inference one by one", _our_inference, _plain_inference, 7 * 0.137, records=lambda size: size.few),
    ]
