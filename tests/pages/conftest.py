"""Pages under test: they wait for their work, and open through the frame, as they do behind a server."""

from typing import Any

import pytest
from streamlit.runtime.pages_manager import PagesManager

from pages.parts import pending


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest runs a script once, where a browser looks again until the work is there."""
    monkeypatch.setattr(pending, "PATIENCE_S", 120.0)


@pytest.fixture(autouse=True)
def no_menu_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest would take the folder `pages` for a menu anew in each run; app.py says once that it is none."""
    begun = PagesManager.__init__

    def begin(self: PagesManager, *words: Any, **more: Any) -> None:
        begun(self, *words, **more)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begin)
