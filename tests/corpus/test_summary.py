"""Small tables of a pack: what is counted, and what is not known."""

from collections.abc import Callable

import numpy as np
import pytest

from ecgssl_core.corpus.folds import Folds
from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.corpus.summary import by_fold, by_source, people, prevalence

AF, LAD = "164889003", "39732003"


@pytest.fixture
def pack(pack_of: Callable[..., Pack]) -> Pack:
    return pack_of(
        [
            {"key": "0", "source": "b", "patient": "p", "age": 19.0, "sex": "male", "codes": [AF], "samples": 300},
            {"key": "1", "source": "b", "patient": "p", "age": 90.0, "sex": "female", "codes": [AF, LAD]},
            {"key": "2", "source": "a", "codes": [], "unknown_codes": f'["{LAD}"]', "file_rate_hz": 1000.0},
            {"key": "3", "source": "a", "age": 20.0},
        ]
    )


def test_sources_are_counted_and_what_nobody_knows_is_missing(pack: Pack) -> None:
    first, second = by_source(pack).to_dict("records")
    assert (second["source"], second["records"], second["labelled"], second["patients"]) == ("b", 2, 2, 1)
    assert (second["longest_s"], second["women"], second["median_age"]) == (3.0, 0.5, 54.5)
    assert second["hours"] == pytest.approx(3.04 / 3600)
    assert (first["labelled"], first["rates_hz"]) == (1, "500, 1000")
    assert np.isnan(first["patients"])
    assert np.isnan(first["women"])


def test_prevalence_is_by_class_and_source(pack: Pack) -> None:
    table = prevalence(pack, load_label_set("cinc2020")).set_index("class")
    assert table.loc["AF", ["a", "b", "records", "unknown"]].tolist() == [0, 2, 2, 0]
    assert table.loc["LAD", ["a", "b", "records", "unknown"]].tolist() == [0, 1, 1, 1]
    assert list(table.index[:3]) == ["IAVB", "AF", "AFL"]


def test_people_are_counted_by_age_band_and_sex(pack: Pack) -> None:
    table = people(pack).set_index("age")
    assert list(table.index) == ["0 to 19", "20 to 39", "40 to 59", "60 to 79", "80 up", "unknown"]
    assert table.loc["0 to 19"].tolist() == [0, 1, 0]
    assert table.loc["80 up"].tolist() == [1, 0, 0]
    assert table.loc["20 to 39"].tolist() == table.loc["unknown"].tolist() == [0, 0, 1]


def test_folds_are_counted_with_the_classes_that_occur(pack: Pack) -> None:
    table = by_fold(pack, Folds(np.array([0, 0, 2, 2]), 3, ""), load_label_set("cinc2020"))
    assert table.columns.tolist() == ["fold", "records", "groups", "AF", "LAD"]
    assert table.to_numpy().tolist() == [[0, 2, 1, 2, 1], [1, 0, 0, 0, 0], [2, 2, 2, 0, 0]]
