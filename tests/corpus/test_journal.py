"""The unfinished pack: every whole line speaks of samples that are there, whatever was lost."""

import json
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.corpus.admit import Admitted
from ecgssl_core.corpus.journal import GROUP, Journal, Line
from ecgssl_core.corpus.ready import NOTHING
from ecgssl_core.errors import CorpusError

IDENTITY = {"entries": "these", "leads": ["I"] * 12}


def anything(_place: int, _line: Line) -> bool:
    return True


def filled(folder: Path, records: int, finish: bool = False) -> Journal:
    journal = Journal(folder, IDENTITY, anything)
    for at in range(records):
        origin = {"key": str(at)}
        if at == 1:
            journal.add(Admitted(None, {**origin, "kind": "BROKEN"}, NOTHING))
        else:
            counts = np.full((3, 12), at, dtype=np.int16)
            journal.add(Admitted({"key": str(at), "samples": 3}, origin, counts))
    if finish:
        journal.finish()
    journal.close()
    return journal


def keys(journal: Journal) -> list[str]:
    return [line["origin"]["key"] for line in journal.lines()]


def test_finished_samples_are_a_whole_array(tmp_path: Path) -> None:
    filled(tmp_path, 5, finish=True)
    signals = np.load(tmp_path / "pack" / "signals.npy", mmap_mode="r")
    assert (signals.shape, signals.dtype) == ((12, 12), np.int16)
    assert signals[:, 0].tolist() == [0] * 3 + [2] * 3 + [3] * 3 + [4] * 3


def test_what_was_not_synced_is_forgotten_whole(tmp_path: Path) -> None:
    filled(tmp_path, GROUP + 10)
    journal = Journal(tmp_path, IDENTITY, anything)
    journal.close()
    assert journal.count == GROUP
    assert journal.samples == 3 * (GROUP - 1)


def test_large_records_are_synced_after_fewer(tmp_path: Path) -> None:
    journal = Journal(tmp_path, IDENTITY, anything)
    counts = np.zeros((150_000, 12), dtype=np.int16)
    for at in range(5):
        journal.add(Admitted({"samples": len(counts)}, {"key": str(at)}, counts))
    assert keys(journal) == ["0", "1", "2"]
    journal.close()


def test_a_torn_line_and_lost_samples_are_packed_again(tmp_path: Path) -> None:
    filled(tmp_path, 5, finish=True)
    with (tmp_path / "journal.jsonl").open("a") as file:
        file.write('{"row": null, "origin": {"key": "torn')
    signals = tmp_path / "pack" / "signals.npy"
    signals.write_bytes(signals.read_bytes()[:-1])
    journal = Journal(tmp_path, IDENTITY, anything)
    journal.close()
    assert keys(journal) == ["0", "1", "2", "3"]
    assert signals.stat().st_size == 128 + 24 * journal.samples


def test_what_no_longer_comes_next_is_packed_again(tmp_path: Path) -> None:
    filled(tmp_path, 5, finish=True)
    journal = Journal(tmp_path, IDENTITY, lambda _, line: line["origin"]["key"] != "3")
    journal.close()
    assert (keys(journal), journal.count, journal.samples) == (["0", "1", "2"], 3, 6)


def test_a_journal_without_its_samples_begins_anew(tmp_path: Path) -> None:
    filled(tmp_path, 5, finish=True)
    (tmp_path / "pack" / "signals.npy").unlink()
    journal = Journal(tmp_path, IDENTITY, anything)
    journal.close()
    assert journal.samples == 0
    assert [json.loads(line) for line in (tmp_path / "journal.jsonl").read_text().splitlines()] == [IDENTITY]


def test_the_beginning_of_another_pack_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, 2, finish=True)
    with pytest.raises(CorpusError, match="holds the beginning of a pack of something else"):
        Journal(tmp_path, {**IDENTITY, "entries": "others"}, anything)
