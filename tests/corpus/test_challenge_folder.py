"""The folders of the challenge's scorer, read in its order and refused by name."""

from pathlib import Path

import pytest

from ecgssl_core.corpus.challenge_folder import read_challenge_folders
from ecgssl_core.errors import CorpusError


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    labels, outputs = tmp_path / "labels", tmp_path / "outputs"
    for folder in (labels, outputs):
        folder.mkdir()
    for name, suffix in (("b2", ".hea"), ("B1", ".HEA"), ("a3", ".hea")):
        (labels / f"{name}{suffix}").write_text(f"{name} 12\n#Dx: 1\n")
        (outputs / f"{name}.csv").write_text(f"#{name}\n1\n0\n0\n")
    return labels, outputs


def test_recordings_come_in_the_order_of_their_names_and_other_files_are_passed_over(
    folders: tuple[Path, Path],
) -> None:
    labels, outputs = folders
    for path in (labels / ".hidden.hea", labels / "notes.txt", outputs / "more.csv"):
        path.write_text("#Dx: 2\n")
    (labels / "folder.hea").mkdir()
    found = read_challenge_folders(labels, outputs)
    assert [name for name, _, _ in found] == ["B1", "a3", "b2"]
    assert found[0] == ("B1", "B1 12\n#Dx: 1\n", "#B1\n1\n0\n0\n")


def test_a_missing_folder_is_named(folders: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no folder gone of outputs"):
        read_challenge_folders(folders[0], tmp_path / "gone")
    with pytest.raises(CorpusError, match="no folder gone of labels"):
        read_challenge_folders(tmp_path / "gone", folders[1])


def test_a_header_without_outputs_is_named(folders: tuple[Path, Path]) -> None:
    (folders[1] / "a3.csv").unlink()
    with pytest.raises(CorpusError, match=r"no a3\.csv for the header a3\.hea"):
        read_challenge_folders(*folders)


def test_no_header_at_all_is_said(folders: tuple[Path, Path]) -> None:
    with pytest.raises(CorpusError, match="holds no header"):
        read_challenge_folders(folders[1], folders[0])


def test_what_is_no_small_text_is_refused(folders: tuple[Path, Path]) -> None:
    (folders[1] / "a3.csv").write_bytes(b"0" * ((1 << 20) + 1))
    with pytest.raises(CorpusError, match="larger than 1 MiB"):
        read_challenge_folders(*folders)


def test_old_encodings_and_marks_are_read(folders: tuple[Path, Path]) -> None:
    (folders[0] / "a3.hea").write_bytes(b"a3 12 \xb5V\n#Dx: 1\n")
    (folders[1] / "a3.csv").write_bytes(b"\xef\xbb\xbf#a3\n1\n0\n0\n")
    found = {name: texts for name, *texts in read_challenge_folders(*folders)}
    assert found["a3"][0].splitlines()[1] == "#Dx: 1"
    assert found["a3"][1].startswith("#a3")
