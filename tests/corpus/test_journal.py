"""The unfinished pack: every whole line speaks of samples that are there, whatever was lost."""

import json
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.corpus.journal import GROUP, Journal
from ecgssl_core.errors import CorpusError

IDENTITY = {"entries": "these"}


def filled(folder: Path, records: int, finish: bool = False) -> Journal:
    journal = Journal(folder, IDENTITY)
    for at in range(records):
        if at == 1:
            journal.add({"key": "1", "kind": "BROKEN"}, None)
        else:
            journal.add({"key": str(at), "samples": 3}, np.full((3, 12), at, dtype=np.int16))
    if finish:
        journal.finish()
    journal.close()
    return journal


def test_finished_samples_are_a_whole_array(tmp_path: Path) -> None:
    filled(tmp_path, 5, finish=True)
    signals = np.load(tmp_path / "pack" / "signals.npy", mmap_mode="r")
    assert (signals.shape, signals.dtype) == ((12, 12), np.int16)
    assert signals[:, 0].tolist() == [0] * 3 + [2] * 3 + [3] * 3 + [4] * 3


def test_what_was_not_synced_is_forgotten_whole(tmp_path: Path) -> None:
    filled(tmp_path, GROUP + 10)
    journal = Journal(tmp_path, IDENTITY)
    journal.close()
    assert len(journal.lines) == GROUP
    assert journal.samples == 3 * (GROUP - 1)


def test_a_torn_line_and_lost_samples_are_packed_again(tmp_path: Path) -> None:
    filled(tmp_path, 5, finish=True)
    with (tmp_path / "journal.jsonl").open("a") as file:
        file.write('{"key": "torn", "samp')
    signals = tmp_path / "pack" / "signals.npy"
    signals.write_bytes(signals.read_bytes()[:-1])
    journal = Journal(tmp_path, IDENTITY)
    journal.close()
    assert [line["key"] for line in journal.lines] == ["0", "1", "2", "3"]
    assert signals.stat().st_size == 128 + 24 * journal.samples


def test_a_journal_without_its_samples_begins_anew(tmp_path: Path) -> None:
    filled(tmp_path, 5, finish=True)
    (tmp_path / "pack" / "signals.npy").unlink()
    journal = Journal(tmp_path, IDENTITY)
    journal.close()
    assert journal.samples == 0
    assert [json.loads(line) for line in (tmp_path / "journal.jsonl").read_text().splitlines()] == [IDENTITY]


def test_the_beginning_of_another_pack_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, 2, finish=True)
    with pytest.raises(CorpusError, match="holds the beginning of a pack of something else"):
        Journal(tmp_path, {"entries": "others"})
