"""Pages under test wait for their work: AppTest runs a script once, where a browser looks again until it is there."""

import pytest

from pages.parts import pending


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "PATIENCE_S", 120.0)
