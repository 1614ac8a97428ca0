"""The card of a model says nothing that contradicts itself, and what each number is counted over."""

from pathlib import Path

import pytest

from ecgssl_core.models.manifest import Manifest, read_manifest
from ecgssl_core.settings import load_preset
from ecgssl_core.training.card_text import card_text

RELEASED = Path(__file__).parents[2] / "checkpoints" / "ssl-tsg-cinc2020"
RECORDS = range(907)
pytestmark = pytest.mark.skipif(not RELEASED.exists(), reason="no model has been released to checkpoints/")


@pytest.fixture
def manifest() -> Manifest:
    return read_manifest(RELEASED)[0]


def test_every_record_of_the_pack_is_accounted_for(manifest: Manifest) -> None:
    text = card_text(manifest, load_preset("quick-tsg"), RECORDS)
    assert "907 records, 804 of them used (the other 103 have none of the labels below, and were left out)" in text
    assert "582 to train, 84 to calibrate and to choose thresholds, 138 (fold 9) to score" in text


def test_what_was_chosen_in_sight_of_a_fold_stands_beside_its_scores(manifest: Manifest) -> None:
    text = card_text(manifest, load_preset("quick-tsg"), RECORDS)
    assert "which nothing has seen" not in text
    (line,) = [line for line in text.splitlines() if line.startswith("Fold 9: ")]
    assert line.endswith(manifest.scores["remark"])


def test_a_class_that_the_model_has_is_not_called_outside_of_its_test(manifest: Manifest) -> None:
    assert "aced rhythms" not in card_text(manifest, load_preset("quick-tsg"), RECORDS)
    labels = manifest.labels.model_copy(update={"codes": ("1",) * len(manifest.labels.codes)})
    other = manifest.model_copy(update={"labels": labels})
    assert "paced rhythms, children" in card_text(other, load_preset("quick-tsg"), RECORDS)


def test_columns_say_over_which_folds_they_are_and_thresholds_why_they_are_shared(manifest: Manifest) -> None:
    text = card_text(manifest, load_preset("quick-tsg"), RECORDS)
    assert "Positives scored, and AUROC: over the test folds 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 together" in text
    assert "23 of 24 classes have the shared threshold of 0.220" in text
    own = {name: part for name, part in manifest.scores.items() if name != "pooled"}
    alone = card_text(manifest.model_copy(update={"scores": own}), load_preset("quick-tsg"), RECORDS)
    assert "Positives scored, and AUROC: over test fold 9." in alone


def test_the_released_card_is_the_one_that_is_written_today(manifest: Manifest) -> None:
    told = (RELEASED / "card.md").read_text().splitlines()
    new = card_text(manifest, load_preset("quick-tsg"), RECORDS).splitlines()
    changed = [line for line in new if line not in told]
    assert [line.split(":")[0] for line in changed] == ["Fold 9"]  # the preset alone does not name the encoders
