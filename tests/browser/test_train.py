"""A training in a real browser: started, left alone by two servers, found again, cancelled, resumed and finished."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from ecgssl_core import cli
from ecgssl_core.corpus.made import make_corpus
from ecgssl_core.jobs.places import is_worked_off
from ecgssl_core.runs import RunDir, list_runs
from tests.browser.chromium import ROOT, browser, look, missing_browser, served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing_browser()), reason=missing_browser() or "a browser is here"),
]
PATIENCE_S = 180


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a small pack of made ECGs."""
    folder = tmp_path_factory.mktemp("train")
    make_corpus(folder / "records", 60)
    assert cli.main(["pack", str(folder / "records"), "--out", str(folder / "packs" / "made")]) == 0
    assert cli.main(["folds", str(folder / "packs" / "made"), "--count", "3"]) == 0
    return folder


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("profile")) as chrome:
        look(chrome, 1440, dark=False)
        yield chrome


def wait(driver: Chrome, for_what: Callable[[Chrome], Any]) -> Any:
    return WebDriverWait(driver, PATIENCE_S, 0.2, [StaleElementReferenceException]).until(for_what)


def press(driver: Chrome, label: str) -> None:
    path = f"//button[normalize-space(.)='{label}' or contains(normalize-space(.), '{label}')]"

    def pressed(page: Chrome) -> bool:
        shown = [one for one in page.find_elements(By.XPATH, path) if one.is_displayed() and one.is_enabled()]
        if shown:
            page.execute_script("arguments[0].click()", shown[0])
        return bool(shown)

    wait(driver, pressed)


def says(driver: Chrome, text: str) -> Any:
    main = "[data-testid=stMain]"
    return wait(driver, lambda page: text in page.find_element(By.CSS_SELECTOR, main).text)


def only_run(data: Path) -> RunDir:
    (run,) = list_runs(data)
    return run


def test_a_training_outlives_the_dashboard_and_goes_on_after_a_cancel(driver: Chrome, data: Path) -> None:
    with served(ROOT / "app.py", data) as address:
        driver.get(f"{address}/train?preset=quick-time&pack=made&fold=1")
        says(driver, "Training records")
        press(driver, "Start training")
        says(driver, "fold 1 ·")
        wait(driver, lambda _: only_run(data).state().state == "running")
    run = only_run(data)
    assert run.words()[-2:] == ["--fold", "1"]
    with served(ROOT / "app.py", data) as address:  # another server: the job is none of its children
        driver.get(f"{address}/train?run={run.name}")
        press(driver, "Cancel")
        wait(driver, lambda _: run.state().state == "cancelled")
        says(driver, "Ended after epoch")
        driver.refresh()
        press(driver, "Resume")
        wait(driver, lambda _: run.state().state == "done")
        says(driver, "Healthy after the last epoch")
        says(driver, "1 done")
        wait(driver, lambda page: len(page.find_elements(By.CSS_SELECTOR, "[data-testid=stPlotlyChart]")) >= 5)
        assert driver.find_elements(By.CSS_SELECTOR, "[data-testid=stException]") == []
    wait(driver, lambda _: not is_worked_off(data))
    steps = [line["step"] for line in run.metrics()]
    assert steps == sorted(set(steps))  # nothing was done twice, nothing left out
    assert run.state().step == run.state().steps
