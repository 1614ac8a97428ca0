"""The grid of pretrainings, probes, shares and lead sets on real records; frozen encoders are asked once."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from ecgssl_core.cli import main
from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.leaks import hashes_seen
from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.corpus.source import open_source
from ecgssl_core.errors import CorpusError, LeakError, SettingsError
from ecgssl_core.methods.on_features import OnFeatures, never_changes
from ecgssl_core.methods.supervised import Supervised
from ecgssl_core.runs import create_run, list_runs, open_run, open_sweep
from ecgssl_core.signals.chance import Chance
from ecgssl_core.training.finetune import finetune, start
from ecgssl_core.training.kept import Kept, bytes_kept
from ecgssl_core.training.pretrain import choose_unlabelled, input_spec
from ecgssl_core.training.ready import refuse_unready
from ecgssl_core.training.recordings import Recordings, leads_given
from tests.training_small import small

pytestmark = pytest.mark.usefixtures("data")

TINY = [
    *("input.rate=100", "input.window=500", "input.stride=250", "encoder.width=32", "encoder.layers=1"),
    *("encoder.heads=4", "encoder.feed_forward=64", "encoder.position_kernel=8", "encoder.frame_width=16"),
    *("views.time.source=1000", "views.time.global_samples=500", "training.epochs=1", "training.batch=8"),
    *("training.threads=1", "optimiser.warmup_epochs=0", "local.entries=16", "local.negatives=20"),
]


@pytest.fixture
def other(real: Callable[[str], Path], pack: Path, tmp_path: Path) -> Path:
    """Give a pack of other real records, among them five that the labelled pack holds too."""
    folder = tmp_path / "other" / "records" / "some"
    folder.mkdir(parents=True)
    source = real("cinc2020")
    known = [source / "ptb-xl" / f"{key.rpartition('/')[2]}.hea" for key in open_pack(pack).table["key"][:5]]
    for header in [*known, *sorted((source / "georgia").glob("*.hea"))[:16]]:
        for path in (header, header.with_suffix(".mat")):
            shutil.copy(path, folder / path.name)
    build_pack(open_source(None, folder.parent), tmp_path / "other-pack")
    return tmp_path / "other-pack"


def test_one_command_does_the_grid_and_the_same_words_again_nothing(pack: Path, other: Path) -> None:
    words = ["crossval", str(pack), "--family", "oh2022-small", "--arms", "SSL-T-attention,prevalence"]
    words += ["--begin", "tiny=oh2022-small", "--external", "--unlabelled", str(other), "--folds", "0"]
    words += ["--shares", "0.5", "--leads", "I+II", "--set", *TINY]
    words += ["--pretrain-set", *TINY, "--name", "grid", "--wait", "--at-once", str(min(2, os.cpu_count() or 1))]
    assert main(words) == 0
    runs = open_sweep("grid").runs()
    assert len(runs) == 1 + 1 + 1
    done = {part: open_run(name) for part, name in runs.items()}
    before = done.pop("pretrain tiny seed 0")
    whole = open_pack(pack)
    assert not set(before.provenance()["seen"]) & set(whole.table["sha256"])
    assert before.provenance()["records"] == 16
    found = {run.results()["arm"]: run.results()["protocol"]["pretraining"] for run in done.values()}  # type: ignore[index]
    pure = "external-pure: no record of this corpus seen"
    assert found == {"SSL-T-attention tiny on I,II": pure, "prevalence": "none"}
    names = {run.name for run in list_runs()}
    assert main(words) == 0
    assert {run.name for run in list_runs()} == names


def test_what_is_pretrained_outside_holds_no_kin_of_the_labelled_pack(pack: Path, other: Path) -> None:
    settings = small("oh2022-small", pack, "data.exposure='external_pure'", fold=-1)
    with pytest.raises(CorpusError, match="Nothing is left to pretrain on"):
        choose_unlabelled(settings)
    part = settings.data.model_copy(update={"unlabelled": (str(other),)})
    ((chosen, rows),) = choose_unlabelled(settings.model_copy(update={"data": part})).packs
    assert chosen.path == other
    assert len(rows) == 16
    assert not set(hashes_seen(chosen, rows)) & set(open_pack(pack).table["sha256"])


def test_an_encoder_that_saw_a_training_record_is_not_called_external(pack: Path) -> None:
    run = create_run(small("oh2022-small-w2v", pack, *TINY, fold=0))
    run.write_provenance(
        {"seen": [open_pack(pack).table["sha256"].iloc[0]], "spec": input_spec(run.settings()).as_json()}
    )
    run.write_state("done")
    settings = small("oh2022-small-probe", pack, *TINY, "data.exposure='external_pure'", encoders=(run.name,))
    with pytest.raises(LeakError, match="has seen 1 records of this pack"):
        refuse_unready(settings, "finetune")


@pytest.mark.parametrize("probe", ["linear", "attention"])
def test_a_probe_learns_the_same_from_features_as_from_the_windows_themselves(pack: Path, probe: str) -> None:
    settings = small("oh2022-small-probe", pack, *TINY, f"classifier.probe='{probe}'")
    spec, whole = input_spec(settings), open_pack(pack)
    recordings = Recordings.of([(whole, whole.table.index.to_numpy()[:6])], spec)
    method, _ = start(settings, spec, 24, [])
    assert isinstance(method, OnFeatures)
    method.train()
    kept = Kept.of(recordings, method, spec, lambda: None)
    assert kept.features.numel() * 4 == bytes_kept(recordings, method, spec)
    records = torch.arange(6)
    starts = Chance.of(0, 0, records).below(kept.count)  # what `stretches` draws from the same chance
    drawn = kept.stretches(records, spec.window, Chance.of(0, 0, records))
    windows = recordings.cut(records, starts * spec.stride, spec.window)
    expected = method.classifier(windows)
    torch.testing.assert_close(method.reader(method.classifier)(drawn).logits, expected.logits, atol=1e-4, rtol=1e-3)
    with pytest.raises(ValueError, match="windows of 500 samples"):
        kept.stretches(records, 250, Chance.of(0, 0, records))


def test_only_what_never_changes_is_kept(pack: Path) -> None:
    def changes(*words: str) -> bool:
        return not never_changes(small("oh2022-small-probe", pack, *words))

    assert not changes()
    assert changes("classifier.augment=true")
    assert changes("classifier.mix=0.5")
    assert changes("classifier.windows=2")
    assert changes("classifier.probe='none'")
    assert type(
        start(small("oh2022-small-dx", pack, *TINY), input_spec(small("oh2022-small-dx", pack, *TINY)), 3, [])[0]
    ) is (Supervised)


def test_frozen_encoders_are_asked_once_whatever_the_number_of_epochs(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    features = OnFeatures.features
    monkeypatch.setattr(
        OnFeatures, "features", lambda self, windows: asked.append(len(windows)) or features(self, windows)
    )
    run = create_run(small("oh2022-small-probe", pack, *TINY, "training.epochs=30"))
    assert finetune(run.settings(), run)
    losses = [line["loss"] for line in run.metrics()]
    assert len(losses) == 30
    assert losses[-1] < 0.9 * losses[0]
    assert sum(asked) == 3 * run.provenance()["records"]  # windows at 0, 2.5 and 5 s of records of 10 s


def test_a_fine_tuning_on_few_leads_reads_those_and_what_follows_from_them(pack: Path) -> None:
    settings = small("oh2022-small-dx", pack, *TINY, "data.leads=['I','II']")
    spec, whole = input_spec(settings), open_pack(pack)
    given = leads_given(settings, spec)
    assert given == ("I", "II")
    recordings = Recordings.of([(whole, whole.table.index.to_numpy()[:2])], spec, given)
    signal = recordings.cut(torch.arange(2), torch.zeros(2, dtype=torch.int64), 500)
    assert signal[:, :6].any(dim=2).all()
    assert not signal[:, 6:].any()
    with pytest.raises(SettingsError, match="no lead 'v1'"):
        leads_given(small("oh2022-small-dx", pack, "data.leads=['v1']"), spec)


def test_the_plan_of_a_grid_survives_as_json(pack: Path) -> None:
    settings = small("oh2022-small-dx", pack, "data.leads=['I','II']", "data.begun='w2v+rlm'")
    assert json.loads(settings.model_dump_json())["data"]["leads"] == ["I", "II"]
