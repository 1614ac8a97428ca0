"""A person at the browser: waits until a page has come to rest, presses what has a name, reads what stands there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium.common.exceptions import ElementNotInteractableException, StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE_S = 300  # a busy machine is no reason to fail
# Streamlit keeps components in shadow roots, which selectors do not enter
FIND = """
const [selector] = arguments;
const everything = (root) => [...root.querySelectorAll("*")].flatMap(
  (node) => [node, ...(node.shadowRoot ? everything(node.shadowRoot) : [])]);
return everything(document).filter((node) => node.matches(selector));
"""
_BUSY = "[data-testid=stSkeleton], [data-testid=stSpinner], [data-stale=true]"
_PASSING = [StaleElementReferenceException, ElementNotInteractableException]


class Walker:
    """Drives one browser."""

    def __init__(self, driver: Chrome, address: str) -> None:
        self.driver, self.address = driver, address

    def go(self, path: str) -> None:
        """Open a page, and wait until it has come to rest."""
        self.driver.get(f"{self.address}/{path}")
        self.rest()

    def until(self, what: Callable[[Chrome], Any], patience_s: float = PATIENCE_S) -> Any:
        """Give what a function gives, as soon as that is true."""
        return WebDriverWait(self.driver, patience_s, 0.2, _PASSING).until(what)

    def rest(self) -> None:
        """Wait until the script has run to its end and nothing is on its way."""
        self.until(_rests)

    def text(self) -> str:
        """What stands on the page."""
        return str(self.driver.find_element(By.CSS_SELECTOR, "[data-testid=stMain]").text)

    def read(self, *words: str, patience_s: float = PATIENCE_S) -> str:
        """Wait until all these words stand on the page; give its text."""
        return str(
            self.until(lambda _: (found := self.text()) and all(word in found for word in words) and found, patience_s)
        )

    def find(self, selector: str) -> list[WebElement]:
        """Give what matches, components included."""
        found: list[WebElement] = self.driver.execute_script(FIND, selector)
        return found

    def press(self, name: str, within: str = "button, [role=tab], summary, label, [role=radio]") -> None:
        """Press what bears a name."""

        def pressed(_: Chrome) -> bool:
            for one in self.find(within):
                if one.is_displayed() and one.is_enabled() and _named(one, name):
                    self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", one)
                    one.click()
                    return True
            return False

        self.until(pressed)

    def give(self, *files: Path) -> None:
        """Give files to the first uploader."""
        self.driver.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys("\n".join(map(str, files)))

    def write(self, label: str, text: str) -> None:
        """Write into the field of that label, in place of what stands there."""
        selector = f"input[aria-label='{label}'], textarea[aria-label='{label}']"
        field = self.until(lambda page: page.find_elements(By.CSS_SELECTOR, selector))[0]
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", field)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text)
        field.send_keys(Keys.CONTROL, Keys.ENTER) if field.tag_name == "textarea" else field.send_keys(Keys.ENTER)
        self.rest()

    def wrong(self) -> list[str]:
        """Give what Streamlit, or the workbench of itself, says is wrong."""
        found = self.driver.find_elements(By.CSS_SELECTOR, "[data-testid=stException], [data-testid=stAlert]")
        return [
            one.text
            for one in found
            if one.tag_name and ("Traceback" in one.text or "Something went wrong" in one.text)
        ]

    def picture(self, path: Path, width: int = 1440) -> None:
        """Save the whole page, however far it scrolls."""
        height = self.driver.execute_script("return document.querySelector('[data-testid=stMain]').scrollHeight")
        size = {"width": width, "height": min(max(height, 900), 4000), "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.rest()
        assert self.driver.save_screenshot(str(path))


def _rests(driver: Chrome) -> bool:
    app = driver.find_elements(By.CSS_SELECTOR, "[data-testid=stApp][data-test-script-state=notRunning]")
    return bool(app and driver.find_elements(By.TAG_NAME, "h1")) and not driver.find_elements(By.CSS_SELECTOR, _BUSY)


def _named(one: WebElement, name: str) -> bool:
    lines = [line.strip() for line in (one.text or "").splitlines()]
    return name in lines or (one.get_attribute("aria-label") or "") == name or one.text.strip().endswith(name)
