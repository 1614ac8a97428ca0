"""The Train page as a test sees it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from ecgssl_core.runs import RunDir

APP = Path(__file__).parents[3] / "app.py"
MakeRun = Callable[..., RunDir]


def opened(before: dict[str, Any] | None = None, **address: str) -> AppTest:
    """The page at an address, in a session that holds something before."""
    page = AppTest.from_file(str(APP), default_timeout=120)
    page.switch_page("pages/train.py")
    for key, value in address.items():
        page.query_params[key] = value
    for key, value in (before or {}).items():
        page.session_state[key] = value
    return fine(page.run())


def fine(page: AppTest) -> AppTest:
    assert not page.exception, page.exception
    return page


def told(page: AppTest) -> str:
    kinds = (page.info, page.error, page.warning, page.caption, page.code, page.markdown)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def links(page: AppTest) -> list[str]:
    return [link.proto.label for link in page.get("page_link")]


def start(page: AppTest) -> None:
    button(page, "Start training").click()
    fine(page.run())


def button(page: AppTest, label: str) -> Any:
    (one,) = [one for one in page.button if one.label == label]
    return one


def found(page: AppTest, words: str) -> AppTest:
    """The page after words were typed into the search for a setting."""
    page.text_input(key="find quick-time").set_value(words)
    return fine(page.run())
