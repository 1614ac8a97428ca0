"""Label sets: their order, their equivalents, and the rows they make."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from ecgssl_core.corpus.labels import label_set_csv, label_set_names, load_label_set, own_label_set, snomed_codes
from ecgssl_core.errors import SettingsError

PAPER_ORDER = (
    "IAVB AF AFL Brady CRBBB IRBBB LAnFB LAD LBBB LQRSV NSIVCB PR PAC PVC LPR LQT QAb RAD SA SB NSR STach TAb TInv"
)


def test_the_challenge_of_2020_has_24_classes_in_the_order_of_the_paper() -> None:
    classes = load_label_set("cinc2020")
    assert classes.abbreviations == tuple(PAPER_ORDER.split())
    assert len(classes) == len(set(classes.codes)) == 24
    assert classes.codes[20] == "426783006"


@pytest.mark.parametrize(("year", "column"), [("2020", "SNOMED CT Code"), ("2021", "SNOMEDCTCode")])
def test_order_and_names_are_those_of_the_challenge(year: str, column: str, shared: Callable[[str], Path]) -> None:
    classes = load_label_set(f"cinc{year}")
    folder = shared("scoring") / year
    with (folder / "weights.csv").open() as file:
        order = [code for name in next(csv.reader(file))[1:] for code in name.split("|")]
    others = {code for codes in classes.equivalents for code in codes}
    assert [code for code in order if code not in others] == list(classes.codes)
    with (folder / "dx_mapping_scored.csv").open() as file:
        official = {row[column]: row for row in csv.DictReader(file)}
    assert set(official) == set(classes.codes) | others
    for code, name, abbreviation in zip(classes.codes, classes.names, classes.abbreviations, strict=True):
        assert name.replace(" ", "").lower() == official[code]["Dx"].replace(" ", "").lower()
        assert abbreviation == official[code]["Abbreviation"]


def test_the_challenge_of_2021_has_26_classes_and_four_pairs_that_mean_the_same() -> None:
    classes = load_label_set("cinc2021")
    assert len(classes) == 26
    pairs = [(first, *others) for first, others in zip(classes.codes, classes.equivalents, strict=True) if others]
    assert pairs == [
        ("733534002", "164909002"),
        ("713427006", "59118001"),
        ("284470004", "63593006"),
        ("427172004", "17338001"),
    ]


def test_the_sets_of_ptb_xl_are_what_its_own_table_of_statements_says(real: Callable[[str], Path]) -> None:
    with (real("ptbxl_layout") / "scp_statements.csv").open() as file:
        rows = {row[""]: row for row in csv.DictReader(file)}
    for task, size in {"diagnostic": 44, "form": 19, "rhythm": 12}.items():
        classes = load_label_set(f"ptbxl-{task}")
        assert classes.codes == tuple(code for code, row in rows.items() if row[task] == "1.0")
        assert len(classes) == size
    assert load_label_set("ptbxl-all").codes == tuple(rows)
    assert load_label_set("ptbxl-all").names == tuple(row["description"] for row in rows.values())
    for task, column, size in (("superclass", "diagnostic_class", 5), ("subclass", "diagnostic_subclass", 23)):
        classes = load_label_set(f"ptbxl-{task}")
        assert len(classes) == size
        for code, row in rows.items():
            place = classes.index(code)
            assert (None if place is None else classes.codes[place]) == (row[column] or None), code


@pytest.mark.parametrize(
    ("code", "first"),
    [("59118001", "713427006"), ("63593006", "284470004"), ("17338001", "427172004")],
)
def test_equivalent_codes_are_one_class(code: str, first: str) -> None:
    classes = load_label_set("cinc2020")
    assert classes.encode([code]).tolist() == classes.encode([first]).tolist()
    assert classes.encode([code]).sum() == classes.encode([code, first]).sum() == 1


def test_a_row_tells_present_absent_and_unknown_apart() -> None:
    classes = load_label_set("cinc2020")
    row = classes.encode(["164889003", "429622005"], unknown=["39732003", "164889003", "0"])
    assert row.dtype == "int8"
    assert row[classes.index("164889003")] == 1
    assert row[classes.index("39732003")] == -1
    assert sorted(set(row.tolist())) == [-1, 0, 1]
    assert (row != 0).sum() == 2


def test_words_of_the_first_release_become_codes_and_other_words_are_left_out() -> None:
    assert snomed_codes(["Normal", "RBBB", " 426783006 ", "Unknown", ""]) == ("426783006", "59118001")


def test_a_record_labelled_in_another_language_is_unknown_of_all_classes() -> None:
    challenge, own = load_label_set("cinc2020"), load_label_set("ptbxl-superclass")
    assert set(challenge.encode(["NORM", "SR"]).tolist()) == {-1}
    assert set(own.encode(["426783006"]).tolist()) == {-1}
    assert own.encode(["426783006", "NORM", "NDT"]).tolist() == [1, 0, 1, 0, 0]
    assert set(challenge.encode(["429622005"]).tolist()) == set(challenge.encode([]).tolist()) == {0}
    assert own_label_set("mine", ["1", "2"]).encode(["2"]).tolist() == [0, 1]  # short numbers are no SNOMED CT codes


def test_labels_of_ones_own_are_read_again_from_a_packs_folder_or_a_file(tmp_path: Path) -> None:
    own = own_label_set(tmp_path.name, ["flutter, typical", "~", "LAO/LAE"])
    (tmp_path / "classes.csv").write_bytes(label_set_csv(own))
    assert load_label_set(str(tmp_path)) == own
    from_file = load_label_set(str(tmp_path / "classes.csv"))
    assert (from_file.name, from_file.codes) == ("classes", own.codes)
    shipped = load_label_set("cinc2021")
    (tmp_path / "classes.csv").write_bytes(label_set_csv(shipped))
    assert load_label_set(str(tmp_path)).equivalents == shipped.equivalents


@pytest.mark.parametrize("text", ["", "code,name\na,b\n", "code,name,abbreviation,equivalents\na,a,a,\na,b,b,\n"])
def test_a_file_that_is_no_label_set_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.csv").write_text(text)
    with pytest.raises(SettingsError, match=r"mine\.csv is no label set: it needs the columns code, name"):
        load_label_set(str(tmp_path / "mine.csv"))


def test_an_unknown_label_set_is_named_with_the_nearest(tmp_path: Path) -> None:
    assert {"af2017", "cinc2020", "cinc2021", "ptbxl-all", "ptbxl-superclass"} <= set(label_set_names())
    with pytest.raises(
        SettingsError, match=r"no label set 'cinc2022'.*did you mean 'cinc2021'|did you mean 'cinc2020'"
    ):
        load_label_set("cinc2022")
    with pytest.raises(SettingsError, match="no label set"):
        load_label_set(str(tmp_path))
