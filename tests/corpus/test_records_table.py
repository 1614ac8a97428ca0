"""Records tables: what each column says, and each way to be no such table."""

from pathlib import Path

import pytest

from ecgssl_core.corpus.records_table import read_records_table
from ecgssl_core.errors import CorpusError


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "records.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_column_is_understood(tmp_path: Path) -> None:
    text = (
        "record,source,patient,age,sex,dx,axis_known,strat_fold,same_signal,colour\n"
        'HR1,ptb-xl,p7,300,Female,"426783006, 39732003",0,10,HR2,red\n'
    )
    row = read_records_table(table(tmp_path, text))["HR1"]
    assert (row.source, row.patient, row.age, row.sex) == ("ptb-xl", "p7", 300.0, "female")
    assert (row.codes, row.unknown_codes) == (("426783006", "39732003"), ("39732003", "47665007"))
    assert (row.published_fold, row.same_signal) == (10, "HR2")


def test_empty_cells_and_missing_columns_say_nothing(tmp_path: Path) -> None:
    rows = read_records_table(table(tmp_path, "\ufeffrecord,dx,age,sex,axis_known,strat_fold\nA1,,,,1,\nA2\n"))
    for row in rows.values():
        assert (row.patient, row.codes, row.age, row.sex, row.published_fold) == (None,) * 5
        assert row.unknown_codes == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,dx\nA1,1\n", "has no column 'record'"),
        ("", "has no column 'record'"),
        ("record\nA1\nA1\n", "names A1 a second time in line 3"),
        ("record,age\nA1,old\n", "line 2: age is in years, not 'old'"),
        ("record,strat_fold\nA1,0\n", "line 2: strat_fold is a number from 1, not '0'"),
        ("record,axis_known\nA1,maybe\n", "line 2: axis_known is 0 or 1, not 'maybe'"),
        ('record,dx\n"A1"x,1\n', "is not CSV in UTF-8"),
    ],
)
def test_what_is_no_such_table_is_refused_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(CorpusError, match=sentence):
        read_records_table(table(tmp_path, text))


def test_a_table_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"none\.csv cannot be read \(No such file"):
        read_records_table(tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"record\n\xff\xfe\n")
    with pytest.raises(CorpusError, match=r"bytes\.csv is not CSV in UTF-8"):
        read_records_table(tmp_path / "bytes.csv")
