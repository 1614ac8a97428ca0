"""The Settings page."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


def opened() -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.switch_page("pages/settings.py").run()
    assert not page.exception, page.exception
    return page


def values(page: AppTest) -> dict[str, str]:
    return {row["what"]: row["value"] for table in page.table for row in table.value.to_dict("records")}


def test_it_says_where_things_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path / "not yet"))
    shown = values(opened())
    assert shown["Data folder"] == f"{tmp_path / 'not yet'} (from ECGSSL_DATA)"
    assert shown["Packs"] == "0"
    assert shown["Runs"] == "0"
    assert not (tmp_path / "not yet").exists()


def test_it_names_the_versions_that_matter() -> None:
    shown = values(opened())
    assert shown["streamlit"].startswith("1.")
    assert shown["torch"].startswith("2.")


def test_it_says_which_limits_hold_and_what_the_workbench_is_not() -> None:
    page = opened()
    text = "\n".join(str(element.value) for element in page.markdown)
    assert "own process" in text
    assert "not a medical device" in text
    assert "Apache-2.0" in text
