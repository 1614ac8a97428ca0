"""Sheets from a process of its own: the same bytes, one after the other, and a sentence if it dies."""

from collections.abc import Callable

import pytest

from ecgssl_core.errors import OwnFault
from ecgssl_core.printed import Press, SheetOptions, whole_sheet
from ecgssl_core.records import Record
from tests.printed.made import prediction


def test_sheets_from_the_press_are_those_that_are_printed_here(example: Callable[..., Record]) -> None:
    options = SheetOptions(paper="Letter", gain=5)
    with Press() as press:
        for said in (prediction(), None):
            assert press.sheet(example(), said, None, options) == whole_sheet(example(), said, None, options)


def test_a_press_that_died_is_one_sentence(example: Callable[..., Record]) -> None:
    with Press() as press:
        press._process.kill()
        with pytest.raises(OwnFault, match="stopped unexpectedly"):
            press.sheet(example(), None, None, SheetOptions())
