"""From a run that tells persons apart to a part of a bundle: the same directions, its figures, and what is refused."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from ecgssl_core.cli import main
from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.corpus.repeaters import part_persons
from ecgssl_core.errors import BundleError, RunError
from ecgssl_core.evaluation.identification import ranks
from ecgssl_core.inference.card import BUNDLES
from ecgssl_core.inference.identity import directions
from ecgssl_core.methods.arcface import ArcFace
from ecgssl_core.models.bundle import load_bundle, rounded
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.identifier import load_identifier, reference_direction
from ecgssl_core.models.manifest import CARD, KNOWN, WEIGHTS, read_manifest
from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.settings import Settings
from ecgssl_core.training.finetune import finetune
from ecgssl_core.training.pretrain import input_spec
from ecgssl_core.training.release_identity import release_identity
from tests.training.test_methods_of_oh2022 import settings_of

pytestmark = pytest.mark.usefixtures("data")


def identifying(pack: Path) -> Settings:
    words = ("encoder.frame_gradient=0.1", "identity.deciding_folds=1", "training.epochs=1")
    return settings_of("-id", pack, *words, fold=-1)


@pytest.fixture
def run(pack: Path) -> RunDir:
    made = create_run(identifying(pack))
    assert finetune(made.settings(), made)
    made.write_state("done", 1, 1, 1, 1)
    return made


def test_a_run_becomes_a_part_of_a_bundle_that_still_classifies(run: RunDir, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(next(BUNDLES.glob("*/model.json")).parent, folder)
    before = {name: (folder / name).read_bytes() for name in (WEIGHTS, KNOWN)}
    assert main(["release", run.name, str(folder)]) == 0
    manifest = read_manifest(folder)[0]
    found = run.identification()
    assert manifest.identity is not None
    assert found is not None
    assert manifest.identity.figures["persons"] == found["persons"]
    assert manifest.identity.runs == (run.name,)
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert load_bundle(folder)
    encoder, identity = load_identifier(folder)
    assert reference_direction(encoder) == pytest.approx(identity.reference, abs=1e-9)
    card = (folder / CARD).read_text()
    assert card.count("## Same person?") == 1
    assert "two crops of one record: same day, same electrodes; weaker" in card.lower()
    assert "not authentication" in card
    release_identity(run, folder)  # again: in place of the first
    assert (folder / CARD).read_text() == card


def test_nobody_who_is_tested_or_a_stranger_trained(run: RunDir, pack: Path) -> None:
    whole = open_pack(pack)
    persons = part_persons(whole, [], -1, deciding=1)
    seen, hashes = set(run.provenance()["seen"]), whole.table["sha256"]
    tested = {*persons.gallery, *persons.probes, *persons.strangers}
    assert not seen & set(hashes.iloc[sorted(tested)])
    trained = seen - set(hashes.iloc[persons.others])
    patients = whole.table["patient"]
    assert not set(patients[hashes.isin(trained)]) & set(patients.iloc[sorted({*tested, *persons.others})])
    found = run.identification()
    assert found is not None
    assert (found["exposure"]["seen"], found["exposure"]["name"], found["frozen"]) == (0, "fold_pure", None)


def test_what_is_no_finished_run_or_no_bundle_is_refused(run: RunDir, tmp_path: Path, pack: Path) -> None:
    with pytest.raises(BundleError, match="holds no model"):
        release_identity(run, tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()
    with pytest.raises(RunError, match="not a finished run of identification"):
        release_identity(create_run(identifying(pack)), tmp_path)
    with pytest.raises(BundleError, match="was never tried on telling persons apart"):
        load_identifier(next(BUNDLES.glob("*/model.json")).parent)


def test_a_recording_is_exactly_like_itself_whatever_persons_were_learned(pack: Path) -> None:
    settings, whole = identifying(pack), open_pack(pack)
    rows = part_persons(whole, [], -1).others[:5]
    found = []
    for persons in (3, 300):  # the directions of persons are no part of what is compared
        torch.manual_seed(0)
        encoder = Encoder("time", input_spec(settings), settings.encoder)
        part = settings.identity.model_copy(update={"persons": persons})
        method = ArcFace(encoder, settings.model_copy(update={"identity": part}))
        found.append(directions(rounded(method.encoder), whole, rows).whole)
    likeness = found[0] @ found[0].T
    assert (found[0] == found[1]).all()
    assert likeness.diagonal() == pytest.approx(np.ones(5), abs=1e-12)
    names = np.arange(5).astype(object)
    assert (ranks(likeness, names, names) == 1).all()


def test_from_scratch_as_many_weights_learn_as_after_a_pretraining(pack: Path) -> None:
    def learning(settings: Settings) -> int:
        part = settings.identity.model_copy(update={"persons": 5})
        encoder = Encoder("time", input_spec(settings), settings.encoder)
        method = ArcFace(encoder, settings.model_copy(update={"identity": part}))
        return sum(one.numel() for one in method.parameters() if one.requires_grad)

    scratch = identifying(pack)
    frozen = settings_of("-id", pack, fold=-1, encoders=("a-pretraining",))
    assert learning(scratch) == learning(frozen)
    assert scratch.encoder.frame_gradient > frozen.encoder.frame_gradient == 0  # the freeze, as the preset says
