"""The Inspect page: first visit, good files, broken files, and the numbers that it gives away."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.card import find_models
from pages.parts.batch import batch_rows
from pages.parts.keys import CHOSEN, PREDICTIONS, READINGS, UPLOAD
from pages.parts.out import as_json
from pages.parts.samples import FOLDER, SAMPLES, sample_files

ROOT = Path(__file__).parents[2]
MODELS = find_models()
needs_model = pytest.mark.skipif(not MODELS, reason="no model has been released to checkpoints/")


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    for key, value in address.items():
        page.query_params[key] = value
    return page.run()


def dropped(files: dict[str, bytes]) -> AppTest:
    page = opened()
    page.file_uploader(key=UPLOAD).set_value([(name, content, "") for name, content in files.items()]).run()
    assert not page.exception, page.exception
    return page


def told(page: AppTest) -> str:
    kinds = (page.subheader, page.markdown, page.caption, page.error, page.warning, page.info)
    return "\n".join(str(element.value).replace("\\", "") for kind in kinds for element in kind)


def test_the_first_visit_shows_a_sample_labelled_for_what_it_is() -> None:
    page = opened()
    assert not page.exception, page.exception
    text = told(page)
    assert "HR00009" in text
    assert "12 leads · 500 Hz · 10.0 s · mV (unit from the file) · male, 55 years" in text
    assert "PTB-XL" in text
    assert "CC BY 4.0" in text
    assert not page.error


@pytest.mark.parametrize("name", SAMPLES)
def test_the_address_opens_a_sample(name: str) -> None:
    page = opened(sample=name)
    assert name in told(page)


def test_a_wrong_address_shows_the_first_sample() -> None:
    page = opened(sample="<script>", layout="99", speed="x")
    assert not page.exception, page.exception
    assert "HR00009" in told(page)


def test_files_in_any_order_are_one_record() -> None:
    files = sample_files("HR00318")
    page = dropped(dict(reversed(files.items())))
    assert "HR00318" in told(page)
    assert "Sample from" not in told(page)
    assert not page.error


def test_a_zip_is_opened_and_its_records_can_be_chosen() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as folder:
        for name in SAMPLES:
            for file, data in sample_files(name).items():
                folder.writestr(file, data)
    page = dropped({"ward.zip": content.getvalue()})
    box = page.selectbox(key=CHOSEN)
    assert sorted(box.options) == sorted(SAMPLES)
    box.select_index(1).run()
    assert box.options[1] in told(page)


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"letter.txt": b"Dear colleague"}, "letter.txt"),
        ({"HR00009.hea": (FOLDER / "HR00009.hea").read_bytes()}, "HR00009.mat"),
        ({**sample_files("HR00009"), "HR00009.mat": b"MATLAB"}, "HR00009"),
        ({"ward.zip": b"PK\x03\x04"}, "ward.zip"),
        ({"empty.hea": b""}, "empty.hea"),
    ],
)
def test_a_broken_file_is_one_sentence_and_the_page_stays_usable(files: dict[str, bytes], named: str) -> None:
    page = dropped(files)
    assert len(page.error) == 1
    assert named in page.error[0].value.replace("\\", "")
    assert "Traceback" not in page.error[0].value
    page.file_uploader(key=UPLOAD).set_value([(name, data, "") for name, data in sample_files("HR00180").items()])
    assert "HR00180" in told(page.run())


def test_what_can_be_read_is_shown_beside_what_is_refused() -> None:
    page = dropped({**sample_files("HR00180"), "letter.txt": b"Dear colleague"})
    assert len(page.error) == 1
    assert "HR00180" in told(page)


def test_an_upload_stays_in_the_session() -> None:
    page = dropped(sample_files("HR00180"))
    assert len(page.session_state[READINGS]) == 1
    assert READINGS not in opened().session_state


def test_an_upload_outlives_a_look_at_another_page_until_it_is_removed() -> None:
    page = dropped(sample_files("HR00180"))
    page.switch_page("pages/corpora.py").run()
    page.switch_page("pages/inspect.py").run()
    assert "HR00180" in told(page)
    page.button(key=f"{UPLOAD} remove").click().run()
    assert "HR00009" in told(page)


@pytest.mark.skipif(bool(MODELS), reason="a model has been released")
def test_without_a_model_the_ecg_is_shown_and_the_page_says_how_to_get_one() -> None:
    assert "There is no model here yet" in told(opened())


@needs_model
def test_the_file_to_take_away_is_what_the_command_line_prints() -> None:
    page = opened()
    predictions = list(page.session_state[PREDICTIONS].values())
    command = [sys.executable, "-m", "ecgssl_core", "predict", str(FOLDER / "HR00009.hea"), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert as_json(predictions, ()) == done.stdout


@needs_model
def test_many_records_have_a_row_each() -> None:
    page = dropped({file: data for name in SAMPLES for file, data in sample_files(name).items()})
    assert [frame.value["record"].tolist() for frame in page.dataframe][-1] == sorted(SAMPLES)
    rows = batch_rows(list(page.session_state[PREDICTIONS].values()))
    assert all(row["not assessed"] or row["reach their threshold"] for row in rows)
    json.loads(as_json(list(page.session_state[PREDICTIONS].values()), ()))
