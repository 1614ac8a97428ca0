"""One record's reading sheet as a PDF: the trace at true scale, then all that is known of it and of the model."""

import io

from reportlab.pdfgen.canvas import Canvas

from ecgssl_core import PURPOSE
from ecgssl_core.inference.card import BundleCard
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.records import Intervals, Quality, Record

from .blocks import COLUMN_MM
from .facts_page import facts_story
from .flow import Columns, Placed
from .options import SheetOptions
from .paper import WIDTH, parts_of
from .pen import MM, Pen
from .stretches import stretches
from .trace_page import Subject, draw_foot, draw_head, draw_page_number, draw_trace_page, left_of, room_mm
from .typeface import REGULAR, embed_typeface, printable

_HEAD_MM, _FOOT_MM = 16.0, 11.0


def reading_sheet(
    record: Record,
    quality: Quality | None = None,
    intervals: Intervals | None = None,
    prediction: Prediction | None = None,
    card: BundleCard | None = None,
    options: SheetOptions | None = None,
) -> bytes:
    """Give the reading sheet of a record as a PDF; the same input always gives the same bytes.

    Args:
        record: what is drawn, as recorded.
        quality: its marks; None where its unit or rate is unknown.
        intervals: what was measured; None where its unit or rate is unknown.
        prediction: what a model says of it; None if none was asked.
        card: of that model.
        options: paper, layout and scale.

    Raises:
        ValueError: the layout is unknown, or the beginning lies outside of the record.
    """
    options = options or SheetOptions()
    embed_typeface()
    width, height = options.size
    content = io.BytesIO()
    canvas = Canvas(
        content, pagesize=(width * MM, height * MM), invariant=1, pageCompression=1, initialFontName=REGULAR
    )
    canvas.setTitle(printable(record.name))
    canvas.setSubject(PURPOSE)
    pen, subject = Pen(canvas, height), Subject(record, quality, intervals, prediction)
    room = room_mm(options)
    traces = [(one, part) for one in stretches(record, options, room) for part in parts_of(one.sheet, room)]
    behind = _behind(canvas, subject, card, options)
    pages = len(traces) + len(behind)
    for number, (one, part) in enumerate(traces, 1):
        draw_trace_page(pen, subject, options, one.sheet, part, one.words)
        draw_page_number(pen, options, number, pages)
        canvas.showPage()
    for number, placed in enumerate(behind, len(traces) + 1):
        draw_head(pen, record, options)
        for at in placed:
            at.block.drawOn(canvas, at.x, at.y)
        draw_foot(pen, options)
        draw_page_number(pen, options, number, pages)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def _behind(canvas: Canvas, subject: Subject, card: BundleCard | None, options: SheetOptions) -> list[list[Placed]]:
    left = left_of(options)
    top, bottom = (options.size[1] - _HEAD_MM) * MM, _FOOT_MM * MM
    lefts = (left, left + WIDTH - COLUMN_MM)
    columns = Columns(canvas, lefts, COLUMN_MM, top, bottom)
    for section in facts_story(subject, card):
        if section.blocks:
            columns.set(section)
    return columns.pages
