"""The Settings page."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.card import default_model, find_models

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


def test_it_says_what_runs_where_and_what_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    shown = values(opened())
    assert shown["Queue"] == "0 running, 0 waiting; no worker is needed now"
    assert "thread" in shown["Training"]
    assert shown["Models"].endswith("0 imported")


@pytest.mark.skipif(not find_models(), reason="no model has been released to checkpoints/")
def test_the_usual_model_is_chosen_here_for_all_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    shutil.copytree(default_model(), tmp_path / "models" / "another")
    page = opened()
    assert page.selectbox(key="default_choice").value == default_model().name != "another"
    assert any("the released model whose name comes last is used" in caption.value for caption in page.caption)
    page.selectbox(key="default_choice").select("another").run()
    assert not page.exception
    assert default_model() == tmp_path / "models" / "another"
    assert any("chosen here" in caption.value for caption in page.caption)


def test_the_installation_is_checked_by_the_command_and_goes_into_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    (tmp_path / "models" / "broken").mkdir(parents=True)
    (tmp_path / "models" / "broken" / "model.json").write_text("{")
    page = opened()
    page.button(key="check").click().run()
    assert not page.exception
    assert "1 of" in page.error[0].value
    (table,) = (frame.value for frame in page.dataframe)
    assert table.iloc[0].tolist()[:2] == ["✗ wrong", "model broken"]
    assert set(table[""]) == {"✓ fine", "✗ wrong"}
    assert str(tmp_path) not in table.to_csv()
    assert "fault_report" in [button.key for button in page.get("download_button")]
