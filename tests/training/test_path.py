"""The way from real records to a released model that predicts, and what must be refused on it."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from ecgssl_core.corpus.folds import read_folds
from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.errors import LeakError, RunError
from ecgssl_core.inference.card import read_card, verify_card
from ecgssl_core.inference.predict import predict
from ecgssl_core.models.bundle import load_bundle
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.manifest import MANIFEST, WEIGHTS
from ecgssl_core.records import Record
from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.signals.leads import LEADS
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.training.checkpoint import load_weights
from ecgssl_core.training.export import release
from ecgssl_core.training.finetune import finetune, start
from ecgssl_core.training.pretrain import choose_unlabelled, pretrain
from tests.training_small import FOLDS, small

pytestmark = pytest.mark.usefixtures("data")


def _pretrained(pack: Path, modality: str, fold: int = 0) -> RunDir:
    run = create_run(small(f"quick-{modality}", pack, fold=fold))
    assert pretrain(run.settings(), run)
    run.write_state("done")
    return run


def _finetuned(pack: Path, *changes: str, fold: int = 0, encoders: tuple[str, ...] = ()) -> RunDir:
    run = create_run(small("quick-tsg", pack, *changes, fold=fold, encoders=encoders))
    assert finetune(run.settings(), run)
    run.write_state("done")
    return run


def test_records_become_a_model_that_predicts_as_it_scored(pack: Path, data: Path) -> None:
    encoders = tuple(_pretrained(pack, modality).name for modality in ("time", "spectrogram"))
    run = _finetuned(pack, encoders=encoders)
    found = run.results()
    assert found is not None
    assert found["arm"] == "SSL-TSG"
    assert len(found["per_class"]) == 24
    assert found["gates"]["mean"]["time"] + found["gates"]["mean"]["spectrogram"] == pytest.approx(1)

    manifest = release([run], data / "models" / "tiny")
    assert manifest.training.runs == (run.name, *encoders)
    assert verify_card(data / "models" / "tiny") == ()
    assert "must not be used" in read_card(data / "models" / "tiny").text

    weights = (data / "models" / "tiny" / WEIGHTS).read_bytes()
    again = release([run], data / "models" / "tiny", version="9.9.9", keep_weights=True)
    assert (again.version, again.decision, again.parts[WEIGHTS]) == (
        "9.9.9",
        manifest.decision,
        manifest.parts[WEIGHTS],
    )
    assert (data / "models" / "tiny" / WEIGHTS).read_bytes() == weights
    shutil.copytree(data / "models" / "tiny", data / "models" / "other")
    told = (data / "models" / "other" / MANIFEST).read_text()
    (data / "models" / "other" / MANIFEST).write_text(told.replace(run.name, "another"))
    with pytest.raises(RunError, match="holds the weights of another"):
        release([run], data / "models" / "other", keep_weights=True)

    bundle, whole, frame = load_bundle(data / "models" / "tiny"), open_pack(pack), run.predictions()
    assert frame is not None
    test = frame[frame["split"] == "test"].iloc[0]
    row = whole.table.index[whole.table["key"] == test["key"]][0]
    record = Record(
        "one", whole.signal(row), 100.0, LEADS, dict.fromkeys(LEADS, "file"), (0.001,) * 12, None, None, "made", (), ()
    )
    said = predict(bundle, record)
    assert said.abstained is None
    for finding in said.findings:
        assert finding.probability == pytest.approx(test[f"p_{finding.code}"], abs=0.01)
        assert finding.low <= finding.probability <= finding.high or finding.low == pytest.approx(finding.high, abs=0.2)


def test_what_pretraining_sees_holds_no_record_of_the_held_out_folds(pack: Path) -> None:
    whole, folds = open_pack(pack), read_folds(open_pack(pack))
    seen = set(choose_unlabelled(small("quick-time", pack, fold=1)).seen)
    held = set(whole.table["sha256"].iloc[[*folds.test(1), *folds.validation(1)]])
    assert seen
    assert not seen & held


def test_an_encoder_that_saw_the_test_fold_is_refused(pack: Path) -> None:
    name = _pretrained(pack, "time", fold=2).name
    run = create_run(small("quick-tsg", pack, 'classifier.modalities=["time"]', fold=0, encoders=(name,)))
    with pytest.raises(LeakError, match="has seen"):
        finetune(run.settings(), run)


def test_encoders_are_taken_over_to_the_last_number(pack: Path) -> None:
    run = _pretrained(pack, "time")
    stored = load_weights(run.checkpoints(), "student.encoder.")
    settings = small("quick-tsg", pack, encoders=(run.name,))
    method, _ = start(settings, InputSpec.from_json(run.provenance()["spec"]), 24, [run])
    encoder = method.classifier.encoders["time"]
    assert isinstance(encoder, Encoder)
    assert encoder.state_dict().keys() == stored.keys()
    assert all(torch.equal(value, stored[name]) for name, value in encoder.state_dict().items())


def test_an_encoder_of_another_modality_is_refused(pack: Path) -> None:
    run = _pretrained(pack, "spectrogram")
    settings = small("quick-tsg", pack, 'classifier.modalities=["time"]')
    with pytest.raises(RunError, match="spectrogram encoder"):
        start(settings, InputSpec(), 24, [run])


def test_statistics_come_from_training_records_only(pack: Path) -> None:
    runs = [create_run(small("quick-time", pack, "training.epochs=1", "input.highpass_hz=0", fold=0)) for _ in range(2)]
    pretrain(runs[0].settings(), runs[0])
    whole, folds = open_pack(pack), read_folds(open_pack(pack))
    rows = [*folds.train(0)]
    joined = np.concatenate([whole.signal(row) for row in rows], axis=1)
    spec = InputSpec.from_json(runs[0].provenance()["spec"])
    np.testing.assert_allclose(spec.time_mean, joined.mean(axis=1), atol=1e-3)
    np.testing.assert_allclose(spec.time_std, joined.std(axis=1), rtol=1e-3)


def test_a_run_that_was_stopped_ends_as_one_that_was_not(pack: Path) -> None:
    straight, stopped = (create_run(small("quick-time", pack)) for _ in range(2))
    assert pretrain(straight.settings(), straight)
    stopped.ask_to_stop()
    assert not pretrain(stopped.settings(), stopped)
    assert stopped.state().state == "cancelled"
    stopped.forget_stop()
    assert pretrain(stopped.settings(), stopped)
    one, other = (load_weights(run.checkpoints(), "") for run in (straight, stopped))
    assert all(torch.equal(one[name], other[name]) for name in one)
    losses = [[line["loss"] for line in run.metrics()][-1] for run in (straight, stopped)]
    assert losses[0] == losses[1]


def test_scores_are_written_once(pack: Path) -> None:
    run = _finetuned(pack, 'classifier.modalities=["time"]', "training.epochs=1")
    with pytest.raises(RunError, match="scored already"):
        finetune(run.settings(), run)


def test_folds_are_pooled_and_a_fold_counts_once(pack: Path, data: Path) -> None:
    runs = [_finetuned(pack, 'classifier.modalities=["time"]', "training.epochs=1", fold=fold) for fold in (0, 1)]
    manifest = release(runs, data / "models" / "two")
    tested = [run.results()["records"]["test"] for run in runs]  # type: ignore[index]
    assert manifest.scores["pooled"]["records"] == sum(tested)
    assert manifest.scores["pooled"]["folds"] == [0, 1]
    with pytest.raises(RunError, match="same fold"):
        release([runs[0], runs[0]], data / "models" / "twice")
    assert FOLDS == 4


def test_a_run_that_is_not_finished_is_not_released(pack: Path, data: Path) -> None:
    with pytest.raises(RunError, match="not a finished"):
        release([create_run(small("quick-tsg", pack))], data / "models" / "none")


def test_a_leaking_fold_file_stops_training(pack: Path, tmp_path: Path) -> None:
    import shutil

    copied = tmp_path / "leaky"
    shutil.copytree(pack, copied)
    whole = open_pack(copied)
    table = whole.table.copy()
    folds = read_folds(whole)
    apart = [int(folds.test(0)[0]), int(folds.test(1)[0])]
    table.loc[apart, "patient"] = "one person"
    table.to_parquet(copied / "table.parquet")
    run = create_run(small("quick-time", copied))
    with pytest.raises(LeakError, match="leak"):
        pretrain(run.settings(), run)
    assert json.loads((run.path / "state.json").read_text())["state"] == "queued"
