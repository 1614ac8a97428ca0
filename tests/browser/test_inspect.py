"""Inspect under real clicks: findings, the map on the paper, the timeline, the brush, the flip and the calipers."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from ecgssl_core.inference.card import find_models
from tests.browser.chromium import ROOT, look, missing_browser, served
from tests.browser.test_paper import LEFT_MM, Paper
from tests.browser.walker import Walker

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(missing_browser()), reason=missing_browser() or "a browser is here"),
    pytest.mark.skipif(not find_models(), reason="no model has been released to checkpoints/"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(ROOT / "app.py", tmp_path_factory.mktemp("data")) as where:
        yield where


class Inspected(Paper):
    """The paper of Inspect, and what stands around it."""

    def __init__(self, driver: Chrome, address: str, asked: str) -> None:
        self.driver = driver
        look(driver, 1440, dark=False)
        self.walker = Walker(driver, address)
        self.walker.go(f"inspect?{asked}")
        self.until(lambda now: now.all("canvas.base[data-painted]") and now.all("tr[data-code]"))

    def chosen(self) -> str:
        """The class that is marked in the table of findings."""
        rows = [row for row in self.all("tr[data-code]") if row.find_elements(By.CSS_SELECTOR, "[aria-pressed=true]")]
        return str(rows[0].get_attribute("data-code")) if rows else ""

    def legend(self) -> str:
        """What is said of the shades on the paper; nothing where there are none."""
        (legend,) = self.all("p.legend")
        return "" if legend.get_attribute("hidden") else self.text("p.legend")

    def class_below(self) -> str:
        """The class of the map under Why."""
        return str(self.driver.find_element(By.CSS_SELECTOR, "input[aria-label=Class]").get_attribute("value"))


@pytest.fixture(scope="module")
def inspected(driver: Chrome, address: str) -> Inspected:
    return Inspected(driver, address, "sample=HR00318&why=Attribution")


def test_the_map_of_a_class_comes_on_the_paper_and_leaves_it(inspected: Inspected) -> None:
    inspected.walker.read("Completeness gap")
    assert inspected.legend() == ""
    inspected.walker.press("On the paper above")
    inspected.until(lambda now: "spoke for atrial fibrillation" in now.legend())
    inspected.walker.press("On the paper above")
    inspected.until(lambda now: now.legend() == "")


def test_a_click_on_a_finding_changes_the_class_below_and_the_map_on_the_paper(inspected: Inspected) -> None:
    inspected.walker.press("On the paper above")
    inspected.until(lambda now: now.legend())
    before, wanted = inspected.chosen(), inspected.all("tr[data-code]")[1]
    code, name = wanted.get_attribute("data-code"), inspected.all("tr[data-code] .pick span")[1].text
    assert code != before
    inspected.press(f"tr[data-code='{code}'] .pick")
    inspected.until(lambda now: now.chosen() == code)
    inspected.until(lambda now: f"spoke for {name}" in now.legend())
    assert inspected.class_below() == name


def test_what_is_brushed_on_the_paper_is_muted_and_the_class_is_still_the_chosen_one(inspected: Inspected) -> None:
    code = inspected.chosen()
    inspected.walker.press("Muting")
    inspected.walker.read("Brush a stretch")
    inspected.press("[data-tool=brush]")
    inspected.drag((LEFT_MM + 200, 20), (LEFT_MM + 225, 25))
    inspected.walker.read("lead V4 8.0")
    inspected.press("[data-do=unbrush]")
    inspected.walker.rest()
    assert inspected.chosen() == code


def test_a_key_flips_to_what_the_model_sees_and_back(inspected: Inspected) -> None:
    inspected.walker.rest()
    for layer, words in (("1", "As the model sees it"), ("0", "As recorded")):
        inspected.until(lambda now, layer=layer: _flipped(now, layer))
        assert words in inspected.text(".statement")


def _flipped(now: "Inspected", layer: str) -> bool:
    """Press M unless the layer is there already: what the page draws anew in between takes the focus away."""
    if now.told("layer") != layer:
        now.driver.execute_script("arguments[0].focus({preventScroll: true})", now.one(".paper"))
        now.keys("m")
    return now.told("layer") == layer


def test_the_calipers_are_set_with_keys(inspected: Inspected) -> None:
    inspected.driver.execute_script("arguments[0].focus({preventScroll: true})", inspected.one(".paper"))
    inspected.keys("t")
    inspected.until(lambda now: "1000 ms" in now.measured())
    inspected.until(lambda now: now.one(".edge").get_attribute("aria-valuetext"))
    inspected.keys(Keys.ARROW_RIGHT)
    inspected.until(lambda now: now.measured().split()[0] in ("998", "1002"))  # a sample of 500 a second
    inspected.keys(Keys.ESCAPE)
    assert inspected.measured() == ""


def test_a_click_into_the_timeline_brings_the_paper_there(driver: Chrome, address: str) -> None:
    page = Inspected(driver, address, "sample=A0084&why=Windows")
    page.until(lambda _: driver.find_elements(By.CSS_SELECTOR, ".st-key-timeline .points path"))
    assert "0 to 10.0 s" in page.one("canvas.base").get_attribute("aria-label")
    points = driver.find_elements(By.CSS_SELECTOR, ".st-key-timeline .trace:last-of-type .points path")
    point = points[len(points) // 2]
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", point)
    ActionChains(driver).move_to_element(point).pause(0.2).click().perform()
    page.until(lambda now: "0 to 10.0 s" not in now.one("canvas.base").get_attribute("aria-label"))
    page.until(lambda _: "from=" in driver.current_url)
    start = float(driver.current_url.split("from=")[1].split("&")[0])
    assert 20 < start < 35
    assert f"{start:g} to {start + 10:.1f} s" in page.one("canvas.base").get_attribute("aria-label")
