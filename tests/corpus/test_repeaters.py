"""Who is tested where persons are told apart: nobody stands on two sides."""

from collections.abc import Callable

import numpy as np
import pytest

from ecgssl_core.corpus.folds import make_folds
from ecgssl_core.corpus.pack import Pack, open_pack
from ecgssl_core.corpus.repeaters import part_persons
from ecgssl_core.errors import CorpusError


@pytest.fixture
def pack(pack_of: Callable[..., Pack]) -> Pack:
    """Give forty people with one recording, and five with two or three."""
    records = [{"key": f"single{place:02d}", "patient": f"one {place}"} for place in range(40)]
    for place in range(5):
        records += [{"key": f"b{place}-{take}", "patient": f"many {place}"} for take in range(2 + place % 2)]
    made = pack_of(records)
    make_folds(made, 10)
    return open_pack(made.path)


@pytest.mark.parametrize("fold", [-1, 0, 3])
def test_no_person_is_in_two_parts(pack: Pack, fold: int) -> None:
    try:
        persons = part_persons(pack, [], fold)
    except CorpusError:
        assert fold >= 0  # a fold may hold nobody with two recordings
        return
    patients = pack.table["patient"].to_numpy()
    ((_, train),) = persons.train
    tested, strange = set(patients[persons.gallery]), set(patients[persons.strangers])
    assert list(patients[persons.gallery]) == list(patients[persons.probes])
    assert not set(persons.gallery) & set(persons.probes)
    assert not set(patients[train]) & (tested | strange)
    assert not tested & strange
    assert len(strange) == len(persons.strangers)


def test_without_a_fold_everybody_with_two_recordings_is_tested(pack: Pack) -> None:
    persons = part_persons(pack, [], -1)
    keys = pack.table["key"].to_numpy()
    assert keys[persons.gallery].tolist() == [f"b{place}-0" for place in range(5)]
    assert keys[persons.probes].tolist() == [f"b{place}-1" for place in range(5)]


def test_whoever_is_held_out_does_not_train_from_another_pack_either(pack: Pack, pack_of: Callable[..., Pack]) -> None:
    further = pack_of([{"key": "x", "patient": "many 2"}, {"key": "y", "patient": "somebody else"}], "further")
    _, (_, rows) = part_persons(pack, [further], -1).train
    assert rows.tolist() == [1]


def test_a_copy_of_a_recording_is_no_second_one(pack_of: Callable[..., Pack]) -> None:
    same = [{"key": key, "patient": "a", "sha256": "same"} for key in ("a0", "a1")]
    made = pack_of([*same, *({"key": f"s{place}", "patient": f"p{place}"} for place in range(20))])
    make_folds(made, 10)
    with pytest.raises(CorpusError, match="Nobody in pack has two recordings"):
        part_persons(open_pack(made.path), [], -1)
    assert np.unique(made.table["patient"]).size == 21
