"""The Views page: every slider moves the views, nothing makes it fall."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGE = str(Path(__file__).parents[2] / "pages" / "views.py")


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(PAGE, default_timeout=60).run()


def _toml(page: AppTest) -> str:
    return str(page.get("download_button")[0].proto.label)


def test_the_first_visit_shows_a_sample_and_its_views(page: AppTest) -> None:
    assert not page.exception
    assert not page.error
    assert len(page.get("plotly_chart")) == 1
    assert "Settings for training" in _toml(page)


def test_the_spectrogram_has_views_of_its_own(page: AppTest) -> None:
    page.segmented_control(key="modality").set_value("spectrogram").run()
    assert not page.exception
    assert page.toggle(key="view spectrogram frequency_cutout").value


def test_every_switch_can_be_turned(page: AppTest) -> None:
    for toggle in page.toggle:
        toggle.set_value(not toggle.value)
    page.run()
    assert not page.exception
    assert not page.error


def test_the_seed_redraws_and_a_link_brings_it_back(page: AppTest) -> None:
    before = page.get("plotly_chart")[0].proto.spec
    page.number_input(key="seed").set_value(3).run()
    drawn = page.get("plotly_chart")[0].proto.spec
    assert drawn != before
    linked = AppTest.from_file(PAGE, default_timeout=60)
    linked.query_params["seed"] = "3"
    assert linked.run().get("plotly_chart")[0].proto.spec == drawn


def test_views_longer_than_their_source_are_one_sentence(page: AppTest) -> None:
    page.slider(key="view time source").set_value(100).run()
    assert not page.exception
    assert "cannot be longer" in page.error[0].value


def test_a_range_that_crosses_is_drawn_as_one_value(page: AppTest) -> None:
    page.slider(key="view time noise_low_mv").set_value(0.5).run()
    assert not page.exception
    assert not page.error


def test_a_file_that_is_no_ecg_is_refused_in_a_sentence(page: AppTest) -> None:
    page.get("file_uploader")[0].set_value([("notes.txt", b"hello", "text/plain")]).run()
    assert not page.exception
    assert "no ECG" in page.error[0].value
