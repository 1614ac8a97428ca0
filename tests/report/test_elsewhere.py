"""Sources held out stand beside the same records scored by folds, and in no other table."""

import pytest

from ecgssl_core.errors import RunError
from ecgssl_core.report.elsewhere import elsewhere_section
from ecgssl_core.runs import RunDir
from tests.made_runs import FOLDS
from tests.report.conftest import Make
from tests.report.studies import TIME, small_study


def _folds(made: Make, count: int = FOLDS) -> list[RunDir]:
    return [made(TIME, f"data.fold={fold}", signal=3.0) for fold in range(count)]


def test_without_such_runs_there_is_no_section(made: Make) -> None:
    assert elsewhere_section(small_study(_folds(made))) is None


def test_held_out_folds_and_difference_are_of_the_same_records(made: Make) -> None:
    study = small_study([*_folds(made), made(TIME, "data.source=made", signal=0.5)])
    section = elsewhere_section(study)
    assert section is not None
    table = next(iter(section.tables.values()))
    assert table["training"].tolist() == ["without it", "folds", "difference"]
    assert set(table["records"]) == {"180"}
    away, home, apart = (float(cell.split()[0].replace("−", "-")) for cell in table["AUROC [95 %]"])
    assert home - away > 0.1
    assert apart == pytest.approx(away - home, abs=0.0011)
    assert [arm.label for arm in study.arms] == ["T"]
    assert len(study.arms[0].pools[0]) == 180


def test_with_folds_missing_the_difference_is_of_the_records_that_both_have(made: Make) -> None:
    section = elsewhere_section(small_study([*_folds(made, 2), made(TIME, "data.source=made")]))
    assert section is not None
    assert next(iter(section.tables.values()))["records"].tolist() == ["180", "120", "120"]


def test_runs_without_any_fold_are_refused(made: Make) -> None:
    with pytest.raises(RunError, match="hold a source out"):
        small_study([made(TIME, "data.source=made")])
