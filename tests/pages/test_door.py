"""Nobody comes in from outside where no login is configured, and then only those who are named."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.card import find_models
from pages.parts.door import is_loopback, is_verified, login_problem, sections_of

ROOT = Path(__file__).parents[2]
AUTH = {
    "redirect_uri": "https://ecg.example/oauth2callback",
    "cookie_secret": "x" * 32,
    "client_id": "workbench",
    "client_secret": "hidden",
    "server_metadata_url": "https://login.example/.well-known/openid-configuration",
}
ACCESS = {"readers": ["ann@clinic.example"], "researchers": ["@lab.example"]}


def start(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A start of the server; one that does start is ended after a while, with None's exit code."""
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true", *words]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7"])
def test_a_server_that_others_could_reach_does_not_start_without_a_login(address: str, tmp_path: Path) -> None:
    done = start("--server.address", address, "--server.port", "0", ECGSSL_DATA=str(tmp_path))
    assert done.returncode != 0
    if address != "192.0.2.7":  # this machine has no such address, so that nothing could be bound anyway
        assert "no login is configured" in done.stderr
        assert "docs/deploy.md" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_name_that_it_answers_to_counts_as_reachable(tmp_path: Path) -> None:
    hosts = {"STREAMLIT_SERVER_ALLOWED_HOSTS": '["ecg.example"]'}
    done = start("--server.port", "0", ECGSSL_DATA=str(tmp_path), **hosts)
    assert done.returncode != 0
    assert "no login is configured" in done.stderr


@pytest.mark.parametrize(
    ("address", "private"),
    [
        *[(address, True) for address in ("127.0.0.1", "::1", "localhost", "127.3.4.5")],
        *[(address, False) for address in ("0.0.0.0", "::", "", None, "10.0.0.3", "ecg.example")],
    ],
)
def test_only_loopback_is_this_machine_alone(address: str | None, private: bool) -> None:
    assert is_loopback(address) == private


@pytest.mark.parametrize(
    ("secrets", "words"),
    [
        ({}, "no login"),
        ({"auth": {**AUTH, "client_id": ""}, "access": ACCESS}, "client_id"),
        ({"auth": {**AUTH, "cookie_secret": "short"}, "access": ACCESS}, "32 bytes"),
        ({"auth": AUTH}, "nobody is named"),
        ({"auth": AUTH, "access": {"readers": []}}, "nobody is named"),
        ({"access": {"checked_by_proxy": "yes"}}, "no login"),
    ],
)
def test_half_a_login_is_none(secrets: dict[str, Any], words: str) -> None:
    problem = login_problem(secrets)
    assert problem is not None
    assert words in problem


@pytest.mark.parametrize("secrets", [{"auth": AUTH, "access": ACCESS}, {"access": {"checked_by_proxy": True}}])
def test_a_whole_login_or_a_proxy_that_checks_is_enough(secrets: dict[str, Any]) -> None:
    assert login_problem(secrets) is None


@pytest.mark.parametrize(
    ("email", "verified", "sections"),
    [
        ("ann@clinic.example", True, {"clinic"}),
        ("ANN@Clinic.example", True, {"clinic"}),
        ("bob@lab.example", True, {"clinic", "research"}),
        ("bob@lab.example", False, set()),
        ("eve@notlab.example", True, set()),
        ("@lab.example.evil", True, set()),
        ("lab.example", True, set()),
        ("", True, set()),
    ],
)
def test_people_get_what_they_are_named_for(email: str, verified: bool, sections: set[str]) -> None:
    assert sections_of(email, verified, {"access": ACCESS}) == sections


@pytest.mark.parametrize(
    ("said", "verified"), [(True, True), ("true", True), (False, False), ("false", False), (None, False), (0, False)]
)
def test_a_provider_may_say_in_letters_that_an_address_is_not_the_person_s(said: object, verified: bool) -> None:
    assert is_verified(said) is verified


def test_a_visitor_who_is_not_logged_in_sees_a_login_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.secrets["auth"] = AUTH
    app.secrets["access"] = ACCESS
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    app.run()
    assert not app.exception
    assert [button.label for button in app.button] == ["Log in"]
    assert not app.selectbox
    assert not app.get("file_uploader")


@pytest.mark.skipif(not find_models(), reason="no model has been released to checkpoints/")
def test_a_reader_is_led_to_no_page_that_is_closed_to_readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    monkeypatch.setattr("pages.parts.frame.let_in", lambda: frozenset({"clinic"}))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["why"] = "Similar"
    app.run()
    assert not app.exception, app.exception
    assert any("There is no pack" in one.value for one in app.info)
    assert not app.get("page_link")
