"""Every stored result of the official scorers of 2020 and 2021, from the arrays they were computed on."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ecgssl_core.evaluation.cells import count_cells, label_shares
from ecgssl_core.evaluation.challenge import challenge_metric, challenge_weights, record_credits
from ecgssl_core.evaluation.metrics import accuracy, f_beta, f_measure, g_beta, macro, rank_curves

Shared = Callable[[str], Path]
EXACT = {"rtol": 0, "atol": 1e-12}


def numbers(values: Any) -> Any:
    """Give stored values as floats: null is NaN, the strings inf and -inf are infinite."""
    if isinstance(values, list):
        return np.array([numbers(value) for value in values])
    return float("nan") if values is None else float(values)


def results(labels: Any, scores: Any, outputs: Any, weights: Any, normal: int) -> dict[str, Any]:
    """Give everything that the official programs print, under the names of the stored results."""
    roc, precision_recall = rank_curves(labels, scores)
    f_one = f_measure(labels, outputs)
    return {
        "auroc": macro(roc),
        "auprc": macro(precision_recall),
        "accuracy": accuracy(labels, outputs),
        "f_measure": macro(f_one),
        **{f"f_beta_{beta}": macro(f_beta(labels, outputs, beta)) for beta in (1, 2)},
        **{f"g_beta_{beta}": macro(g_beta(labels, outputs, beta)) for beta in (1, 2)},
        "challenge_metric": challenge_metric(labels, outputs, weights, normal),
        "auroc_classes": roc,
        "auprc_classes": precision_recall,
        "f_measure_classes": f_one,
    }


def weights_of(year: str, shared: Shared, codes: list[str]) -> Any:
    """Give the weights of a year: ours of 2020, and of 2021 the official file, whose order is that of its classes."""
    if year == "2020":
        return challenge_weights(codes)
    rows = list(csv.reader((shared("scoring") / year / "weights.csv").read_text().splitlines()))
    assert [set(name.split("|")) for name in rows[0][1:]] == [set(name.split("|")) for name in codes]
    return numbers([row[1:] for row in rows[1:]])


def stored(shared: Shared, name: str) -> Any:
    return json.loads((shared("scoring") / "score_cases" / name).read_text())


@pytest.mark.parametrize("year", ["2020", "2021"])
def test_all_file_level_cases_give_the_official_results(shared: Shared, year: str) -> None:
    index = stored(shared, "index.json")
    weights = weights_of(year, shared, index[f"classes_{year}"])
    checked = 0
    for entry in index["cases"]:
        case = stored(shared, f"{entry['name']}.json")[year]
        if "official" not in case:
            continue
        labels, scores, outputs = (numbers(case[key]) for key in ("labels", "scalar_outputs", "binary_outputs"))
        found = results(labels, scores, outputs, weights, index[f"normal_index_{year}"])
        for key, value in case["official"].items():
            np.testing.assert_allclose(found[key], numbers(value), err_msg=f"{entry['name']} {key}", **EXACT)
            checked += 1
    assert checked == {"2020": 250, "2021": 192}[year]


def test_all_array_level_cases_give_the_official_results(shared: Shared) -> None:
    for case in stored(shared, "array_cases.json"):
        labels, scores, outputs = (numbers(case[key]) for key in ("labels", "scalar_outputs", "binary_outputs"))
        found = results(labels, scores, outputs, numbers(case["weights"]), case["normal"])
        for key in found:
            np.testing.assert_allclose(found[key], numbers(case["official"][key]), err_msg=case["name"], **EXACT)


def test_all_array_level_cases_give_the_official_tables(shared: Shared) -> None:
    for case in stored(shared, "array_cases.json"):
        labels, outputs = numbers(case["labels"]).astype(np.int8), numbers(case["binary_outputs"]) == 1
        for key, counts in (
            ("confusion_tn_fp_fn_tp", np.ones((len(labels), 1))),
            ("normalised_tn_fp_fn_tp", label_shares(labels)),
        ):
            cells = count_cells(labels, outputs, counts)
            found = np.concatenate((cells.alarms, cells.misses, cells.hits)).T
            np.testing.assert_allclose(found, numbers(case["official"][key])[:, 1:], err_msg=case["name"], **EXACT)


def test_all_array_level_cases_give_the_official_modified_confusion(shared: Shared) -> None:
    for case in stored(shared, "array_cases.json"):
        labels, outputs = numbers(case["labels"]).astype(np.int8), numbers(case["binary_outputs"]) == 1
        table = numbers(case["official"]["modified_confusion"])
        for row, column in np.ndindex(*table.shape):
            one = np.zeros_like(table)
            one[row, column] = 1.0
            found = record_credits(labels, outputs, one, case["normal"]).observed.sum()
            assert found == pytest.approx(table[row, column], abs=1e-12)


def test_the_stored_weights_are_those_of_2020_with_equivalent_codes_merged(shared: Shared) -> None:
    index = stored(shared, "index.json")
    rows = list(csv.reader((shared("scoring") / "2020" / "weights.csv").read_text().splitlines()))
    official = {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[1:]}
    stands_for = {second: first for first, second in index["equivalent_2020"]}
    ours = challenge_weights(index["classes_2020"])
    places = {code: place for place, code in enumerate(index["classes_2020"])}
    for true, columns in official.items():
        for said, weight in columns.items():
            place = places[stands_for.get(true, true)], places[stands_for.get(said, said)]
            assert ours[place] == float(weight)
