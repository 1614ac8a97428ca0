"""Paper in a real browser: what is drawn, calipers, zoom, the flip to what the model sees, the brush, the picture."""

import base64
import io
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.chromium import browser, look, missing_browser, served
from tests.browser.test_walk import FIND, errors, wait

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(missing_browser()), reason=missing_browser() or "a browser is here"),
]
APP = Path(__file__).parent / "paper_app.py"
LEFT_MM = 20  # of the first moment on a sheet
INK = 90  # a pixel whose every colour is darker belongs to a trace or a pulse


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(APP, tmp_path_factory.mktemp("data")) as where:
        yield where


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("profile")) as chrome:
        yield chrome


class Paper:
    """The paper of the page that a browser shows; places are millimetres on the sheet."""

    def __init__(self, driver: Chrome, address: str, asked: str = "", width: int = 1440) -> None:
        self.driver = driver
        look(driver, width, dark=False)
        driver.get(f"{address}/?{asked}")
        wait(driver, lambda _: self.all("canvas.base[data-painted]"))
        wait(driver, lambda _: "span" in self.text("[data-testid=stMain]"))

    def all(self, selector: str) -> list[WebElement]:
        found: list[WebElement] = self.driver.execute_script(FIND, selector)
        return found

    def one(self, selector: str) -> WebElement:
        return self.all(selector)[0]

    def text(self, selector: str) -> str:
        return str(self.driver.execute_script("return arguments[0].textContent", self.one(selector)))

    def told(self, name: str) -> str:
        return str(self.one("canvas.base").get_attribute(f"data-{name}"))

    @property
    def size(self) -> float:
        """CSS pixels a millimetre."""
        return float(self.told("pixels-per-mm"))

    def press(self, selector: str) -> None:
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", self.one(selector))
        self.one(selector).click()

    def at(self, x: float, y: float) -> tuple[int, int]:
        left, top = self.driver.execute_script(
            "const at = arguments[0].getBoundingClientRect(); return [at.left, at.top]", self.one(".pane")
        )
        return round(left + x * self.size), round(top + y * self.size)

    def drag(self, begin: tuple[float, float], end: tuple[float, float]) -> None:
        self.show(begin[1])
        chain = ActionChains(self.driver, duration=20)
        pointer = chain.w3c_actions.pointer_action
        pointer.move_to_location(*self.at(*begin))
        pointer.pointer_down()
        pointer.move_to_location(*self.at((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2))
        pointer.move_to_location(*self.at(*end))
        pointer.pointer_up()
        chain.perform()

    def show(self, y: float) -> None:
        """Scroll the page until a place of the sheet lies in the middle of the window."""
        self.driver.execute_script(
            "document.querySelector('[data-testid=stMain]').scrollTop += arguments[0] - window.innerHeight / 2",
            self.at(0, y)[1],
        )

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        where = [{"x": x, "y": y, "id": place} for place, (x, y) in enumerate(points)]
        self.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})

    def keys(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def until(self, what: Callable[["Paper"], Any]) -> Any:
        return wait(self.driver, lambda _: what(self))

    def measured(self) -> str:
        return self.text("output")

    def place(self) -> dict[str, float]:
        found: dict[str, float] = self.driver.execute_script(
            "const [view, pane] = arguments; const at = pane.getBoundingClientRect();"
            "return {left: view.scrollLeft, top: view.scrollTop, x: at.x, y: at.y, width: at.width, height: at.height}",
            self.one(".paper"),
            self.one(".pane"),
        )
        return found


def test_twelve_leads_are_drawn_within_a_second(driver: Chrome, address: str) -> None:
    paper = Paper(driver, address, "layout=12x1")
    assert float(paper.told("draw-ms")) <= 1000
    assert errors(driver) == []
    assert "12 leads" in paper.one("canvas.base").get_attribute("aria-label")


def test_a_key_flips_to_what_the_model_sees_and_nothing_moves(driver: Chrome, address: str) -> None:
    paper = Paper(driver, address)
    before, pixels = paper.place(), paper.one("canvas.base").screenshot_as_base64
    paper.keys("m")
    paper.until(lambda now: now.told("layer") == "1")
    assert paper.place() == before
    assert paper.one("canvas.base").screenshot_as_base64 != pixels
    assert "As the model sees it" in paper.text(".statement")
    assert paper.one("[data-layer='1']").get_attribute("aria-pressed") == "true"
    paper.press("[data-layer='0']")
    paper.until(lambda now: now.told("layer") == "0")
    assert "As recorded" in paper.text(".statement")


def test_calipers_measure_milliseconds_rate_and_millivolts(driver: Chrome, address: str) -> None:
    paper = Paper(driver, address)
    paper.press("[data-tool=time]")
    paper.drag((LEFT_MM + 25, 40), (LEFT_MM + 50, 40))
    found = float(paper.measured().split()[0])
    assert found == pytest.approx(1000, abs=1000 / paper.size / 25 + 2)  # a pixel, and a sample
    assert f"{60000 / found:.1f} /min" in paper.measured()
    paper.press("[data-tool=amplitude]")
    paper.drag((LEFT_MM + 30, 30), (LEFT_MM + 30, 20))
    assert float(paper.measured().split("·")[-1].split()[0]) == pytest.approx(1.0, abs=0.03)
    assert paper.measured().endswith("mV in I")


def test_an_edge_can_be_moved_by_hand_and_a_click_measures_nothing(driver: Chrome, address: str) -> None:
    paper = Paper(driver, address)
    paper.press("[data-tool=time]")
    paper.drag((LEFT_MM + 25, 40), (LEFT_MM + 25, 40))
    assert paper.measured() == ""
    paper.drag((LEFT_MM + 25, 40), (LEFT_MM + 50, 40))
    paper.drag((LEFT_MM + 50, 60), (LEFT_MM + 75, 60))
    assert float(paper.measured().split()[0]) == pytest.approx(2000, abs=15)


def test_edges_snap_to_peaks_and_the_train_is_said(driver: Chrome, address: str) -> None:
    paper = Paper(driver, address, "layout=12x1")
    paper.press("[data-switch=snap]")
    paper.press("[data-tool=time]")
    # lead II is the second row; its beats lie at 0.86 and 1.78 s, and the drag misses both by two millimetres
    paper.drag((LEFT_MM + 0.86 * 25 + 1.2, 42), (LEFT_MM + 1.78 * 25 - 1.2, 42))
    assert float(paper.measured().split()[0]) == pytest.approx(918, abs=12)
    paper.press("[data-switch=march]")
    assert "marched out" in paper.measured()


def test_without_a_mouse_a_caliper_is_set_moved_by_a_sample_and_removed(driver: Chrome, address: str) -> None:
    paper = Paper(driver, address)
    driver.execute_script("arguments[0].focus()", paper.one(".paper"))
    paper.keys("t")
    focused = (
        "let at = document.activeElement; while (at.shadowRoot) at = at.shadowRoot.activeElement; return at.ariaLabel"
    )
    paper.until(lambda _: "Time caliper, first edge" in str(driver.execute_script(f"{focused} return at.ariaLabel")))
    before = float(paper.measured().split()[0])
    paper.keys(Keys.ARROW_LEFT)
    assert float(paper.measured().split()[0]) == pytest.approx(before + 2)  # 500 samples a second
    paper.keys(Keys.TAB, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert float(paper.measured().split()[0]) == pytest.approx(before + 6)
    edge = next(edge for edge in paper.all(".edge") if "second" in edge.get_attribute("aria-label"))
    assert edge.get_attribute("role") == "slider"
    assert "ms" in edge.get_attribute("aria-valuetext")
    paper.keys("a")
    paper.until(lambda now: "mV" in now.measured())
    paper.keys(Keys.ESCAPE)
    assert paper.measured() == ""
    assert not paper.one(".measured").is_displayed()


def test_zoom_and_calipers_outlive_a_rerun(driver: Chrome, address: str) -> None:
    paper = Paper(driver, address)
    fitting = paper.size
    paper.press("[data-tool=time]")
    paper.drag((LEFT_MM + 25, 40), (LEFT_MM + 50, 40))
    measured = paper.measured()
    paper.press("[data-do=larger]")
    larger = paper.until(lambda now: now.size if now.size > fitting * 1.2 else None)
    driver.find_element("xpath", "//button[normalize-space(.)='12x1']").click()
    paper.until(lambda now: "12×1" in now.one("canvas.base").get_attribute("aria-label"))
    assert paper.size == pytest.approx(larger)
    assert paper.measured() == measured
    paper.press("[data-do=fit]")
    paper.until(lambda now: now.size == pytest.approx(fitting, rel=0.02))
    assert "layout=12x1" in driver.current_url


def test_ctrl_and_wheel_enlarge_about_the_pointer(driver: Chrome, address: str) -> None:
    paper = Paper(driver, address)
    before = paper.size
    driver.execute_script(
        "const at = arguments[0].getBoundingClientRect(); arguments[0].dispatchEvent(new WheelEvent('wheel',"
        "{deltaY: -200, ctrlKey: true, clientX: at.x + 300, clientY: at.y + 200, bubbles: true, cancelable: true}))",
        paper.one(".pane"),
    )
    after = paper.until(lambda now: now.size if now.size > before * 1.3 else None)
    place = paper.place()
    # what lay under the pointer still does
    assert (place["left"] + 300) / after == pytest.approx(300 / before, abs=1)
    assert (place["top"] + 200) / after == pytest.approx(200 / before, abs=1)


def test_two_fingers_enlarge_and_one_finger_measures(driver: Chrome, address: str) -> None:
    paper = Paper(driver, address, width=420)
    before = paper.size
    x, y = paper.at(30, 40)
    paper.touch("touchStart", (x, y), (x + 60, y))
    for far in (80, 110, 140):
        paper.touch("touchMove", (x, y), (x + far, y))
    paper.touch("touchEnd")
    paper.until(lambda now: now.size > before * 1.5)
    paper.press("[data-do=fit]")
    paper.press("[data-tool=time]")
    paper.until(lambda now: now.size == pytest.approx(before))
    paper.show(40)
    (begin, level), (end, _) = paper.at(LEFT_MM + 20, 40), paper.at(LEFT_MM + 45, 40)
    paper.touch("touchStart", (begin, level))
    paper.touch("touchMove", ((begin + end) / 2, level))
    paper.touch("touchMove", (end, level))
    paper.touch("touchEnd")
    assert float(paper.measured().split()[0]) == pytest.approx(1000, abs=30)


def test_true_size_follows_the_ruler_and_is_kept(driver: Chrome, address: str) -> None:
    paper = Paper(driver, address)
    assert "Not to physical scale" in paper.text(".statement")
    paper.press("[data-switch=ruled]")
    driver.execute_script(
        "arguments[0].value = 5; arguments[0].dispatchEvent(new Event('input'))", paper.one(".ruler input")
    )
    paper.until(lambda now: now.size == pytest.approx(5))
    assert paper.one(".fifty").size["width"] == pytest.approx(250, abs=1)
    assert "50 mm" in paper.text(".statement")
    again = Paper(driver, address)
    again.press("[data-switch=ruled]")
    again.until(lambda now: now.size == pytest.approx(5))


def test_a_brushed_stretch_reaches_the_page(driver: Chrome, address: str) -> None:
    paper = Paper(driver, address)
    paper.press("[data-tool=brush]")
    paper.drag((LEFT_MM + 200, 20), (LEFT_MM + 225, 25))
    paper.until(lambda now: "Span(lead=" in now.text("[data-testid=stMain]"))
    span = paper.text("[data-testid=stMain]").split("Span(")[1]
    assert span.startswith("lead='V4'")
    start, end = (float(word.split("=")[1].strip(")")) for word in span.split(", ")[1:3])
    assert (start, end) == pytest.approx((8, 9), abs=0.02)
    paper.press("[data-switch=every]")
    paper.drag((LEFT_MM + 50, 40), (LEFT_MM + 75, 45))
    paper.until(lambda now: "lead=None" in now.text("[data-testid=stMain]"))
    paper.press("[data-do=unbrush]")
    paper.until(lambda now: "span None" in now.text("[data-testid=stMain]"))


def test_a_picture_can_be_taken_away_whose_pulse_is_ten_millimetres_high(
    driver: Chrome, address: str, tmp_path: Path
) -> None:
    paper = Paper(driver, address, "grid=grey")
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    paper.press("[data-do=picture]")
    found = wait(driver, lambda _: list(tmp_path.glob("*.png")))[0]
    picture = np.asarray(Image.open(io.BytesIO(found.read_bytes())).convert("RGB")).max(axis=2)  # (height, width)
    pulse = picture[: 45 * 8, 5 * 8 : 18 * 8] < INK  # at 8 pixels a millimetre
    rows, columns = np.flatnonzero(pulse.any(axis=1)), np.flatnonzero(pulse[: rows_of(pulse)[0] + 4].any(axis=0))
    assert (rows[-1] - rows[0]) / 8 == pytest.approx(10, abs=0.5)
    assert (columns[-1] - columns[0]) / 8 == pytest.approx(5, abs=0.5)


def rows_of(pulse: np.ndarray) -> np.ndarray:
    return np.flatnonzero(pulse.any(axis=1))


def received(driver: Chrome) -> int:
    """Bytes that came through the socket since the last call."""
    total = 0
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.webSocketFrameReceived":
            total += len(base64.b64decode(message["params"]["response"]["payloadData"]))
    return total


def test_a_change_of_gain_sends_no_samples_again(driver: Chrome, address: str) -> None:
    received(driver)
    paper = Paper(driver, address, "layout=12x1")
    whole = received(driver)
    assert whole > 12 * 5000 * 2
    driver.find_element("xpath", "//button[normalize-space(.)='20']").click()
    paper.until(lambda now: "20 mm/mV" in now.told("scale"))
    time.sleep(0.3)
    # what comes is the script of the page and where things lie, not the 160 000 letters of the samples
    assert received(driver) < 80_000
