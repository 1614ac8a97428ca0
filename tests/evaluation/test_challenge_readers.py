"""The two readers of output files: one equal to the official programs, one that reads what was meant and says so."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ecgssl_core.errors import BrokenFile
from ecgssl_core.evaluation.challenge_classes import challenge_classes
from ecgssl_core.evaluation.challenge_files import ChallengeArrays, ChallengeTexts
from ecgssl_core.evaluation.compatible_reader import read_compatible
from ecgssl_core.evaluation.official import official_scores
from ecgssl_core.evaluation.tolerant_reader import read_tolerant

Shared = Callable[[str], Path]
MAY_DIFFER = {"15", "22", "25", "26", "27", "28", "30"}
EXACT = {"rtol": 0, "atol": 1e-12}
AF, NORMAL = "164889003", "426783006"


def cases(shared: Shared) -> Iterator[tuple[str, Any]]:
    """Give number and content of each file-level case."""
    for path in sorted((shared("scoring") / "score_cases").glob("[0-9]*.json")):
        yield path.name[:2], json.loads(path.read_text())


def order(shared: Shared, year: int) -> list[int]:
    """Give for each of our classes its place in the order of the stored results."""
    index = json.loads((shared("scoring") / "score_cases" / "index.json").read_text())
    stored = [set(name.split("|")) for name in index[f"classes_{year}"]]
    groups = challenge_classes(year).groups
    return [next(place for place, codes in enumerate(stored) if codes & set(group)) for group in groups]


def texts(case: Any) -> list[ChallengeTexts]:
    """Give the files of a case as they would lie in the two folders."""
    files, made = case["files"], []
    for row, name in enumerate(case["ids"]):
        given = files["dx"][row]
        lines = given if any(one.startswith("#") for one in given) else [f"#Dx: {','.join(given)}"]
        output = "\n".join(
            [f"#{name}", *(",".join(cells) for cells in (files["columns"], files["binary"][row], files["scalar"][row]))]
        )
        header = "\n".join([f"{name} 12 500 5000 {name}.mat", "#Age: 60", "#Sex: Male", *lines, "#Rx: Unknown"])
        made.append(ChallengeTexts(name, header + "\n", files.get("raw_csv", {}).get(name, output + "\n")))
    return made


def numbers(values: Any) -> Any:
    if isinstance(values, list):
        return np.array([numbers(value) for value in values])
    return float("nan") if values is None else float(values)


def same(one: ChallengeArrays, other: ChallengeArrays) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("labels", "outputs", "scores"))


def one(header: str, output: str, year: int = 2020, **words: bool) -> ChallengeArrays:
    return read_tolerant([ChallengeTexts("A1", header, output)], challenge_classes(year), **words)


@pytest.mark.parametrize("year", [2020, 2021])
def test_the_compatible_reader_gives_the_official_arrays_and_results_or_fails_as_the_official_program(
    shared: Shared, year: int
) -> None:
    scored, places, failed, checked = challenge_classes(year), order(shared, year), [], 0
    for number, case in cases(shared):
        stored = case[str(year)]
        if "error" in stored:
            failed.append(number)
            with pytest.raises(BrokenFile):
                read_compatible(texts(case), scored)
            continue
        found = read_compatible(texts(case), scored)
        for name, key in (("labels", "labels"), ("outputs", "binary_outputs"), ("scores", "scalar_outputs")):
            expected = numbers(stored[key])[:, places]
            np.testing.assert_allclose(getattr(found, name), expected, err_msg=f"{number} {name}", **EXACT)
        results = official_scores(found.labels, found.scores, found.outputs, scored.weights, scored.normal)
        for key, value in stored["official"].items():
            if "beta_1" in key:
                continue
            ours = f"class_{key.removesuffix('_classes')}" if key.endswith("_classes") else key
            official = numbers(value)[places] if key.endswith("_classes") else numbers(value)
            np.testing.assert_allclose(getattr(results, ours), official, err_msg=f"{number} {key}", **EXACT)
            checked += 1
    assert failed == {2020: ["27"], 2021: ["25", "26"]}[year]
    assert checked > 150


@pytest.mark.parametrize("year", [2020, 2021])
def test_the_tolerant_reader_differs_only_where_it_may_and_says_why(shared: Shared, year: int) -> None:
    scored, differing = challenge_classes(year), set()
    for number, case in cases(shared):
        found = read_tolerant(texts(case), scored)
        try:
            alike = same(found, read_compatible(texts(case), scored))
        except BrokenFile:
            alike = False
        if not alike:
            differing.add(number)
            assert found.notes, number
    assert differing == {2020: {"15", "22", "27", "28", "30"}, 2021: {"25", "26", "27"}}[year]
    assert differing <= MAY_DIFFER


@pytest.mark.parametrize("year", [2020, 2021])
@pytest.mark.parametrize("number", ["27", "28"])
def test_the_tolerant_reader_gives_every_recording_its_own_labels(shared: Shared, year: int, number: str) -> None:
    case = next(case for name, case in cases(shared) if name == number)
    scored = challenge_classes(year)
    found = read_tolerant(texts(case), scored)
    for row, lines in enumerate(case["files"]["dx"]):
        codes = {code.strip() for line in lines for code in line.split(":")[1].split(",")}
        expected = [bool(codes & set(group)) for group in scored.groups]
        np.testing.assert_array_equal(found.labels[row] == 1, expected, err_msg=lines[0])
    assert any("R0003" in note or "R0002" in note for note in found.notes)


def test_both_years_read_the_same_file_alike_when_tolerant(shared: Shared) -> None:
    common = set(challenge_classes(2020).codes) & set(challenge_classes(2021).codes)
    for number, case in cases(shared):
        years = [challenge_classes(year) for year in (2020, 2021)]
        found = [read_tolerant(texts(case), scored) for scored in years]
        for code in common:
            first, second = (
                (one.outputs[:, scored.places[code]], one.scores[:, scored.places[code]])
                for one, scored in zip(found, years, strict=True)
            )
            np.testing.assert_array_equal(first, second, err_msg=number)


def test_well_formed_files_leave_no_note(shared: Shared) -> None:
    case = next(case for name, case in cases(shared) if name == "01")
    assert read_tolerant(texts(case), challenge_classes(2021)).notes == ()


@pytest.mark.parametrize("header", ["#Dx: 164889003", "# Dx: 164889003", "#  dx:164889003", "#DX : 164889003"])
def test_every_way_to_write_the_diagnosis_line_is_read(header: str) -> None:
    found = one(f"A1 12 500 5000\n{header}\n", f"#A1\n{AF}\n1\n0.5\n")
    place = challenge_classes(2020).places[AF]
    assert found.labels[0].sum() == found.labels[0, place] == 1
    assert bool(found.notes) == (not header.startswith("#Dx:"))


def test_a_header_without_a_diagnosis_line_is_refused_unless_allowed() -> None:
    with pytest.raises(BrokenFile, match=r"A1\.hea: .*diagnosis line"):
        one("A1 12 500 5000\n#Age: 3\n", f"#A1\n{AF}\n1\n0.5\n")
    found = one("A1 12 500 5000\n", f"#A1\n{AF}\n1\n0.5\n", allow_unlabelled=True)
    assert not found.labels.any()
    assert "no diagnosis line" in found.notes[0]


@pytest.mark.parametrize(
    ("output", "note"),
    [
        (f"#A1\n{AF},{NORMAL}\n1,0\n", "2 of 3 lines"),
        ("", "0 of 3 lines"),
        (f"#A1\n{AF},{NORMAL}\n1\n0.4,0.5\n", "different length"),
        (f"#A1\n{AF}\n1,1\n0.4,0.5\n", "different length"),
    ],
)
def test_a_file_of_another_form_is_negative_with_a_note(output: str, note: str) -> None:
    found = one("#Dx: 1\n", output)
    assert not found.outputs.any()
    assert not found.scores.any()
    assert any("A1.csv" in line and note in line for line in found.notes)


@pytest.mark.parametrize(
    "output",
    [
        f"A1\n{AF},{NORMAL}\n1,0\n0.4,0.5\n",
        f"#A1\n\n# made by a program\n{AF}, {NORMAL}\n1, 0\n0.4, 0.5",
        f"#A1\r\n{AF},{NORMAL},\r\n1,0,\r\n0.4,0.5,\r\n",
    ],
)
def test_harmless_differences_of_form_change_nothing(output: str) -> None:
    found, scored = one(f"#Dx: {AF}\n", output), challenge_classes(2020)
    assert found.outputs[0, scored.places[AF]]
    assert found.outputs.sum() == 1
    assert found.scores[0, [scored.places[AF], scored.normal]].tolist() == [0.4, 0.5]


def test_infinities_of_both_signs_cancel_as_in_2020() -> None:
    pair = ("713427006", "59118001")
    text = ChallengeTexts("A1", "#Dx: 1\n", f"#A1\n{','.join(pair)}\n0,0\ninf,-inf\n")
    assert read_compatible([text], challenge_classes(2020)).scores.max() == 0
    text = ChallengeTexts("A1", "#Dx: 1\n", f"#A1\n{','.join(pair)}\n0,0\ninf,0.5\n")
    assert read_compatible([text], challenge_classes(2020)).scores.max() == np.inf


def test_the_program_of_2021_fails_on_a_class_without_a_value() -> None:
    text = ChallengeTexts("A1", "#Dx: 1\n", f"#A1\n{NORMAL},{AF}\n1\n0.2,0.3\n")
    with pytest.raises(BrokenFile, match=AF):
        read_compatible([text], challenge_classes(2021))
    assert not read_compatible([text], challenge_classes(2020)).outputs.any()


def test_the_class_tables_hold_what_the_challenges_published(shared: Shared) -> None:
    for year, count, pairs in ((2020, 24, 3), (2021, 26, 4)):
        scored = challenge_classes(year)
        mapping = (shared("scoring") / str(year) / "dx_mapping_scored.csv").read_text()
        assert all(code in mapping for group in scored.groups for code in group)
        assert len(scored.codes) == count
        assert sum(len(group) == 2 for group in scored.groups) == pairs
        assert scored.normal == {2020: 20, 2021: 14}[year]
        np.testing.assert_array_equal(np.diag(scored.weights), 1.0)


def test_a_year_without_these_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="2019"):
        challenge_classes(2019)
