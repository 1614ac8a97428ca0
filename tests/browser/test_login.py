"""A login through an OpenID Connect provider: who is named comes in, who is not stays out."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.chromium import ROOT, browser, missing_browser, served
from tests.browser.provider import CLIENT, SECRET, provider

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(missing_browser()), reason=missing_browser() or "a browser is here"),
]
PATIENCE_S = 240  # a busy machine is no reason to fail
HOSTS = [word for host in ("localhost", "127.0.0.1", "ecg.example") for word in ("--server.allowedHosts", host)]
SECRETS = """
[auth]
redirect_uri = "http://localhost:{{port}}/oauth2callback"
cookie_secret = "a cookie's secret that is longer than 32 bytes"
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{metadata}"

[access]
readers = ["ann@clinic.example"]
researchers = ["@lab.example"]
"""


@contextmanager
def behind_login(email: str, folder: Path) -> Iterator[str]:
    """The address of a dashboard that sends its visitors to a provider where everybody is the person of that email."""
    with provider(email) as metadata:
        secrets = folder / "secrets.toml"
        secrets.write_text(SECRETS.format(client=CLIENT, secret=SECRET, metadata=metadata))
        secrets.chmod(stat.S_IRUSR | stat.S_IWUSR)
        # it answers to a foreign name too, as behind a proxy: without the login it would not start
        words = ["--secrets.files", str(secrets), *HOSTS]
        with served(ROOT / "app.py", folder, more=words) as address:
            yield address.replace("127.0.0.1", "localhost")


def text(driver: Chrome) -> str:
    found = driver.find_elements(By.CSS_SELECTOR, "[data-testid=stApp]")
    return found[0].text if found else ""


def read_until(driver: Chrome, word: str) -> str:
    return WebDriverWait(driver, PATIENCE_S, 0.2).until(lambda page: text(page) if word in text(page) else "")


def log_in(driver: Chrome, address: str) -> None:
    driver.get(f"{address}/train")
    before = read_until(driver, "Log in")
    assert "Research" not in before
    driver.find_element(By.XPATH, "//button[contains(., 'Log in')]").click()


@pytest.mark.parametrize(
    ("email", "there", "absent"),
    [
        ("bob@lab.example", ["Inspect", "Train", "Log out", "bob@lab.example"], []),
        ("ann@clinic.example", ["Inspect", "Compare", "Log out"], ["Research"]),
        ("eve@elsewhere.example", ["not among those", "Log out"], ["Inspect", "Train"]),
    ],
)
def test_who_is_named_comes_in_and_nobody_else(email: str, there: list[str], absent: list[str], tmp_path: Path) -> None:
    with behind_login(email, tmp_path) as address, browser(tmp_path / "profile") as driver:
        log_in(driver, address)
        page = read_until(driver, there[-1])
        assert [word for word in there if word not in page] == []
        assert [word for word in absent if word in page] == []
