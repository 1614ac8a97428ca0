"""Near duplicates: found whatever was done to the copy, not where only the rate is alike, and kept in a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ecgssl_core.corpus.folds import Folds, make_folds
from ecgssl_core.corpus.groups import group_rows
from ecgssl_core.corpus.leaks import find_leaks, refuse_leaks, related_rows
from ecgssl_core.corpus.near import REACH, are_near, candidates, leads_of, signatures
from ecgssl_core.corpus.near_groups import NEAR, near_groups
from ecgssl_core.corpus.pack import SIGNALS, Pack, open_pack
from ecgssl_core.corpus.ready import quantise
from ecgssl_core.errors import LeakError
from ecgssl_core.records.read import gather, read_records
from ecgssl_core.signals.resample import resample

MakePack = Callable[..., Pack]
CHANCE = np.random.default_rng(7)


def filled(make: MakePack, signals: list[np.ndarray], name: str = "pack", **columns: list[Any]) -> Pack:
    """Give a pack that holds these signals, each (12, samples) at 100 Hz."""
    more = [{key: values[at] for key, values in columns.items()} for at in range(len(signals))]
    records = [
        {"key": f"{at:03}", **known, "samples": one.shape[1]}
        for at, (one, known) in enumerate(zip(signals, more, strict=True))
    ]
    pack = make(records, name)
    np.save(pack.path / SIGNALS, np.concatenate([quantise(one.astype(np.float32))[0] for one in signals]))
    return open_pack(pack.path)


def hearts(number: int, samples: int = 1000) -> list[np.ndarray]:
    """Give noisy made-up ECGs of different rates and forms, (12, samples)."""
    time = np.arange(samples) / 100
    made = []
    for _ in range(number):
        beats = np.cumsum(CHANCE.normal(60 / CHANCE.uniform(50, 110), 0.03, 60))
        form = [(CHANCE.uniform(0.5, 2), 0.02), (CHANCE.normal(0, 0.3), 0.05), (CHANCE.uniform(0, 0.4), 0.08)]
        after = (0, -0.15, 0.3)
        waves = [
            height * np.exp(-(((time[:, None] - beats - later) / width) ** 2) / 2).sum(axis=1)
            for (height, width), later in zip(form, after, strict=True)
        ]
        made.append(CHANCE.normal(1, 0.3, (12, 1)) * sum(waves) + CHANCE.normal(0, 0.02, (12, samples)))
    return made


def test_a_copy_is_found_though_it_was_scaled_shifted_in_voltage_and_disturbed(pack_of: MakePack) -> None:
    signals = hearts(40)
    signals[11] = 0.4 * signals[3] + 0.7
    signals[25] = signals[8] + CHANCE.normal(0, 0.01 * signals[8].std(), signals[8].shape)
    signals[30] = signals[11] * 5
    assert near_groups(filled(pack_of, signals)) == [[3, 11, 30], [8, 25]]


def test_the_limit_is_a_correlation_of_0_999_and_nothing_above_it_is_missed(pack_of: MakePack) -> None:
    base = hearts(1)[0]
    disturbed = [base + CHANCE.normal(0, CHANCE.uniform(0.01, 0.08) * base[1].std(), base.shape) for _ in range(60)]
    pack = filled(pack_of, [base, *disturbed])
    rows = np.arange(1, 61)
    leads = np.stack([pack.signal(row)[1] for row in range(61)])
    above = np.corrcoef(leads)[0, 1:] > 0.999
    assert 10 < above.sum() < 50
    assert are_near(leads_of(pack, np.array([0]))[0], pack, rows).tolist() == above.tolist()
    ((_, places),) = candidates(signatures(pack, np.array([0])), signatures(pack, rows))
    assert set(np.flatnonzero(above)) <= set(places)


def test_signatures_of_near_duplicates_are_within_reach_in_both_parts(pack_of: MakePack) -> None:
    base = hearts(30)
    copies = [one + CHANCE.normal(0, 0.04 * one[1].std(), one.shape) for one in base]
    pack = filled(pack_of, [*base, *copies])
    found = signatures(pack, np.arange(60))
    near = np.sum(leads_of(pack, np.arange(30)) * leads_of(pack, np.arange(30, 60)), axis=1) > 0.999
    apart = found[:30] - found[30:]
    assert near.sum() > 20
    assert np.linalg.norm(apart[near][:, :12], axis=1).max() <= REACH
    assert np.linalg.norm(apart[near][:, 12:], axis=1).max() <= REACH


def test_flat_leads_other_lengths_and_single_samples_are_like_nothing(pack_of: MakePack) -> None:
    same = hearts(1)[0]
    flat = np.zeros((12, 1000))
    signals = [flat, flat + 1, same, same[:, :999], np.ones((12, 1)), np.ones((12, 2)), np.ones((12, 3))]
    assert near_groups(filled(pack_of, signals)) == []


def test_a_pack_at_another_rate_is_compared_at_100_hz(pack_of: MakePack) -> None:
    fast = [resample(one, 100, 250) for one in hearts(12, 800)]
    fast[9] = -2 * fast[2] * -0.5
    pack = filled(pack_of, fast)
    assert near_groups(Pack(pack.path, {**pack.manifest, "rate_hz": 250.0}, pack.table, pack.signals)) == [[2, 9]]


def test_near_duplicates_share_a_fold_and_folds_that_part_them_stop_a_training(pack_of: MakePack) -> None:
    signals = hearts(20)
    signals[17] = signals[4] * 1.5
    pack = filled(pack_of, signals)
    assert group_rows(pack)[17] == 4
    assert find_leaks(pack, make_folds(pack, count=5)) == []
    fold = np.zeros(20, dtype=np.int64)
    fold[17] = 1
    with pytest.raises(LeakError, match="leak in 1 places: 004 and 017 are near duplicates in lead II"):
        refuse_leaks(pack, Folds(fold, 2, "made"))


def test_near_duplicates_of_held_out_records_are_found_in_another_pack(pack_of: MakePack) -> None:
    ours, theirs = hearts(8), hearts(8)
    theirs[5], theirs[6] = ours[2] * 0.7, ours[3] * 0.9
    pack, other = filled(pack_of, theirs, "theirs", key=list("abcdefgh")), filled(pack_of, ours, "ours")
    pack.table["sha256"] = [f"their {at}" for at in range(8)]
    assert related_rows(pack, other, range(8)).tolist() == [5, 6]
    assert related_rows(pack, other, [0, 3]).tolist() == [6]


def test_what_was_found_is_kept_and_found_again_where_the_file_is_damaged_or_of_another_pack(
    pack_of: MakePack,
) -> None:
    signals = hearts(6)
    signals[5] = signals[1]
    pack = filled(pack_of, signals)
    assert near_groups(pack) == [[1, 5]]
    content = (pack.path / NEAR).read_bytes()
    np.save(pack.path / SIGNALS, np.zeros_like(np.load(pack.path / SIGNALS)))
    flat = open_pack(pack.path)
    assert near_groups(flat) == [[1, 5]]  # read, not found
    for damaged in (content[:200], b"", content.replace(b"first", b"fist!")):
        (pack.path / NEAR).write_bytes(damaged)
        assert near_groups(flat) == []
    (pack.path / NEAR).write_bytes(content)
    assert near_groups(Pack(pack.path, {**pack.manifest, "digest": "other"}, pack.table, flat.signals)) == []


def test_many_copies_of_one_record_are_one_group(pack_of: MakePack) -> None:
    exact, scaled = hearts(2, 200)
    signals = [exact] * 3000 + [scaled * (1 + at / 100) for at in range(300)]
    pack = filled(pack_of, signals, sha256=["exact"] * 3000 + [f"scaled {at}" for at in range(300)])
    assert near_groups(pack) == [list(range(3000)), list(range(3000, 3300))]


def test_the_pairs_that_the_challenge_of_2020_holds_twice_are_found_without_being_told(
    pack_of: MakePack, real: Callable[[str], Path], shared: Callable[[str], Path]
) -> None:
    lines = (shared("cinc2020_records.csv")).read_text().splitlines()
    pairs = {tuple(sorted((line.split(",")[0], line.split(",")[-1]))) for line in lines[1:] if line.split(",")[-1]}
    sources = ("cpsc_2018_extra", "georgia", "ptb-xl")
    wanted = {name for pair in pairs for name in pair}
    paths = [path for path in sorted(real("cinc2020").rglob("*.hea")) if path.stem in wanted]
    beside = [path for path in sorted(real("cinc2020").rglob("*.hea")) if path.parent.name in sources][:150]
    keys, signals = [], []
    for path in dict.fromkeys([*paths, *beside]):
        (record,) = read_records(gather([path])[0]).records
        keys.append(path.stem)
        signals.append(resample(record.signal, record.rate, 100))
    pack = filled(pack_of, signals, key=keys, sha256=keys)
    found = {tuple(sorted(keys[row] for row in rows)) for rows in near_groups(pack)}
    assert len(pairs) == 7
    assert found == pairs
