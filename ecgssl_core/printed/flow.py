"""Sections of text and tables set in columns, page after page, before anything is drawn: so pages can be counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from .pen import MM

_LEAST = 20 * MM  # of what follows a heading stands in the same column


@dataclass(frozen=True)
class Section:
    """Blocks under a heading, the first of them; `together`: they are not divided between columns."""

    blocks: tuple[Flowable, ...]
    together: bool = False


@dataclass(frozen=True)
class Placed:
    """A block, and its lower left corner in points."""

    block: Flowable
    x: float
    y: float


class Columns:
    """Columns that fill from the left, page after page.

    Args:
        canvas: measures; nothing is drawn on it.
        lefts, width: of the columns of a page, in mm.
        top, bottom: between which they stand, in points from the lower edge of the page.
    """

    def __init__(self, canvas: Canvas, lefts: Sequence[float], width: float, top: float, bottom: float) -> None:
        self.pages: list[list[Placed]] = [[]]
        self._canvas, self._lefts, self._width = canvas, lefts, width * MM
        self._top, self._bottom = top, bottom
        self._column, self._y, self._fresh = 0, top, True

    def set(self, section: Section) -> None:
        """Set a section where the last one ended."""
        heights = [self._height(block) + block.getSpaceBefore() + block.getSpaceAfter() for block in section.blocks]
        needed = sum(heights) if section.together else sum(heights[:1]) + min(sum(heights[1:]), _LEAST)
        if not self._fresh and needed > self._room and needed <= self._top - self._bottom:
            self._next()
        waiting = list(section.blocks)
        while waiting:
            waiting[:1] = self._put(waiting[0])

    @property
    def _room(self) -> float:
        return self._y - self._bottom

    def _height(self, block: Flowable) -> float:
        return float(block.wrapOn(self._canvas, self._width, self._top - self._bottom)[1])

    def _put(self, block: Flowable) -> list[Flowable]:
        """Set a block, or as much of it as fits; give what is left of it, which goes on in the next column."""
        before = 0 if self._fresh else block.getSpaceBefore()
        if self._height(block) + before <= self._room:
            self._place(block, before)
            return []
        first, *rest = block.splitOn(self._canvas, self._width, self._room - before) or [None, block]
        if first is not None:
            self._place(first, before)
        elif self._fresh:  # higher than a whole column and not to be divided: it is drawn as far as it goes
            self._place(block, before)
            return []
        self._next()
        return rest

    def _place(self, block: Flowable, before: float) -> None:
        height = self._height(block)
        self._y -= before + height
        self.pages[-1].append(Placed(block, self._lefts[self._column] * MM, self._y))
        self._y, self._fresh = self._y - block.getSpaceAfter(), False

    def _next(self) -> None:
        self._column, self._y, self._fresh = (self._column + 1) % len(self._lefts), self._top, True
        if self._column == 0:
            self.pages.append([])
