"""What a file leaves open, asked on the Inspect page: nothing is predicted before the answer makes it whole."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.card import find_models
from pages.parts.keys import ANSWERS, UPLOAD
from pages.parts.samples import sample_files
from tests.pages.test_inspect import dropped, told

needs_model = pytest.mark.skipif(not find_models(), reason="no model has been released to checkpoints/")


def without(what: str, name: str = "HR00009") -> dict[str, bytes]:
    """Give a sample whose header has lost its gains, or the names of its leads."""
    files = sample_files(name)
    header = files[f"{name}.hea"].decode()
    header = re.sub(r"1000(\.0)?(\(\d+\))?/mV", "0", header) if what == "unit" else header
    if what == "leads":
        lines = header.splitlines()
        header = "\n".join([lines[0], *(" ".join(line.split()[:8]) for line in lines[1:13]), *lines[13:]]) + "\n"
    return {**files, f"{name}.hea": header.encode()}


def press(page: AppTest, start: str) -> AppTest:
    button = next(one for one in page.button if str(one.key).startswith(start))
    return button.click().run()


def test_a_file_without_a_unit_is_asked_about_and_not_predicted() -> None:
    page = dropped(without("unit"))
    assert "In which unit are its numbers?" in told(page)
    assert "once its unit and its rate are known" in told(page)
    assert "Shown, not scored" in told(page)
    assert next(one.label for one in page.button if str(one.key).startswith("unit ")) == "µV · likely"


@needs_model
def test_the_answer_gives_what_a_file_that_says_it_gives() -> None:
    page = press(dropped(without("unit")), "unit uV")
    assert not page.exception, page.exception
    text = told(page)
    assert "unit as you said" in text
    assert "Not to be predicted from" not in text
    plain = dropped(sample_files("HR00009"))
    assert [frame.value for frame in page.dataframe] == [frame.value for frame in plain.dataframe]


def test_leads_without_names_are_asked_about_and_can_be_taken_back() -> None:
    page = dropped(without("leads"))
    assert "Which leads are its 12 channels?" in told(page)
    page = press(page, "order Standard")
    assert "Which leads" not in told(page)
    page = press(page, "forget")
    assert "Which leads" in told(page)


def test_one_answer_can_hold_for_all_files_of_a_form() -> None:
    page = dropped({**without("unit"), **without("unit", "HR00180")})
    next(box for box in page.checkbox if str(box.key).startswith("alike")).check().run()
    page = press(page, "unit uV")
    assert len(page.session_state[ANSWERS]) == 2


def test_names_in_a_wrong_number_are_one_sentence() -> None:
    page = dropped(without("leads"))
    next(box for box in page.text_input if str(box.key).startswith("names")).set_value("I, II").run()
    assert "12 channels, and 2 leads are named" in told(page)
    assert page.file_uploader(key=UPLOAD) is not None


def test_what_has_no_rate_is_not_measured_as_if_it_had_one() -> None:
    page = dropped(without("unit"))
    page = press(page, "unit uV")
    assert page.metric
    leads = "I,II,V1"
    rows = (f"{place % 7},{place % 11},{place % 13}" for place in range(5000))
    page = press(dropped({"monitor.csv": "\n".join([leads, *rows]).encode()}), "unit uV")
    assert not page.exception, page.exception
    text = told(page)
    assert "How many samples make a second?" in text
    assert "rate not said" in text
    assert " Hz · " not in text
    assert not page.metric  # a heart rate of a guess
    assert "once its unit and its rate are known" in text
