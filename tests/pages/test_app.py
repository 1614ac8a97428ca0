"""The frame: every page opens from it, says what the workbench is for, and sends nobody away."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.frame import ICON, PURPOSE, SECTIONS

ROOT = Path(__file__).parents[2]
PAGES = [name for pages in SECTIONS.values() for name, _, _ in pages]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_with_nothing_there_and_says_what_the_workbench_is_for(name: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception, app.exception
    assert len(app.title) == 1
    assert PURPOSE in [caption.value for caption in app.caption]


def test_the_navigation_names_every_page_once() -> None:
    assert sorted(PAGES) == sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


def test_the_icon_comes_from_here() -> None:
    assert ICON.is_file()


def test_the_frame_and_its_parts_load_no_torch() -> None:
    code = (
        "import sys, pages.parts.cache, pages.parts.upload, pages.parts.frame, pages.parts.out, pages.parts.batch\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
