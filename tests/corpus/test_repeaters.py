"""Who is tested where persons are told apart: nobody stands on two sides."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.corpus.folds import make_folds
from ecgssl_core.corpus.pack import Pack, open_pack
from ecgssl_core.corpus.recorded import recording_dates
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


@pytest.mark.parametrize("fold", [-1, 0, 3, 7])
@pytest.mark.parametrize("deciding", [1, 3, 9])
def test_no_person_is_in_two_parts(pack: Pack, fold: int, deciding: int) -> None:
    try:
        persons = part_persons(pack, [], fold, deciding)
    except CorpusError:
        assert fold >= 0  # a fold may hold nobody with two recordings
        return
    patients = pack.table["patient"].to_numpy()
    ((_, train),) = persons.train
    tested, strange, deciders = (set(patients[rows]) for rows in (persons.gallery, persons.strangers, persons.others))
    assert list(patients[persons.gallery]) == list(patients[persons.probes])
    assert not set(persons.gallery) & set(persons.probes)
    assert len(train)
    assert not set(patients[train]) & (tested | strange | deciders)
    assert not tested & strange
    assert not deciders & (tested | strange)
    assert len(strange) == len(persons.strangers)
    assert len(deciders) == len(persons.others)


def test_without_a_fold_everybody_with_two_recordings_is_tested(pack: Pack) -> None:
    persons = part_persons(pack, [], -1)
    keys = pack.table["key"].to_numpy()
    assert keys[persons.gallery].tolist() == [f"b{place}-0" for place in range(5)]
    assert keys[persons.probes].tolist() == [f"b{place}-1" for place in range(5)]
    assert persons.order == "by name: no dates are known of 5 of 5 persons"


def test_the_earlier_recording_by_date_is_in_the_gallery(pack: Pack, tmp_path: Path) -> None:
    table = tmp_path / "dates.csv"
    lines = ["record,recording_date", "b0-0,2001-03-02 08:00:00", "b0-1,2001-03-01 20:00:00", "b1-0,2001-01-01"]
    table.write_text("\n".join([*lines, "b1-1,2002-01-01", "b1-2,2001-01-03 12:00:00", "b2-0,1999-01-01"]) + "\n")
    persons = part_persons(pack, [], -1, dates=recording_dates(table, pack))
    keys = pack.table["key"].to_numpy()
    assert keys[persons.gallery].tolist()[:3] == ["b0-1", "b1-0", "b2-0"]
    assert keys[persons.probes].tolist()[:3] == ["b0-0", "b1-2", "b2-1"]
    assert persons.days[:2].tolist() == [0.5, 2.5]
    assert np.isnan(persons.days[2:]).all()
    assert persons.order == "by name: no dates are known of 3 of 5 persons"


def test_a_table_without_dates_is_refused_in_a_sentence(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "ages.csv").write_text("record,age\nb0-0,3\n")
    with pytest.raises(CorpusError, match=r"ages\.csv says nothing of dates"):
        recording_dates(tmp_path / "ages.csv", pack)
    with pytest.raises(CorpusError, match="is no table of dates"):
        recording_dates(tmp_path / "absent.csv", pack)


def test_the_names_of_ptbxl_and_of_the_challenge_are_of_one_recording(
    pack_of: Callable[..., Pack], real: Callable[[str], Path]
) -> None:
    made = pack_of([{"key": "ptb-xl/HR00055"}, {"key": "records100/00000/00056_lr"}, {"key": "elsewhere"}])
    found = recording_dates(real("ptbxl_layout") / "ptbxl_database.csv", made)
    assert (found[1] - found[0]) / np.timedelta64(1, "m") == pytest.approx(29.8, abs=0.1)  # one morning, one person
    assert np.isnat(found[2])


def test_whoever_is_held_out_does_not_train_from_another_pack_either(pack: Pack, pack_of: Callable[..., Pack]) -> None:
    further = pack_of([{"key": "x", "patient": "many 2"}, {"key": "y", "patient": "somebody else"}], "further")
    _, (_, rows) = part_persons(pack, [further], -1).train
    assert rows.tolist() == [1]


@pytest.mark.parametrize("tie", [{"sha256": "same"}, {"same_signal": "a0"}])
def test_a_double_of_a_recording_is_no_second_one(pack_of: Callable[..., Pack], tie: dict[str, str]) -> None:
    same = [{"key": key, "patient": "a", **tie} for key in ("a0", "a1")]
    made = pack_of([*same, *({"key": f"s{place}", "patient": f"p{place}"} for place in range(20))])
    make_folds(made, 10)
    with pytest.raises(CorpusError, match="Nobody in pack has two recordings"):
        part_persons(open_pack(made.path), [], -1)
    assert np.unique(made.table["patient"]).size == 21
