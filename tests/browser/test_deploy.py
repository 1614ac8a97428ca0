"""The dashboard behind the reverse proxies of docs/deploy: a recording goes up, its findings come back."""

import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.chromium import ROOT, browser, missing_browser, served
from tests.browser.proxies import Written, caddy, missing_proxy, nginx, proxied

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(missing_browser()), reason=missing_browser() or "a browser is here"),
]
PATIENCE_S = 240  # a busy machine is no reason to fail
# as docs/deploy.md says: the name under which people reach it
NAMED = [
    "--server.allowedHosts",
    "localhost",
    "--server.allowedHosts",
    "127.0.0.1",
    "--browser.serverAddress",
    "localhost",
]
EXAMPLE = ROOT / "examples" / "HR00318.hea"
FIND = """
const everything = (root) => [...root.querySelectorAll("*")].flatMap(
  (node) => [node, ...(node.shadowRoot ? everything(node.shadowRoot) : [])]);
return everything(document).filter((node) => node.matches("tr[data-code]")).map((row) => row.dataset.probability);
"""


def wait(driver: Chrome, what: Callable[[Chrome], object]) -> object:
    return WebDriverWait(driver, PATIENCE_S, 0.2, [StaleElementReferenceException]).until(what)


@pytest.mark.parametrize("written", [nginx, caddy], ids=["nginx", "caddy"])
def test_a_recording_goes_up_through_the_proxy_and_its_findings_come_back(written: Written, tmp_path: Path) -> None:
    if missing_proxy(written.__name__):
        pytest.skip(missing_proxy(written.__name__))
    with served(ROOT / "app.py", tmp_path, more=NAMED) as behind:
        port = urlsplit(behind).port or 0
        with (
            proxied(written, tmp_path, port) as address,
            browser(tmp_path / "profile", ["--ignore-certificate-errors"]) as driver,
        ):
            headers_are_set(address)
            a_body_that_is_too_large_is_refused(address)
            driver.get(address)
            before = wait(driver, lambda page: page.execute_script(FIND))
            files = "\n".join(str(path) for path in (EXAMPLE, EXAMPLE.with_suffix(".mat")))
            driver.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(files)
            wait(driver, lambda page: (found := page.execute_script(FIND)) and found != before)
            blocked = [
                entry["message"] for entry in driver.get_log("browser") if "Content Security" in entry["message"]
            ]
            assert blocked == []


def headers_are_set(address: str) -> None:
    with urlopen(address, context=ssl._create_unverified_context()) as answer:
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def a_body_that_is_too_large_is_refused(address: str) -> None:
    asked = Request(f"{address}/_stcore/upload_file/a/b", method="PUT", headers={"Content-Length": str(80 << 20)})
    with pytest.raises(HTTPError) as refused:
        urlopen(asked, context=ssl._create_unverified_context(), timeout=20)
    refused.value.close()
    assert refused.value.code in {403, 413}  # Caddy passes the head on before it counts
