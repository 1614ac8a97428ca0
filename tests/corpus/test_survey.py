"""Looking into a folder before it is packed, estimating what that will take, and counting what a corpus is made of."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.corpus.budget import estimate_budget, spent
from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.source import open_source
from ecgssl_core.corpus.survey import spread, survey_folder
from ecgssl_core.corpus.tally import MOST_KINDS, OTHER, SECONDS, SPAN_MV, Tally, bin_of
from ecgssl_core.signals.leads import LEADS

WriteRecord = Callable[..., np.ndarray]
ORIGIN = {"source": "one", "kind": "", "format": "WFDB 16", "rate_hz": 500.0, "seconds": 10.0, "units": "file"} | {
    "span_mv": 1.5, "quality": "", "leads": '["I", "II"]'
}  # fmt: skip


def test_a_survey_says_what_is_in_a_folder_and_what_would_be_refused(tmp_path: Path, write_record: WriteRecord) -> None:
    write_record("a/1", rate=500, seconds=10)
    write_record("a/2", rate=250, seconds=10, unit="uV")
    write_record("b/1", leads=("I",), seconds=5)
    write_record("b/2", seconds=0.9)
    (tmp_path / "corpus" / "b" / "3.hea").write_text("")
    done: list[tuple[int, int]] = []
    found = survey_folder(open_source("cinc2020", tmp_path / "corpus"), 12, lambda *one: done.append(one))
    seen = {one.key: one for one in found.seen}
    assert done == [(at, 5) for at in range(1, 6)]
    assert (found.records, list(seen)) == (5, ["a/1", "a/2", "b/1", "b/2", "b/3"])
    assert (seen["a/1"].rate_hz, seen["a/1"].leads, seen["a/1"].units) == (500, LEADS, "file")
    assert seen["a/1"].span_mv == pytest.approx(1000 * seen["a/2"].span_mv, rel=0.05)
    assert seen["a/1"].quality in ("good", "warn", "bad")
    assert (seen["b/1"].leads, seen["b/1"].kind) == (("I",), "")
    assert [one.kind for one in found.seen[3:]] == ["NOPRED", "EMPTY"]
    assert found.counts()["b"]["refused"] == {"EMPTY": 1, "NOPRED": 1}
    assert found.counts()["a"]["rates_hz"] == {"250": 1, "500": 1}


def test_a_survey_reads_no_more_than_its_sample(tmp_path: Path, write_record: WriteRecord) -> None:
    for at in range(9):
        write_record(f"{at}", seconds=1)
    found = survey_folder(open_source(None, tmp_path / "corpus"), 4)
    assert (found.records, [one.key for one in found.seen]) == (9, ["0", "3", "5", "8"])


def test_a_sample_is_spread_over_the_whole() -> None:
    entries = list(range(100))
    assert spread(entries, 3) == (0, 50, 99)  # type: ignore[arg-type, comparison-overlap]
    assert spread(entries[:2], 12) == (0, 1)  # type: ignore[arg-type, comparison-overlap]


def test_a_budget_is_near_what_the_pack_takes_on_the_disk(tmp_path: Path, write_record: WriteRecord) -> None:
    for at in range(12):
        write_record(f"{at:02}", seconds=30)
    source = open_source(None, tmp_path / "corpus")
    before = estimate_budget(source, sample=4)
    after = spent(build_pack(source, tmp_path / "pack"), 90)
    assert (before.records, before.sampled, before.refused, before.leads) == (12, 4, 0, LEADS)
    assert before.minutes > 0
    samples = 12 * 30 * 100 * 12 * 2
    assert before.gigabytes == pytest.approx(samples / 1e9, rel=0.05)
    assert after.raw_share == pytest.approx(1e9 * after.gigabytes / samples)
    assert before.sentence().startswith("12 records will take about ")
    assert after.sentence().startswith("12 records packed and 0 refused in 2 min; 1 MB, 1.")


def test_refused_records_take_no_room_in_a_budget(tmp_path: Path, write_record: WriteRecord) -> None:
    write_record("1", seconds=30)
    write_record("2", leads=("I",), seconds=30)
    found = estimate_budget(open_source(None, tmp_path / "corpus"))
    assert found.refused == 1
    assert found.gigabytes == pytest.approx((30 * 100 * 24) / 1e9, rel=0.05)
    assert "1 of them refused" in found.sentence()


def test_a_pack_keeps_the_survey_of_its_corpus(tmp_path: Path, write_record: WriteRecord) -> None:
    write_record("1", rate=500, seconds=10)
    write_record("2", rate=250, seconds=2)
    write_record("3", leads=("I",))
    survey = build_pack(open_source("wfdb", tmp_path / "corpus"), tmp_path / "pack").survey["corpus"]
    assert survey["records"] == 3
    assert survey["refused"] == {"PART": 1}
    assert survey["rates_hz"] == {"500": 2, "250": 1}
    assert survey["seconds"] == {"1 to 2.5": 1, "2.5 to 5": 1, "9 to 11": 1}
    assert survey["leads"] == {" ".join(LEADS): 2, "I": 1}
    assert sum(survey["span_mv"].values()) == 2


@pytest.mark.parametrize(
    ("value", "edges", "name"),
    [(10.0, SECONDS, "9 to 11"), (9.0, SECONDS, "9 to 11"), (0.0, SECONDS, "0 to 1"), (4000.0, SECONDS, "from 3600"),
     (1.5, SPAN_MV, "1 to 3"), (1500.0, SPAN_MV, "from 1000"), (-1.0, SPAN_MV, "0 to 0.001")],
)  # fmt: skip
def test_bins_hold_their_lower_edge(value: float, edges: tuple[float, ...], name: str) -> None:
    assert bin_of(value, edges) == name


def test_a_tally_does_not_grow_with_what_files_make_up() -> None:
    tally = Tally()
    for at in range(1000):
        tally.add({**ORIGIN, "leads": json.dumps([f"X{at}"])})
    found = tally.tree()["one"]
    assert found["records"] == 1000
    assert len(found["leads"]) == MOST_KINDS + 1
    assert found["leads"][OTHER] == 1000 - MOST_KINDS


def test_a_record_of_which_nothing_was_understood_is_only_counted() -> None:
    tally = Tally()
    tally.add({**ORIGIN, "kind": "BROKEN", "format": ""})
    assert tally.tree()["one"]["refused"] == {"BROKEN": 1}
    assert tally.tree()["one"]["formats"] == {}
