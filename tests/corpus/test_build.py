"""Making packs: all kinds of records take one way, broken ones are listed, a killed pack goes on to the same bytes."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.changes import Changes
from ecgssl_core.corpus.crew import Crew
from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.corpus.pack import Pack, open_pack, require_leads
from ecgssl_core.corpus.source import open_source
from ecgssl_core.durable import locked
from ecgssl_core.errors import CorpusError, OwnFault, RunError
from ecgssl_core.records.answers import Answers
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
left = int(sys.argv[2])
def touched(event, _):
    global left
    if event in ("open", "os.rename", "os.truncate", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
def progress(done, total):
    if sys.argv[3] == str(done):
        os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    source = open_source(None, Path(sys.argv[1], "corpus"))
    sys.addaudithook(touched)
    build_pack(source, Path(sys.argv[1], "pack"), progress=progress)
"""
NEVER = 10**9
TOUCHES = 90  # of files and folders, about as many as a packing of nine records makes


def packed(tmp_path: Path, name: str = "pack", **words: object) -> Pack:
    return build_pack(open_source(None, tmp_path / "corpus"), tmp_path / name, **words)


def content(pack: Pack) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in pack.path.iterdir()}


def killed(tmp_path: Path, touches: int, records: int = NEVER) -> bool:
    """Pack in a process that is killed when it touches files for that time, or has done so many records."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", KILLED, str(tmp_path), str(touches), str(records)]
    code = subprocess.run(words, env=environment, check=False).returncode
    assert code in (0, -signal.SIGKILL)
    return code != 0


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
    assert killed(tmp_path, NEVER, 5)
    assert not (tmp_path / "pack").exists()
    assert (tmp_path / "pack.part").exists()
    handled: list[int] = []
    pack = build_pack(
        open_source(None, tmp_path / "corpus"), tmp_path / "pack", progress=lambda done, _: handled.append(done)
    )
    assert handled == [5, 6, 7, 8]  # four were on the disk, in groups of two
    assert not (tmp_path / "pack.part").exists()
    assert content(pack) == content(packed(tmp_path, "straight"))


def test_packs_killed_at_random_moments_go_on_to_the_same_bytes(tmp_path: Path, write_record: WriteRecord) -> None:
    _kill_at(tmp_path, write_record, np.random.default_rng(0).integers(5, TOUCHES, 3).tolist())


@pytest.mark.slow
def test_packs_killed_at_many_more_moments_go_on_to_the_same_bytes(tmp_path: Path, write_record: WriteRecord) -> None:
    _kill_at(tmp_path, write_record, np.random.default_rng(1).permutation(TOUCHES)[:16].tolist())


def _kill_at(tmp_path: Path, write_record: WriteRecord, moments: list[int]) -> None:
    """Kill a packing at each moment; what comes out at the end is what comes out undisturbed.

    Every second time, what is killed is a packing that brings a finished pack up to date.
    """
    for at in range(6):
        write_record(f"{at}", seconds=2, seed=at)
    packed(tmp_path, "first")
    for at in range(6, 9):
        write_record(f"{at}", seconds=2, seed=at)
    (tmp_path / "corpus" / "3.dat").write_bytes(b"")
    expected = content(packed(tmp_path, "straight"))
    ended_by_kill = 0
    for at, moment in enumerate(moments):
        shutil.rmtree(tmp_path / "pack", ignore_errors=True)
        if at % 2:
            shutil.copytree(tmp_path / "first", tmp_path / "pack")
        ended_by_kill += killed(tmp_path, moment + 1)
        assert content(packed(tmp_path)) == expected, moment
        assert not (tmp_path / "pack.part").exists()
    assert ended_by_kill >= len(moments) / 2


def changes_of(tmp_path: Path, **words: object) -> tuple[Pack, Changes]:
    told: list[Changes] = []
    pack = build_pack(open_source(None, tmp_path / "corpus"), tmp_path / "pack", report=told.append, **words)
    return pack, told[0]


def test_a_second_run_reads_only_what_is_new_or_changed_and_gives_the_bytes_of_a_fresh_pack(
    tmp_path: Path, write_record: WriteRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(1, 7):
        write_record(f"{at}", seconds=2, seed=at)
    write_record("short", seconds=0.9)
    packed(tmp_path)
    (tmp_path / "pack" / "folds.csv").write_text("kept")
    write_record("0", seconds=2, seed=10)
    write_record("35", seconds=3, seed=11)
    write_record("2", seconds=2, seed=12)  # other samples under the same name
    for suffix in (".hea", ".dat"):
        (tmp_path / "corpus" / f"5{suffix}").unlink()
    read: list[str] = []
    take = Crew.take
    monkeypatch.setattr(Crew, "take", lambda self, path, form: read.append(path.stem) or take(self, path, form))
    pack, changes = changes_of(tmp_path)
    assert changes == Changes(5, ("0", "35"), ("2",), ("5",))
    assert sorted(read) == ["0", "2", "35"]
    assert changes.sentence() == (
        "5 records are as they were; 2 new (0, 35); 1 changed (2); 1 no longer in the folder (5)."
    )
    assert (pack.path / "folds.csv").read_text() == "kept"
    (pack.path / "folds.csv").unlink()
    assert content(pack) == content(packed(tmp_path, "fresh"))
    assert not changes_of(tmp_path)[1]


def test_a_record_whose_labels_changed_is_packed_anew(tmp_path: Path, write_record: WriteRecord) -> None:
    for key in ("1", "2"):
        write_record(key)
    table = tmp_path / "table.csv"
    table.write_text("record,patient\n1,a\n2,b\n")
    build_pack(open_source(None, tmp_path / "corpus", table), tmp_path / "pack")
    table.write_text("record,patient\n1,a\n2,c\n")
    told: list[Changes] = []
    pack = build_pack(open_source(None, tmp_path / "corpus", table), tmp_path / "pack", report=told.append)
    assert told == [Changes(1, (), ("2",), ())]
    assert pack.table["patient"].tolist() == ["a", "c"]


def test_a_signal_file_that_turns_up_later_is_read(tmp_path: Path, write_record: WriteRecord) -> None:
    for key in ("1", "2"):
        write_record(key)
    (tmp_path / "corpus" / "2.dat").rename(tmp_path / "2.dat")
    assert packed(tmp_path).table["key"].tolist() == ["1"]
    (tmp_path / "2.dat").rename(tmp_path / "corpus" / "2.dat")
    pack, changes = changes_of(tmp_path)
    assert (changes.changed, pack.table["key"].tolist()) == (("2",), ["1", "2"])


def test_a_folder_that_lost_most_of_its_records_does_not_take_the_pack_with_it(
    tmp_path: Path, write_record: WriteRecord
) -> None:
    for at in range(3):
        write_record(f"{at}")
    before = content(packed(tmp_path))
    shutil.rmtree(tmp_path / "corpus")
    write_record("0")
    write_record("other")
    with pytest.raises(CorpusError, match="pack is a pack of something else already: 2 of its 3 records are not in"):
        packed(tmp_path)
    assert content(open_pack(tmp_path / "pack")) == before
    assert not (tmp_path / "pack.part").exists()


def test_a_pack_of_an_older_version_is_opened_and_grown_by_reading_all(
    tmp_path: Path, write_record: WriteRecord
) -> None:
    for at in range(3):
        write_record(f"{at}")
    source = open_source(None, tmp_path / "corpus")
    old = packed(tmp_path).path
    (old / "origins.parquet").unlink()
    (old / "survey.json").unlink()
    manifest = json.loads((old / "pack.json").read_text())
    (old / "pack.json").write_text(json.dumps({**manifest, "entries": source.digest}))
    assert open_pack(old).survey == {}
    assert changes_of(tmp_path)[1] == Changes(3, (), (), ())
    write_record("3")
    pack, changes = changes_of(tmp_path)
    assert (changes.added, changes.changed) == (("3",), ("0", "1", "2"))
    assert content(pack) == content(packed(tmp_path, "fresh"))


def test_every_source_file_is_known_by_its_hash(tmp_path: Path, write_record: WriteRecord) -> None:
    write_record("good")
    write_record("short", seconds=0.9)
    pack = packed(tmp_path)
    origins = pd.read_parquet(pack.path / "origins.parquet").set_index("key")
    assert origins["kind"].to_dict() == {"good": "", "short": "NOPRED"}
    for key, files in origins["files"].items():
        for name, size, digest in json.loads(files):
            stored = (tmp_path / "corpus" / name).read_bytes()
            assert (size, digest) == (len(stored), hashlib.sha256(stored).hexdigest())
        assert [name for name, _, _ in json.loads(files)] == [f"{key}.dat", f"{key}.hea"]


def test_a_pack_may_have_fewer_leads(tmp_path: Path, write_record: WriteRecord) -> None:
    whole = write_record("1", rate=100)
    write_record("2", rate=100, leads=("V1", "II"), seed=2)
    pack = packed(tmp_path, leads=("V1", "II"))
    assert pack.leads == ("II", "V1")
    assert pack.refused.empty
    assert pack.signal(0) == pytest.approx(whole[[1, 6]], abs=0.001)
    with pytest.raises(CorpusError, match="The pack pack has 2 leads"):
        require_leads(pack, LEADS)
    assert packed(tmp_path, "any", leads=None).leads == ("II", "V1")
    with pytest.raises(CorpusError, match="There is no lead 'V9': did you mean 'V6'"):
        packed(tmp_path, "odd", leads=("V9",))


def test_a_person_names_what_files_leave_open(tmp_path: Path, real: Callable[[str], Path]) -> None:
    (tmp_path / "corpus").mkdir()
    for header in sorted(real("af2017").glob("*.hea"))[:3]:
        for path in (header, header.with_suffix(".mat")):
            shutil.copyfile(path, tmp_path / "corpus" / path.name)
    with pytest.raises(CorpusError, match="does not say which lead this is"):
        packed(tmp_path, leads=("I",))
    pack = packed(tmp_path, leads=("I",), answers=Answers(leads=("I",)))
    assert (pack.leads, len(pack), pack.signals.shape[1]) == (("I",), 3, 1)
    assert [counts["leads"] for counts in pack.survey.values()] == [{"ECG": 3}]
    assert changes_of(tmp_path, leads=("I",), answers=Answers(leads=("I",)))[1] == Changes(3, (), (), ())
    with pytest.raises(CorpusError, match="something else"):
        packed(tmp_path, leads=("I",))


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
