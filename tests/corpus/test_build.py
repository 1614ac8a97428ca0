"""Making packs: all kinds of records take one way, broken ones are listed, a killed pack goes on to the same bytes."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.corpus.pack import Pack, open_pack
from ecgssl_core.corpus.source import open_source
from ecgssl_core.durable import locked
from ecgssl_core.errors import CorpusError, OwnFault, RunError
from ecgssl_core.signals.leads import LEADS
from ecgssl_core.signals.resample import resample

WriteRecord = Callable[..., np.ndarray]
EINTHOVEN = {"III": (-1.0, 1.0), "aVR": (-0.5, -0.5), "aVL": (1.0, -0.5), "aVF": (-0.5, 1.0)}
KILLED = """
import os, signal, sys
from pathlib import Path
from ecgssl_core.corpus import journal
from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.source import open_source
journal.GROUP = 2
def progress(done, total):
    if done == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    build_pack(open_source(None, Path(sys.argv[1], "corpus")), Path(sys.argv[1], "pack"), progress=progress)
"""


def packed(tmp_path: Path, name: str = "pack", **words: float) -> Pack:
    return build_pack(open_source(None, tmp_path / "corpus"), tmp_path / name, **words)


def content(pack: Pack) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in pack.path.iterdir()}


def assert_leads_obey_einthoven(pack: Pack, row: int) -> None:
    found = pack.signal(row)
    step = pack.table["scale_mv"][row]
    for lead, (one, two) in EINTHOVEN.items():
        residual = found[LEADS.index(lead)] - one * found[0] - two * found[1]
        assert np.abs(residual).max() < 0.003 + 2 * step, lead  # the files themselves are rounded to 0.001 mV


def test_rates_lengths_units_and_spellings_take_one_way(tmp_path: Path, write_record: WriteRecord) -> None:
    written = {}
    for at, (rate, seconds) in enumerate([(300, 3.0), (400, 7.0), (500, 5.5), (1000, 12.0), (100, 4.0)]):
        unit, line = ("mv", "#Dx: 164889003") if at % 2 else ("mV", "# Dx: 164889003")
        written[f"{at}"] = rate, write_record(f"{at}", rate, seconds, unit=unit, lines=[line], seed=at)
    pack = packed(tmp_path)
    assert pack.refused.empty
    assert pack.lengths.tolist() == [300, 700, 550, 1200, 400]
    assert pack.table["file_rate_hz"].tolist() == [300, 400, 500, 1000, 100]
    assert (pack.labels(load_label_set("cinc2020")).sum(axis=0) > 0).nonzero()[0].tolist() == [1]
    for row, (rate, signal_mv) in enumerate(written.values()):
        expected = resample(signal_mv.astype(np.float32), rate, 100)
        assert pack.signal(row) == pytest.approx(expected, abs=0.51 * pack.table["scale_mv"][row])
        assert_leads_obey_einthoven(pack, row)


def test_another_rate_is_another_pack(tmp_path: Path, write_record: WriteRecord) -> None:
    write_record("1")
    slow, fast = packed(tmp_path, "slow"), packed(tmp_path, "fast", rate=250)
    assert (slow.rate, fast.rate) == (100, 250)
    assert fast.signal(0).shape == (12, 750)
    assert slow.digest != fast.digest
    assert slow.table["sha256"][0] == fast.table["sha256"][0]


def test_missing_limb_leads_are_derived(tmp_path: Path, write_record: WriteRecord) -> None:
    whole = write_record("whole")
    write_record("eight", leads=("V6", "II", "I", "V1", "V2", "V3", "V4", "V5"))
    pack = packed(tmp_path)
    assert pack.table["key"].tolist() == ["eight", "whole"]
    assert pack.signal(0) == pytest.approx(resample(whole.astype(np.float32), 500, 100), abs=0.003)
    assert_leads_obey_einthoven(pack, 0)


def test_broken_records_are_listed_with_their_reason_and_the_rest_is_packed(
    tmp_path: Path, write_record: WriteRecord
) -> None:
    write_record("good")
    write_record("bridged", missing=(7, 500, 510))
    write_record("gap", missing=(7, 500, 520))
    write_record("short", seconds=0.9)
    write_record("eleven", leads=LEADS[:-1])
    write_record("cut")
    write_record("alone")
    (tmp_path / "corpus" / "empty.hea").write_text("")
    dat = tmp_path / "corpus" / "cut.dat"
    dat.write_bytes(dat.read_bytes()[:-1000])
    (tmp_path / "corpus" / "alone.dat").unlink()
    pack = packed(tmp_path)
    assert pack.table["key"].tolist() == ["bridged", "good"]
    refused = pack.refused.set_index("key")
    assert sorted(refused.index) == ["alone", "cut", "eleven", "empty", "gap", "short"]
    assert refused.loc["gap"].tolist() == ["BROKEN", "Lead V2 has a gap of 40 ms; up to 20 ms are bridged."]
    assert refused.loc["short", "sentence"] == "The record lasts 0.90 s; a pack takes records from 1 s on."
    assert refused.loc["eleven", "sentence"] == "The record lacks 1 of the twelve leads: V6."
    assert all(sentence.strip() for sentence in refused["sentence"])
    assert pack.manifest["refused"] == 6


def test_the_same_records_give_the_same_bytes(tmp_path: Path, write_record: WriteRecord) -> None:
    for at in range(12):
        write_record(f"{at:02}", seconds=1 + at / 4, seed=at)
    assert content(packed(tmp_path, "first")) == content(packed(tmp_path, "second"))


def test_a_killed_pack_goes_on_to_the_same_bytes(tmp_path: Path, write_record: WriteRecord) -> None:
    for at in range(8):
        write_record(f"{at}", seconds=2, seed=at)
    (tmp_path / "corpus" / "3.dat").write_bytes(b"")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", KILLED, str(tmp_path), "5"]
    assert subprocess.run(words, env=environment, check=False).returncode == -signal.SIGKILL
    assert not (tmp_path / "pack").exists()
    assert (tmp_path / "pack.part").exists()
    handled: list[int] = []
    pack = build_pack(
        open_source(None, tmp_path / "corpus"), tmp_path / "pack", progress=lambda done, _: handled.append(done)
    )
    assert handled == [5, 6, 7, 8]  # four were on the disk, in groups of two
    assert not (tmp_path / "pack.part").exists()
    assert content(pack) == content(packed(tmp_path, "straight"))


def test_a_finished_pack_of_the_same_is_opened_and_of_anything_else_refused(
    tmp_path: Path, write_record: WriteRecord
) -> None:
    write_record("1")
    before = packed(tmp_path)
    times = {path: path.stat().st_mtime_ns for path in before.path.iterdir()}
    assert packed(tmp_path).digest == before.digest
    assert {path: path.stat().st_mtime_ns for path in before.path.iterdir()} == times
    with pytest.raises(CorpusError, match="pack is a pack of something else already"):
        packed(tmp_path, rate=200)
    with pytest.raises(CorpusError, match="pack is a pack of something else already"):
        packed(tmp_path, leads=("I",))
    with pytest.raises(CorpusError, match="corpus is there already and is no pack"):
        packed(tmp_path, "corpus")


def test_a_corpus_without_any_whole_record_leaves_nothing(tmp_path: Path, write_record: WriteRecord) -> None:
    write_record("1", leads=("I",))
    with pytest.raises(
        CorpusError,
        match="None of the 1 records could be packed; 1: The record lacks 11 of the twelve leads: II, III, aVR",
    ):
        packed(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_two_processes_do_not_write_one_pack(tmp_path: Path, write_record: WriteRecord) -> None:
    write_record("1")
    (tmp_path / "pack.part").mkdir()
    with locked(tmp_path / "pack.part" / "lock", ""), pytest.raises(RunError, match="pack is being packed by another"):
        packed(tmp_path)


def test_a_disk_that_refuses_is_one_sentence(tmp_path: Path, write_record: WriteRecord) -> None:
    write_record("1")
    (tmp_path / "file").write_text("")
    with pytest.raises(OwnFault, match=r"Packing into pack stopped \(Not a directory\)"):
        packed(tmp_path, "file/pack")


def test_real_records_of_five_sources_are_packed_with_what_the_table_knows(
    tmp_path: Path, real: Callable[[str], Path], shared: Callable[[str], Path]
) -> None:
    keys = ["cpsc_2018/A0001", "cpsc_2018/A0011", "georgia/E07509", "georgia/E07510", "ptb/S0001", "ptb-xl/HR00001"]
    keys += ["ptb-xl/HR00137", "ptb-xl/HR00138", "ptb-xl/HR00841", "cpsc_2018_extra/Q0048"]
    for key in keys:
        (tmp_path / "corpus" / key).parent.mkdir(parents=True, exist_ok=True)
        for suffix in (".hea", ".mat"):
            shutil.copyfile(real("cinc2020") / f"{key}{suffix}", tmp_path / "corpus" / f"{key}{suffix}")
    source = open_source(None, tmp_path / "corpus", shared("cinc2020_records.csv"))
    pack = build_pack(source, tmp_path / "pack")
    table = pack.table.set_index("key")
    assert pack.refused.empty
    assert sorted(table.index) == sorted(keys)
    assert (table.loc["ptb/S0001", "file_rate_hz"], table.loc["ptb/S0001", "samples"]) == (1000, 3840)
    assert json.loads(table.loc["cpsc_2018/A0011", "codes"]) == ["164909002"]
    assert table.loc["ptb-xl/HR00841", "published_fold"] == 2
    assert table.loc["georgia/E07509", "sha256"] == table.loc["georgia/E07510", "sha256"]
    labels = pack.labels(load_label_set("cinc2020"))
    assert (labels[list(pack.table["key"]).index("ptb-xl/HR00841")] == -1).sum() == 2
    for row in range(len(pack)):
        assert_leads_obey_einthoven(pack, row)
    assert open_pack(pack.path).digest == pack.digest
