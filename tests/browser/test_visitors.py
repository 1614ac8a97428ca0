"""Several people at once: each gets the answer to what they gave, and hears nothing of what others gave."""

from collections.abc import Iterator

import pytest

from tests.browser.canaries import canary, example
from tests.browser.chromium import ROOT, served
from tests.browser.visitor import Visitor, side_by_side

NAMES = ("canaryA7f3", "canaryB9e1", "canaryC2d8")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(ROOT / "app.py", tmp_path_factory.mktemp("data")) as where:
        yield where


@pytest.mark.timeout(600)
def test_nobody_hears_of_what_others_gave(address: str) -> None:
    visitors = [Visitor(address) for _ in NAMES]
    side_by_side([visitor.until_quiet for visitor in visitors])

    def visit(place: int) -> None:
        visitor = visitors[place]
        visitor.upload(canary(example(place), NAMES[place]))
        visitor.choose("Speed, mm/s", "50")

    side_by_side([lambda place=place: visit(place) for place in range(len(NAMES))])
    for visitor, own in zip(visitors, NAMES, strict=True):
        heard = b"".join(visitor.heard)
        assert own.encode() in heard
        assert [name for name in NAMES if name != own and name.encode() in heard] == []
    for visitor in visitors:
        visitor.close()


@pytest.mark.timeout(600)
def test_what_a_person_gave_is_gone_in_a_new_session(address: str) -> None:
    first = Visitor(address)
    first.until_quiet()
    first.upload(canary(example(0), "canaryD5a0"))
    first.close()
    second = Visitor(address)
    second.until_quiet()
    assert b"canaryD5a0" not in b"".join(second.heard)
    second.close()
