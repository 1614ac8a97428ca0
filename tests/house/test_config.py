"""What the dashboard's server does where nobody has configured it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("server", "address", "127.0.0.1"),
        ("server", "port", 8501),
        ("server", "allowedHosts", ["localhost", "127.0.0.1"]),
        ("server", "enableXsrfProtection", True),
        ("server", "enableCORS", True),
        ("server", "maxUploadSize", 64),
        ("server", "enableStaticServing", False),
        ("server", "fileWatcherType", "none"),
        ("server", "disconnectedSessionTTL", 120),
        ("server", "showEmailPrompt", False),
        ("runner", "postScriptGC", False),
        ("browser", "gatherUsageStats", False),
        ("client", "showErrorDetails", "none"),
        ("client", "toolbarMode", "viewer"),
    ],
)
def test_the_server_stays_quiet_and_on_this_machine(part: str, name: str, value: Any) -> None:
    assert tomllib.loads(CONFIG.read_text())[part][name] == value


def test_messages_to_the_browser_are_small_and_no_other_site_may_ask() -> None:
    server = tomllib.loads(CONFIG.read_text())["server"]
    assert server["maxMessageSize"] <= 64
    assert server.get("corsAllowedOrigins", []) == []
