"""Every objective of Oh et al. 2022 and its comparators: pretrained on real records, taken over, and told apart."""

from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.corpus.repeaters import part_persons
from ecgssl_core.errors import SettingsError
from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.settings import Settings
from ecgssl_core.signals.lead_sets import LEAD_SETS
from ecgssl_core.training.checkpoint import load_weights
from ecgssl_core.training.finetune import finetune
from ecgssl_core.training.identify import choose_persons
from ecgssl_core.training.identity_figures import WEAKER
from ecgssl_core.training.pretrain import pretrain
from tests.training_small import small

pytestmark = pytest.mark.usefixtures("data")

METHODS = ("", "-w2v", "-cmsc", "-simclr", "-byol", "-3kg", "-cpc")
# the form of the preset at a fifth of its rate, in a network of two narrow layers
FORM = [
    *("input.rate=100", "input.window=500", "input.stride=500", "encoder.width=32", "encoder.layers=2"),
    *("encoder.heads=4", "encoder.feed_forward=64", "encoder.position_kernel=8", "training.epochs=1"),
    *("local.entries=16", "local.negatives=20", "training.probe_epochs=0", "optimiser.warmup_epochs=0"),
]


def settings_of(name: str, pack: Path, *changes: str, fold: int = 0, encoders: tuple[str, ...] = ()) -> Settings:
    pair = name in ("", "-cmsc", "-dx", "-probe")
    lengths = [f"views.time.source={1000 if pair else 500}", "views.time.global_samples=500", "views.locals=0"]
    return small(f"oh2022-small{name}", pack, *FORM, *lengths, *changes, fold=fold, encoders=encoders)


def done(settings: Settings) -> RunDir:
    run = create_run(settings)
    assert (pretrain if settings.pretrains else finetune)(settings, run)
    run.write_state("done", 1, 1, 1, 1)
    return run


@pytest.mark.parametrize("masking", ["true", "false"])
@pytest.mark.parametrize("name", METHODS)
def test_each_objective_trains_with_lead_masking_and_without(pack: Path, name: str, masking: str) -> None:
    run = done(settings_of(name, pack, f"views.lead_masking={masking}"))
    (line,) = run.metrics()
    assert np.isfinite(line["loss"])
    assert line["feature_rank"] > 1
    weights = load_weights(run.checkpoints(), "student.encoder.")
    assert all(value.isfinite().all() for value in weights.values())


def test_what_was_pretrained_is_fine_tuned_and_reads_fewer_leads(pack: Path) -> None:
    before = done(settings_of("", pack))
    run = done(settings_of("-dx", pack, "training.epochs=2", encoders=(before.name,)))
    found = run.results()
    assert found is not None
    assert found["arm"] == "SSL-T"
    assert run.provenance()["loaded"][0]["tensors"] == len(load_weights(before.checkpoints(), "student.encoder."))
    frozen = load_weights(before.checkpoints(), "student.encoder.network.frame_encoder.")
    after = load_weights(run.checkpoints(), "classifier.encoders.time.network.frame_encoder.")
    assert all((frozen[name] == after[name]).all() for name in frozen)


def test_persons_are_told_apart_by_what_was_pretrained(pack: Path) -> None:
    whole = open_pack(pack)
    persons = part_persons(whole, [], -1, deciding=1)
    before = done(settings_of("", pack, fold=-1))
    words = ("data.exposure='transductive'", "identity.deciding_folds=1")
    run = done(settings_of("-id", pack, *words, fold=-1, encoders=(before.name,)))
    found = run.identification()
    assert found is not None
    assert (found["persons"], found["deciding"]) == (len(persons.gallery), len(persons.others))
    assert list(found["sets"]) == [name for name, _ in LEAD_SETS]
    assert found["exposure"]["name"] == "transductive"
    assert found["frozen"]["run"] == before.name
    # no person who is tested or decides was trained on
    trained = set(run.provenance()["seen"]) - set(before.provenance()["seen"])
    assert trained <= set(whole.table["sha256"].iloc[persons.others])
    limbs, two = found["sets"]["6 limb leads"], found["sets"]["2 leads"]
    assert limbs["recordings"] == two["recordings"]  # the limb leads follow from I and II
    whole_set = found["sets"]["12 leads"]
    assert whole_set["recordings"]["thresholds"]["0.01"]["threshold"] is None  # too few pairs decide
    assert "pairs decide, and 3,000 are needed" in whole_set["recordings"]["thresholds"]["0.01"]["why"]
    assert whole_set["crops of one recording"]["what"] == WEAKER
    assert whole_set["crops of one recording"]["probes"] == len(persons.held) - len(persons.probes)


def test_from_scratch_the_convolutions_must_learn(pack: Path) -> None:
    with pytest.raises(SettingsError, match="convolutions would stay as they were drawn"):
        choose_persons(settings_of("-id", pack, fold=-1))
    assert choose_persons(settings_of("-id", pack, "encoder.frame_gradient=0.1", fold=-1))
