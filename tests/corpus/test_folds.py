"""Folds: groups stay whole, published folds are kept, the same file comes out again."""

import hashlib
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecgssl_core.corpus.folds import make_folds, read_folds
from ecgssl_core.corpus.groups import group_rows
from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.corpus.leaks import find_leaks
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.corpus.source import open_source
from ecgssl_core.errors import CorpusError
from ecgssl_core.records.wfdb_header import parse_header

Records = list[dict[str, Any]]
MakePack = Callable[..., Pack]
NUMBERS = itertools.count()
CODES = load_label_set("cinc2020").codes
# keys and folds of the 907 recordings of the challenge of 2020, as first drawn: published results stand on them
FOLDS_OF_2020 = "04114a8ecd445e5f591161d3a35dc92c312ea276e2dea3abcdb2f53185b67e18"


def some_records(number: int = 300) -> Records:
    chance = np.random.default_rng(4)
    records: Records = [
        {
            "key": f"{source}/{at:04}",
            "source": source,
            "patient": f"patient {at // 2}" if source == "a" else None,
            "age": float(chance.integers(15, 90)),
            "sex": str(chance.choice(["female", "male"])),
            "codes": [code for code in CODES[:5] if chance.random() < 0.2],
        }
        for source in ("a", "b")
        for at in range(number // 2)
    ]
    for at in range(min(10, number // 10)):
        records[10 * at]["codes"].append(CODES[10])
    return records


def test_no_group_is_in_two_folds(pack_of: MakePack) -> None:
    records = some_records()
    records[5]["same_signal"] = records[200]["key"]
    records[7]["sha256"] = records[250]["sha256"] = "the same"
    pack = pack_of(records)
    folds = make_folds(pack)
    group = group_rows(pack)
    assert group[5] == group[200] == group[4]
    assert group[7] == group[250] == group[6]
    assert pd.Series(folds.fold).groupby(group).nunique().max() == 1
    assert find_leaks(pack, folds) == []


def test_each_class_with_ten_groups_is_in_each_fold_and_folds_are_even(pack_of: MakePack) -> None:
    pack = pack_of(some_records())
    folds = make_folds(pack)
    present = pack.labels(load_label_set("cinc2020")) == 1
    for label in (0, 1, 2, 3, 4, 10):
        assert set(folds.fold[present[:, label]]) == set(range(10))
    assert np.bincount(folds.fold).tolist() == pytest.approx([30] * 10, abs=4)


def test_a_second_run_writes_the_same_file_and_reading_gives_the_same_folds(pack_of: MakePack) -> None:
    pack = pack_of(some_records())
    first = make_folds(pack, count=5, seed=3)
    content = (pack.path / "folds.csv").read_bytes()
    second, read = make_folds(pack, count=5, seed=3), read_folds(pack)
    assert (pack.path / "folds.csv").read_bytes() == content
    assert first.digest == second.digest == read.digest
    assert first.count == read.count == 5
    assert first.fold.tolist() == read.fold.tolist()
    assert make_folds(pack, count=5, seed=4).digest != first.digest


def test_the_order_of_the_records_does_not_matter(pack_of: MakePack) -> None:
    records = some_records()
    order = np.random.default_rng(0).permutation(len(records))
    straight, mixed = pack_of(records, "straight"), pack_of([records[at] for at in order], "mixed")
    assert make_folds(mixed).fold.tolist() == make_folds(straight).fold[order].tolist()


def test_a_source_is_divided_the_same_whatever_lies_beside_it(pack_of: MakePack) -> None:
    records = some_records()
    alone, beside = pack_of(records[:150], "alone"), pack_of(records, "beside")
    assert make_folds(alone).fold.tolist() == make_folds(beside).fold[:150].tolist()


def test_published_folds_are_kept_when_ten_are_drawn(pack_of: MakePack) -> None:
    records = some_records(60)
    for at, record in enumerate(records[:30]):
        record |= {"published_fold": 1 + at // 2 % 10}
    records[30]["published_fold"] = 5  # not all of its source: not taken for a published division
    pack = pack_of(records)
    folds = make_folds(pack)
    assert folds.fold[:30].tolist() == [at // 2 % 10 for at in range(30)]
    assert set(folds.fold[30:]) == set(range(10))
    assert make_folds(pack, published=False).fold[:30].tolist() != folds.fold[:30].tolist()
    assert set(make_folds(pack, count=5).fold[:30]) == set(range(5))


def test_a_double_recording_with_two_published_folds_goes_into_one(pack_of: MakePack) -> None:
    records = [{"key": f"{at:02}", "published_fold": 1 + at % 10} for at in range(30)]
    records[3]["same_signal"] = "17"
    pack = pack_of(records)
    folds = make_folds(pack)
    assert folds.fold[3] == folds.fold[17] == 3
    assert find_leaks(pack, folds) == []


def test_test_validation_and_training_are_apart_and_are_everything(pack_of: MakePack) -> None:
    folds = make_folds(pack_of(some_records(60)))
    for fold in range(10):
        parts = [folds.test(fold), folds.validation(fold), folds.train(fold)]
        assert sorted(np.concatenate(parts)) == list(range(60))
        assert set(folds.fold[parts[1]]) == {(fold + 1) % 10}
    with pytest.raises(CorpusError, match="no fold 10: this pack has folds 0 to 9"):
        folds.test(10)


def test_a_fold_may_be_named_only_as_it_is_counted(pack_of: MakePack) -> None:
    pack = pack_of(some_records(20))
    for count in (2, 21):
        with pytest.raises(CorpusError, match=f"holds 15 patients.*not {count}"):
            make_folds(pack, count=count)


def test_folds_that_are_missing_damaged_or_of_another_pack_are_refused(pack_of: MakePack) -> None:
    pack, other = pack_of(some_records(40)), pack_of(some_records(60), "other")
    with pytest.raises(CorpusError, match="pack has no folds yet; draw them with `folds pack`"):
        read_folds(pack)
    make_folds(other)
    (pack.path / "folds.csv").write_bytes((other.path / "folds.csv").read_bytes())
    with pytest.raises(CorpusError, match="were drawn for other records"):
        read_folds(pack)
    (pack.path / "folds.csv").write_text("key,fold\na,x\n")
    with pytest.raises(CorpusError, match="damaged"):
        read_folds(pack)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_ties_records_together_keeps_them_in_one_fold(pack_of: MakePack, data: st.DataObject) -> None:
    number = data.draw(st.integers(6, 30))
    name = st.one_of(st.none(), st.integers(0, 12).map(str))
    records = [
        {
            "key": f"{at:02}",
            "patient": data.draw(name),
            "same_signal": f"{data.draw(st.integers(0, 40)):02}",
            "sha256": data.draw(st.text("ab", min_size=3, max_size=5)),
        }
        for at in range(number)
    ]
    pack = pack_of(records, f"pack {next(NUMBERS)}")
    groups = len(set(group_rows(pack)))
    if groups >= 3:
        folds = make_folds(pack, count=3)
        assert find_leaks(pack, folds) == []
        assert set(folds.fold) == {0, 1, 2}


def test_the_folds_of_the_challenge_of_2020_are_those_that_results_stand_on(
    pack_of: MakePack, real: Callable[[str], Path], shared: Callable[[str], Path]
) -> None:
    records = []
    for entry in open_source("cinc2020", real("cinc2020"), shared("cinc2020_records.csv")).entries:
        header = parse_header(entry.path.name, entry.path.read_bytes())
        known = {name: getattr(entry, name) for name in ("key", "source", "patient", "published_fold", "same_signal")}
        labels = {"codes": entry.codes or header.codes, "unknown_codes": json.dumps(entry.unknown_codes)}
        person = {"age": header.age if entry.age is None else min(entry.age, 90), "sex": entry.sex or header.sex}
        records.append({**known, **labels, **person, "samples": int((header.samples or 0) * 100 // header.rate)})
    pack = pack_of(records)
    lines = pd.DataFrame({"key": pack.table["key"], "fold": make_folds(pack).fold})
    assert hashlib.sha256(lines.to_csv(index=False, lineterminator="\n").encode()).hexdigest() == FOLDS_OF_2020
