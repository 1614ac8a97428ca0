"""Blocks of text and tables set in columns, page after page, before anything is drawn: so the pages can be counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from .pen import MM


@dataclass(frozen=True)
class Placed:
    """A block, and its lower left corner in points."""

    block: Flowable
    x: float
    y: float


def set_in_columns(
    canvas: Canvas, story: Sequence[Flowable], lefts: Sequence[float], width: float, top: float, bottom: float
) -> list[list[Placed]]:
    """Set blocks in columns; give what stands on each page.

    Args:
        canvas: measures; nothing is drawn on it.
        story: the blocks, in order; one that does not fit is split where it can be.
        lefts, width: of the columns, in mm.
        top, bottom: between which the columns stand, in points from the lower edge of the page.
    """
    waiting, pages = list(story), [[]]  # type: list[Flowable], list[list[Placed]]
    column, y, fresh = 0, top, True
    while waiting:
        block = waiting.pop(0)
        y -= 0 if fresh else block.getSpaceBefore()
        _, height = block.wrapOn(canvas, width * MM, y - bottom)
        if height <= y - bottom or fresh and not block.splitOn(canvas, width * MM, y - bottom):
            pages[-1].append(Placed(block, lefts[column] * MM, y - height))
            y, fresh = y - height - block.getSpaceAfter(), False
            continue
        first, *rest = block.splitOn(canvas, width * MM, y - bottom) or [None, block]
        if first is not None:
            _, height = first.wrapOn(canvas, width * MM, y - bottom)
            pages[-1].append(Placed(first, lefts[column] * MM, y - height))
        waiting[:0] = rest
        column, y, fresh = column + 1, top, True
        if column == len(lefts) and waiting:
            column = 0
            pages.append([])
    return pages
