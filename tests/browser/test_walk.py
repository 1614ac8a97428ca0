"""A walk through the dashboard in a real browser: a recording in, a probability out, every page looked at."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.chromium import LOCAL, RENEWED, ROOT, hosts_asked, look, missing_browser, served
from tests.browser.walker import FIND

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(missing_browser()), reason=missing_browser() or "a browser is here"),
]
PAGES = ("inspect", "compare", "views", "corpora", "train", "results", "models", "settings")
EXAMPLE = ROOT / "examples" / "HR00318.hea"
PATIENCE_S = 120  # a busy machine is no reason to fail
LOOKS = [(1440, False), (420, True)] + ([(1440, True), (420, False)] if RENEWED else [])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(ROOT / "app.py", tmp_path_factory.mktemp("data")) as where:
        yield where


@pytest.fixture(scope="module")
def said_in_the_shell() -> dict[str, Any]:
    """What the command line says of the example."""
    command = [sys.executable, "-m", "ecgssl_core", "predict", str(EXAMPLE), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    tree: dict[str, Any] = json.loads(done.stdout)
    return tree


def wait(driver: Chrome, for_what: Callable[[Chrome], Any]) -> Any:
    return WebDriverWait(driver, PATIENCE_S, 0.1, [StaleElementReferenceException]).until(for_what)


def settled(driver: Chrome) -> bool:
    """Whether the page has a title, its script has run to the end, and nothing is still on its way."""
    app = driver.find_elements(By.CSS_SELECTOR, "[data-testid=stApp][data-test-script-state=notRunning]")
    on_the_way = driver.find_elements(By.CSS_SELECTOR, "[data-testid=stSkeleton], [data-testid=stSpinner]")
    return bool(app and driver.find_elements(By.TAG_NAME, "h1")) and not on_the_way


def probabilities(driver: Chrome) -> dict[str, float]:
    """The probabilities on the page, by code, in all their digits."""
    rows = driver.execute_script(FIND, "tr[data-code]")
    return {row.get_attribute("data-code"): float(row.get_attribute("data-probability")) for row in rows}


def errors(driver: Chrome) -> list[str]:
    """What Streamlit itself says is wrong: a script that failed, or a page that it does not know."""
    found = driver.find_elements(By.CSS_SELECTOR, "[data-testid=stException], [role=dialog]")
    return [element.text for element in found]


def save(driver: Chrome, path: Path) -> None:
    """Save a picture of the whole page, however far it scrolls."""
    height = driver.execute_script("return document.querySelector('[data-testid=stMain]').scrollHeight")
    width = driver.execute_script("return window.innerWidth")
    size = {"width": width, "height": min(max(height, 900), 4000), "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    wait(driver, settled)
    assert driver.save_screenshot(str(path))


def test_the_first_page_shows_a_sample_that_is_already_read(driver: Chrome, address: str) -> None:
    look(driver, 1440, dark=False)
    driver.get(address)
    wait(driver, settled)
    assert "sample" in driver.find_element(By.CSS_SELECTOR, "[data-testid=stMain]").text.lower()
    wait(driver, lambda page: page.execute_script(FIND, "canvas"))
    wait(driver, probabilities)
    assert errors(driver) == []


def test_an_uploaded_recording_gets_the_numbers_of_the_command_line(
    driver: Chrome, address: str, said_in_the_shell: dict[str, Any]
) -> None:
    driver.get(address)
    wait(driver, settled)
    before = wait(driver, probabilities)
    files = "\n".join(str(path) for path in (EXAMPLE.with_suffix(".mat"), EXAMPLE))
    driver.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(files)
    after = wait(driver, lambda page: (found := probabilities(page)) != before and found)
    (record,) = said_in_the_shell["records"]
    assert after == {finding["code"]: finding["probability"] for finding in record["findings"]}
    (atrial_fibrillation,) = [finding for finding in record["findings"] if finding["code"] == "164889003"]
    (row,) = driver.execute_script(FIND, "tr[data-code='164889003']")
    assert f"{atrial_fibrillation['probability']:.3f}" in row.text


def test_a_recording_without_its_signal_gets_a_sentence_and_leaves_the_page_usable(
    driver: Chrome, address: str
) -> None:
    driver.get(address)
    wait(driver, settled)
    driver.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(EXAMPLE))
    sentence = wait(driver, lambda page: page.find_elements(By.CSS_SELECTOR, "[data-testid=stAlert]"))[0]
    assert f"{EXAMPLE.stem}.mat" in sentence.text
    assert errors(driver) == []
    assert driver.find_elements(By.CSS_SELECTOR, "input[type=file]")


def test_a_deep_link_opens_its_page_in_its_state(driver: Chrome, address: str) -> None:
    driver.get(f"{address}/inspect?sample=HR00318&speed=50")
    wait(driver, settled)
    wait(driver, probabilities)
    assert errors(driver) == []
    assert "HR00318" in driver.find_element(By.CSS_SELECTOR, "[data-testid=stMain]").text
    assert any("50 mm/s" in sheet.get_attribute("aria-label") for sheet in driver.execute_script(FIND, "canvas"))
    driver.get(f"{address}/results")
    wait(driver, settled)
    assert driver.find_element(By.TAG_NAME, "h1").text == "Results"


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=str)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_painted_wide_and_narrow_in_light_and_dark(
    driver: Chrome, address: str, pictures: Path, page: str, width: int, dark: bool
) -> None:
    look(driver, width, dark)
    driver.get(f"{address}/{page}")
    wait(driver, settled)
    assert errors(driver) == []
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    save(driver, pictures / f"{page}{'-narrow' * (width < 1000)}{'-dark' * dark}.png")


def test_no_request_left_this_machine(driver: Chrome, address: str) -> None:
    driver.get(address)
    wait(driver, settled)
    assert hosts_asked(driver) - LOCAL == set()
