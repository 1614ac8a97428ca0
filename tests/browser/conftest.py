"""What every walk through the browser needs: a browser of its own, and a place for its pictures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from tests.browser.chromium import RENEWED, ROOT, browser


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("profile")) as chrome:
        yield chrome


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of screenshots: that of the documents where a person asks for new ones."""
    folder = ROOT / "docs" / "screenshots" if RENEWED else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(exist_ok=True)
    return folder
