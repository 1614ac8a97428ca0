"""Sources: which kind a folder is, its records in order, and what a table adds."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ecgssl_core.corpus.source import find_folders, open_source, source_names
from ecgssl_core.errors import CorpusError


def headers(folder: Path, *keys: str, line: str = "# Dx: 426783006") -> Path:
    for key in keys:
        path = folder / f"{key}.hea"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{path.stem} 12 500 5000\n{line}\n")
    return folder


@pytest.mark.parametrize(
    ("line", "kind"),
    [("# Dx: 1", "cinc2020"), ("#Dx: 1", "cinc2020"), ("#dx:1", "cinc2020"), ("#<age>: 51", "wfdb"), ("", "wfdb")],
)
def test_the_diagnosis_line_tells_the_kind(tmp_path: Path, line: str, kind: str) -> None:
    assert open_source(None, headers(tmp_path / "data", "a/1", line=line)).name == kind


def test_records_come_by_key_and_the_first_folder_is_the_source(tmp_path: Path) -> None:
    folder = headers(tmp_path / "data", "b/g1/x", "b/g2/x", "a/z", "q", ".hidden/y")
    found = open_source("cinc2020", folder).entries
    assert [entry.key for entry in found] == ["a/z", "b/g1/x", "b/g2/x", "q"]
    assert [entry.source for entry in found] == ["a", "b", "b", "data"]
    assert {entry.source for entry in open_source("wfdb", folder).entries} == {"data"}


def test_a_table_is_found_by_name_or_by_key_and_what_it_does_not_know_stays(tmp_path: Path) -> None:
    folder = headers(tmp_path / "data", "a/1", "a/2", "b/3")
    labels = tmp_path / "records.csv"
    labels.write_text("record,patient,dx,same_signal\n1,p,59118001,3\na/2,q,,none\nz,r,,\n")
    first, second, third = open_source(None, folder, labels).entries
    assert (first.patient, first.codes, first.same_signal) == ("p", ("59118001",), "b/3")
    assert (second.patient, second.codes, second.same_signal) == ("q", None, "none")
    assert (third.patient, third.codes, third.source) == (None, None, "b")


def test_a_table_of_other_records_is_refused(tmp_path: Path) -> None:
    labels = tmp_path / "records.csv"
    labels.write_text("record\nz\n")
    source = open_source(None, headers(tmp_path / "data", "1", "2"), labels)
    with pytest.raises(CorpusError, match=r"records\.csv knows none of the 2 records"):
        source.entries  # noqa: B018


def test_what_is_known_beforehand_changes_the_digest(tmp_path: Path) -> None:
    folder = headers(tmp_path / "data", "1", "2")
    labels = tmp_path / "records.csv"
    labels.write_text("record,patient\n1,p\n")
    digests = {open_source(*words).digest for words in [(None, folder), ("wfdb", folder), (None, folder, labels)]}
    assert len(digests) == 3
    assert open_source(None, folder).digest in digests


def test_folders_without_records_and_unknown_kinds_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError, match="There is no folder 'nowhere'"):
        open_source(None, tmp_path / "nowhere")
    with pytest.raises(
        CorpusError, match=r"empty holds no records of a known kind \(af2017, cinc2020, .*wfdb, files\)"
    ):
        open_source(None, tmp_path / "empty")
    with pytest.raises(CorpusError, match="no record of the kind wfdb in the folder empty"):
        open_source("wfdb", tmp_path / "empty").entries  # noqa: B018
    with pytest.raises(CorpusError, match="did you mean 'cinc2020'"):
        open_source("cinc2012", tmp_path)


def test_folders_with_records_are_listed_and_others_are_not(tmp_path: Path) -> None:
    headers(tmp_path / "b", "deep/1")
    headers(tmp_path / "a", "1")
    headers(tmp_path / ".c", "1")
    (tmp_path / "empty").mkdir()
    assert [path.name for path in find_folders(tmp_path)] == ["a", "b"]
    assert find_folders(tmp_path / "nowhere") == []


def test_the_real_folders_are_recognised(real: Callable[[str], Path], shared: Callable[[str], Path]) -> None:
    assert source_names() == ["af2017", "cinc2020", "ptbxl", "ptbxl100", "wfdb", "files"]
    source = open_source(None, real("cinc2020"), shared("cinc2020_records.csv"))
    assert (source.name, len(source.entries)) == ("cinc2020", 907)
    assert len({entry.patient for entry in source.entries if entry.patient}) == 586
    assert sum(entry.unknown_codes != () for entry in source.entries) == 77
    assert {entry.same_signal for entry in source.entries} >= {"cpsc_2018/A0101", "ptb-xl/HR00145"}
    assert open_source(None, real("ludb")).name == open_source(None, real("code15")).name == "wfdb"
