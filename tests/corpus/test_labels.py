"""Label sets: their order, their equivalents, and the rows they make."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from ecgssl_core.corpus.labels import label_set_names, load_label_set, snomed_codes
from ecgssl_core.errors import SettingsError

PAPER_ORDER = (
    "IAVB AF AFL Brady CRBBB IRBBB LAnFB LAD LBBB LQRSV NSIVCB PR PAC PVC LPR LQT QAb RAD SA SB NSR STach TAb TInv"
)


def test_the_challenge_of_2020_has_24_classes_in_the_order_of_the_paper() -> None:
    classes = load_label_set("cinc2020")
    assert classes.abbreviations == tuple(PAPER_ORDER.split())
    assert len(classes) == len(set(classes.codes)) == 24
    assert classes.codes[20] == "426783006"


def test_order_and_names_are_those_of_the_challenge(shared: Callable[[str], Path]) -> None:
    classes = load_label_set("cinc2020")
    folder = shared("scoring") / "2020"
    with (folder / "weights.csv").open() as file:
        order = next(csv.reader(file))[1:]
    others = {code for codes in classes.equivalents for code in codes}
    assert [code for code in order if code not in others] == list(classes.codes)
    with (folder / "dx_mapping_scored.csv").open() as file:
        official = {row["SNOMED CT Code"]: row for row in csv.DictReader(file)}
    assert set(official) == set(classes.codes) | others
    for code, name, abbreviation in zip(classes.codes, classes.names, classes.abbreviations, strict=True):
        assert name.replace(" ", "").lower() == official[code]["Dx"].replace(" ", "")
        assert abbreviation == official[code]["Abbreviation"]


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


def test_an_unknown_label_set_is_named_with_the_nearest() -> None:
    assert label_set_names() == ["cinc2020"]
    with pytest.raises(SettingsError, match="did you mean 'cinc2020'"):
        load_label_set("cinc2021")
