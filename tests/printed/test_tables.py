"""Findings and intervals as CSV: every digit, every reason, and nothing that a spreadsheet would run."""

import csv
import dataclasses
import io
from collections.abc import Callable

from ecgssl_core import PURPOSE
from ecgssl_core.printed import findings_csv, intervals_csv
from ecgssl_core.records import Record, Refusal
from tests.printed.made import FINDINGS, looked, prediction


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_each_class_has_a_row_with_every_digit_and_its_status() -> None:
    rows = rows_of(findings_csv([prediction()]))
    assert [row["status"] for row in rows] == ["positive", "undecided", "negative", "not assessed"]
    assert [float(row["probability"]) for row in rows] == [one.probability for one in FINDINGS]
    assert [row["reason"] for row in rows] == [one.reason or "" for one in FINDINGS]
    assert rows[0]["observed_low"] == "0.55"
    assert {row["note"] for row in rows} == {PURPOSE}
    assert {row["model_sha256"] for row in rows} == {"ab" * 32}


def test_a_record_of_which_nothing_is_said_has_one_row_with_the_reason_and_no_number() -> None:
    (row,) = rows_of(findings_csv([prediction("Not assessed: lead V4 missing.")]))
    assert (row["status"], row["reason"]) == ("not assessed", "Not assessed: lead V4 missing.")
    assert row["probability"] == row["code"] == ""


def test_a_refused_file_has_a_row() -> None:
    (row,) = rows_of(findings_csv([], [Refusal("a.dcm", "EMPTY", "It holds no ECG.")]))
    assert (row["record"], row["status"], row["reason"]) == ("a.dcm", "refused", "It holds no ECG.")


def test_a_name_that_a_spreadsheet_would_run_is_text() -> None:
    hostile = dataclasses.replace(prediction(), name='=HYPERLINK("http://x")')
    assert all(row["record"].startswith("'=") for row in rows_of(findings_csv([hostile])))
    (row,) = rows_of(findings_csv([], [Refusal("@x", "EMPTY", "-1+2")]))
    assert (row["record"], row["reason"]) == ("'@x", "'-1+2")


def test_each_interval_has_a_row_with_its_formula_unit_and_reason(example: Callable[..., Record]) -> None:
    found = looked(example())[1]
    rows = {row["interval"]: row for row in rows_of(intervals_csv([("HR00318", found)]))}
    assert float(rows["qtc_fridericia_ms"]["value"]) == found.qtc_fridericia_ms
    assert (rows["heart_rate_per_min"]["unit"], rows["qrs_axis_deg"]["unit"]) == ("/min", "degrees")
    assert (rows["pr_ms"]["value"], rows["pr_ms"]["reason"]) == ("", "No P wave was found before most beats.")
    unknown = rows_of(intervals_csv([("raw", None)]))
    assert {row["reason"] for row in unknown} == {"The unit or the rate of the file is unknown."}
