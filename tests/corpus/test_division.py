"""The three parts of a corpus share no patient; a source held out is out of two of them."""

from collections.abc import Callable

import numpy as np
import pytest

from ecgssl_core.corpus.division import divide
from ecgssl_core.corpus.folds import make_folds
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.errors import CorpusError
from tests.corpus.test_folds import some_records

MakePack = Callable[..., Pack]


def test_a_fold_is_what_the_folds_say(pack_of: MakePack) -> None:
    pack = pack_of(some_records())
    folds = make_folds(pack)
    parts = divide(pack, folds, 3)
    assert np.array_equal(parts.test, folds.test(3))
    assert np.array_equal(parts.validation, folds.validation(3))
    assert np.array_equal(parts.train, folds.train(3))


def test_nothing_of_a_source_is_trained_or_decided_on(pack_of: MakePack) -> None:
    pack = pack_of(some_records())
    parts = divide(pack, make_folds(pack), 0, "a")
    sources = pack.table["source"].to_numpy()
    assert set(sources[parts.test]) == {"a"}
    assert len(parts.test) == (sources == "a").sum()
    assert set(sources[np.concatenate([parts.train, parts.validation])]) == {"b"}
    assert len(parts.train) + len(parts.validation) == (sources == "b").sum()
    assert len(parts.validation)


def test_a_patient_of_the_source_is_nowhere_else(pack_of: MakePack) -> None:
    records = some_records()
    moved = next(record for record in records if record["source"] == "b")
    moved["patient"] = records[0]["patient"]
    pack = pack_of(records)
    parts = divide(pack, make_folds(pack), 0, "a")
    place = list(pack.table["key"]).index(moved["key"])
    assert place not in {*parts.train, *parts.validation, *parts.test}


def test_an_unknown_source_names_the_nearest(pack_of: MakePack) -> None:
    pack = pack_of(some_records())
    with pytest.raises(CorpusError, match="has no source"):
        divide(pack, make_folds(pack), 0, "c")


def test_a_corpus_of_one_source_cannot_lose_it(pack_of: MakePack) -> None:
    pack = pack_of([record for record in some_records() if record["source"] == "a"])
    with pytest.raises(CorpusError, match="nothing left"):
        divide(pack, make_folds(pack), 0, "a")
