"""A model that reads any leads, from its training to a watch's record: what is missing and what is silent are one."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from ecgssl_core.inference import lead_use
from ecgssl_core.inference.partial import lead_sets
from ecgssl_core.inference.predict import predict, predict_all
from ecgssl_core.models.bundle import Bundle, load_bundle
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.records import Record, check_quality, gather, parse_answers, read_isolated
from ecgssl_core.records.answers import answered
from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.settings import ClassifierSettings, EncoderSettings
from ecgssl_core.signals.lead_sets import LEAD_SETS
from ecgssl_core.signals.leads import LEADS
from ecgssl_core.signals.spec import InputSpec, prepare
from ecgssl_core.training.export import release
from ecgssl_core.training.finetune import finetune
from ecgssl_core.training.lead_sets import score_lead_sets
from tests.training_small import small

NARROW = [
    *("input.rate=100", "input.window=500", "input.stride=250", "encoder.width=32", "encoder.layers=1"),
    *("encoder.heads=4", "encoder.feed_forward=64", "encoder.position_kernel=8", "training.epochs=2"),
    *("views.time.source=1000", "views.time.global_samples=500", "optimiser.warmup_epochs=0", "optimiser.rate=2e-3"),
]
SETS = [leads for _, leads in LEAD_SETS] + [("V5",), ("II", "V1", "V6"), LEADS[6:]]


@pytest.fixture(scope="module")
def runs(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RunDir]]:
    """A network that is told which leads are there, on two folds, scored by lead sets; it is the program's own data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ECGSSL_DATA", str(tmp_path_factory.mktemp("data")))
        made = []
        for fold in (0, 2):
            run = create_run(small("oh2022-small-dx", pack, *NARROW, fold=fold))
            assert finetune(run.settings(), run)
            run.write_state("done")
            assert score_lead_sets(run) == len(LEAD_SETS)
            made.append(run)
        yield made


@pytest.fixture(scope="module")
def bundle(runs: list[RunDir], tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("models") / "any-leads"
    release(runs, folder)
    return load_bundle(folder)


@pytest.fixture(scope="module")
def record(real: Callable[[str], Path]) -> Record:
    return read_isolated(gather([real("cinc2020") / "georgia" / "E00001.hea"])[0]).records[0]


@pytest.fixture(scope="module")
def watch(real: Callable[[str], Path]) -> Record:
    """One lead of a hand-held device, which its wearer says is lead I."""
    (found,) = read_isolated(gather([real("af2017") / "A00007.hea"])[0]).records
    return answered(found, parse_answers(leads="I"))


def reduced(record: Record, leads: tuple[str, ...]) -> Record:
    """The record as a device with these electrodes would have written it."""
    rows = [record.leads.index(lead) for lead in leads]
    return dataclasses.replace(
        record, signal=record.signal[rows], leads=leads, lsb_mv=tuple(record.lsb_mv[row] for row in rows)
    )


def silenced(record: Record, leads: tuple[str, ...]) -> Record:
    """The record with all other leads at 0 mV."""
    stays = np.array([lead in leads for lead in record.leads])
    return dataclasses.replace(record, signal=np.where(stays[:, None], record.signal, np.float32(0)))


def probabilities(bundle: Bundle, record: Record, anyway: bool = False) -> list[float]:
    said = predict(bundle, record, anyway=anyway)
    assert said.abstained is None
    return [one.probability for one in said.findings]


@pytest.mark.parametrize("leads", SETS, ids=", ".join)
def test_a_record_with_fewer_leads_is_simply_read(bundle: Bundle, record: Record, leads: tuple[str, ...]) -> None:
    said = predict(bundle, reduced(record, leads), anyway=True)
    asked = predict(bundle, record, leads, anyway=True)
    assert [one.probability for one in said.findings] == [one.probability for one in asked.findings]
    filled = ("III", "aVR", "aVL", "aVF") if {"I", "II"} <= set(leads) else ()
    assert set(said.leads) == {*leads, *filled}
    assert not [issue for issue in said.issues if "missing" in issue["sentence"]]


@pytest.mark.parametrize("leads", SETS, ids=", ".join)
def test_a_missing_lead_and_that_lead_silenced_are_the_same(
    bundle: Bundle, record: Record, leads: tuple[str, ...]
) -> None:
    missing = probabilities(bundle, reduced(record, leads), anyway=True)
    assert probabilities(bundle, silenced(record, leads), anyway=True) == missing


@pytest.mark.parametrize(
    ("modalities", "series", "presence"),
    [
        (("time",), "wav2vec", True),
        (("time",), "wav2vec", False),
        (("time", "spectrogram"), "xresnet1d50", False),
    ],
)
def test_every_network_gives_a_missing_lead_and_a_silent_one_the_same(
    record: Record, modalities: tuple[str, ...], series: str, presence: bool
) -> None:
    torch.manual_seed(0)
    statistics = {"time_mean": (0.3,) * 12, "time_std": (0.2,) * 12}
    spec = InputSpec(window=256, fewer_leads=True, **statistics)
    encoder = EncoderSettings(
        series=series, presence=presence, width=32, layers=1, heads=4, feed_forward=64, position_kernel=8
    )
    network = Classifier(ClassifierSettings(modalities=modalities), spec, 5, encoder).eval()

    def logits(one: Record) -> torch.Tensor:
        with torch.no_grad():
            return network(torch.from_numpy(prepare(one.signal, one.rate, one.leads, spec))).logits

    for leads in (("I",), ("II", "V2"), LEADS[6:]):
        assert torch.equal(logits(reduced(record, leads)), logits(silenced(record, leads)))
    assert not torch.allclose(logits(reduced(record, ("I",))), logits(reduced(record, ("II",))))


def test_a_watch_s_record_is_read_and_the_answer_says_with_what(bundle: Bundle, watch: Record) -> None:
    assert check_quality(watch).blocked is None
    said = predict(bundle, watch)
    assert said.abstained is None
    assert said.leads == ("I",)
    assert said.leads_note is not None
    assert said.leads_note.startswith("Read with I. Tested with lead I: macro AUROC ")
    tree = said.as_json()
    assert (tree["leads"], tree["leads_note"]) == (("I",), said.leads_note)
    assert not [issue for issue in said.issues if "missing" in issue["sentence"]]


def test_a_model_of_twelve_leads_names_the_one_that_can(
    bundle: Bundle, watch: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = dataclasses.replace(bundle, manifest=bundle.manifest.model_copy(update={"input": _twelve(bundle)}))
    monkeypatch.setattr(lead_use, "reads_fewer", lambda: "any-leads")
    said = predict(strict, watch)
    assert said.findings == ()
    assert said.abstained is not None
    assert said.abstained.startswith("Not assessed: the model reads 12 leads, and II, III, aVR")
    assert said.abstained.endswith("are missing here; the model any-leads reads records with fewer.")
    assert predict(bundle, watch, ("V5",)).abstained == "Not assessed: the record has none of the leads V5."


def _twelve(bundle: Bundle) -> dict[str, object]:
    return {**bundle.manifest.input, "fewer_leads": False}


def test_leads_that_were_never_tested_are_not_assessed(bundle: Bundle, record: Record) -> None:
    one = predict(bundle, reduced(record, ("V5",)), anyway=True)
    assert {finding.status for finding in one.findings} == {"not assessed"}
    both = predict(bundle, reduced(record, ("I", "V5")), anyway=True)
    assert both.leads_note is not None
    assert "with the others beside it the model was not tested" in both.leads_note


def test_the_answer_does_not_depend_on_what_is_asked_beside_it(bundle: Bundle, record: Record, watch: Record) -> None:
    short = dataclasses.replace(record, signal=record.signal[:, : int(3 * record.rate)])
    group = [short, record, reduced(record, ("I", "V2")), watch]
    alone = [predict(bundle, one) for one in group]
    for said, beside in zip(alone, predict_all(bundle, group), strict=True):
        assert [one.probability for one in beside.findings] == [one.probability for one in said.findings]


def test_an_embedding_does_not_depend_on_its_batch_mates(runs: list[RunDir], bundle: Bundle, record: Record) -> None:
    """A 3-s record beside one of 10 s, in the network as it was trained and as it is at rest."""
    del runs
    spec = bundle.input
    short = prepare(record.signal[:, : int(3 * record.rate)], record.rate, record.leads, spec)
    long = prepare(record.signal, record.rate, record.leads, spec)
    torch.manual_seed(0)
    trained = Classifier(bundle.manifest.classifier, spec, 24, bundle.manifest.encoder).eval()
    for network in (trained, bundle.model):
        with torch.no_grad():
            together = network(torch.from_numpy(np.concatenate([short, long]))).features
            for place, windows in ((slice(0, 1), short), (slice(1, None), long)):
                apart = (together[place] - network(torch.from_numpy(windows)).features).abs().max()
                assert apart < 1e-5


def test_card_and_manifest_say_how_well_it_does_by_leads(bundle: Bundle, runs: list[RunDir]) -> None:
    tested = bundle.manifest.tested
    assert [one.leads for one in tested] == [leads for _, leads in LEAD_SETS]
    assert tested[0].less is None
    scored = [found for run in runs if (found := run.results()) is not None]
    assert tested[0].records == sum(found["records"]["test"] for found in scored)
    limb, two = (next(one for one in tested if one.name == name) for name in ("6 limb leads", "2 leads"))
    assert two.auroc.value == pytest.approx(limb.auroc.value, abs=0.02)


def test_the_slider_has_the_sets_of_the_record_with_their_figures(
    bundle: Bundle, record: Record, watch: Record
) -> None:
    sets = lead_sets(bundle, record, ["chest"])
    assert [one.name for one in sets] == [*(name for name, _ in LEAD_SETS), "chest leads"]
    assert [one.tested for one in sets] == [True] * len(LEAD_SETS) + [False]
    assert [one.figures is not None for one in sets][-1] is False
    assert [(one.name, one.leads) for one in lead_sets(bundle, watch)] == [("lead I", ("I",))]
    whole = predict(bundle, record)
    said = [dataclasses.replace(one, unsupported=None) for one in whole.findings]
    if whole.abstained is None:
        assert list(sets[0].findings) == said
