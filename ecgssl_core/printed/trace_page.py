"""A printed page with the trace: who and what above it, scale, ruler and purpose below it."""

from dataclasses import dataclass

from ecgssl_core import PURPOSE
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.inference.stated import by_height, rounded_said, unsupported
from ecgssl_core.plots.paper_sheet import PaperSheet
from ecgssl_core.records import Intervals, Quality, Record
from ecgssl_core.records.intervals import NUMBERS

from .blocks import GREY
from .options import SheetOptions
from .paper import FLAG, WIDTH, Part, draw_paper
from .pen import Pen
from .said import (
    INTERVALS,
    UNCONFIRMED,
    facts,
    filters_said,
    found_said,
    interval_said,
    marks_said,
    quality_said,
)
from .typeface import fitted, printable, width_mm, wrapped

TOP = 48.0  # of the trace; above it stands the head
BOTTOM = 25.0  # below the trace, for seconds, scale, ruler and purpose
RULER_MM = 50
_LINE = 3.45
_SHOWN_FINDINGS = 4


@dataclass(frozen=True, eq=False)
class Subject:
    """All that the pages of one record speak of; what is None was not asked for or could not be had."""

    record: Record
    quality: Quality | None
    intervals: Intervals | None
    prediction: Prediction | None


def room_mm(options: SheetOptions) -> float:
    """Give how high the trace may stand on a page."""
    return options.size[1] - TOP - BOTTOM


def draw_trace_page(
    pen: Pen, subject: Subject, options: SheetOptions, sheet: PaperSheet, part: Part, words: str
) -> None:
    """Draw one page with a part of a sheet; the number of the page is not its own affair."""
    left = left_of(options)
    draw_head(pen, subject.record, options)
    _facts(pen, subject.record, left)
    _intervals(pen, subject.intervals, left + 98)
    _findings(pen, subject.prediction, left + 160)
    _quality(pen, subject.quality, left)
    draw_paper(pen, sheet, part, left, TOP)
    _scale(pen, subject.record, sheet, options, words)
    draw_foot(pen, options)


def left_of(options: SheetOptions) -> float:
    """Give where the grid and all texts begin, so that they stand in the middle of the paper."""
    return (options.size[0] - WIDTH) / 2


def draw_head(pen: Pen, record: Record, options: SheetOptions) -> None:
    """Write the record's name and the stamp that nobody has confirmed what is said."""
    left = left_of(options)
    right = left + WIDTH
    stamp = width_mm(UNCONFIRMED, 9, bold=True) + 5
    pen.box(right - stamp, 6.5, stamp, 6.5, line=FLAG)
    pen.write(right - stamp + 2.5, 11, UNCONFIRMED, 9, bold=True, colour=FLAG)
    pen.write(left, 11.5, fitted(printable(record.name), 13, WIDTH - stamp - 8, bold=True), 13, bold=True)


def draw_foot(pen: Pen, options: SheetOptions) -> None:
    """Write what the sheet is for, and the date if one was given."""
    left, y = left_of(options), options.size[1] - 6
    end = pen.write(left, y, PURPOSE, 6.5, bold=True)
    if options.printed_on:
        pen.write(end + 3, y, f"Printed {printable(options.printed_on)}.", 6.5, colour=GREY)


def draw_page_number(pen: Pen, options: SheetOptions, page: int, pages: int) -> None:
    """Write which page of how many this is."""
    pen.write_before(left_of(options) + WIDTH, options.size[1] - 6, f"page {page} of {pages}", 6.5, colour=GREY)


def _facts(pen: Pen, record: Record, left: float) -> None:
    rows = [*facts(record), ("Signal", f"sha256 {record.digest[:16]}…")]
    for place, (name, value) in enumerate(rows):
        y = 18 + place * _LINE
        pen.write(left, y, name, 6.5, colour=GREY)
        pen.write(left + 16, y, fitted(printable(value), 6.5, 78), 6.5)


def _intervals(pen: Pen, intervals: Intervals | None, left: float) -> None:
    if intervals is None:
        pen.write(left, 18, "Intervals not measured: unit or rate is unknown.", 6.5)
        return
    for place, name in enumerate(NUMBERS):
        y = 18 + place * _LINE
        pen.write(left, y, INTERVALS[name][0], 7, colour=GREY)
        pen.write_before(left + 44, y, interval_said(intervals, name), 7.5, bold=True)


def _findings(pen: Pen, prediction: Prediction | None, left: float) -> None:
    room = WIDTH - 160
    if prediction is None:
        pen.write(left, 18, "No model was asked.", 7)
        return
    model = f"Model output, {printable(prediction.model_name)} {prediction.model_sha256[:12]}, no diagnosis"
    pen.write(left, 18, fitted(model, 6.5, room), 6.5, colour=GREY)
    lines = wrapped(printable(found_said(prediction)), 7.5, room, 5, bold=True)
    for place, line in enumerate(lines):
        pen.write(left, 22 + place * _LINE, line, 7.5, bold=True)
    y = 22 + len(lines) * _LINE
    reached = [finding for finding in by_height(prediction.findings) if finding.status == "positive"]
    for finding in reached[:_SHOWN_FINDINGS]:
        number = f"{rounded_said(finding.probability)} (threshold {finding.threshold:.2f})"
        pen.write(left, y, fitted(printable(finding.name), 7, room - 36), 7)
        pen.write_before(left + room, y, number, 7)
        y += _LINE
    if len(reached) > _SHOWN_FINDINGS:
        pen.write(left, y, f"and {len(reached) - _SHOWN_FINDINGS} more on the last page", 6.5, colour=GREY)
    for place, remark in enumerate(_remarks(prediction)):
        pen.write(left, 42.2 - place * 3.2, fitted(remark, 6.5, room, True), 6.5, bold=True, colour=FLAG)


def _remarks(prediction: Prediction) -> list[str]:
    remarks = ["The model was trained on this very recording."] if prediction.seen else []
    if unsupported(prediction.findings):
        remarks.append("An interval does not support a stated class; see the last page.")
    return [*remarks, "It was made to speak all the same; see the last page."] if prediction.despite else remarks


def _quality(pen: Pen, quality: Quality | None, left: float) -> None:
    if quality is None:
        return
    end = pen.write(left, 45.6, "Signal quality", 6.5, colour=GREY) + 2
    for lead, sign, word in marks_said(quality)[:16]:
        bad = word != "nothing noticed"
        end = pen.write(end, 45.6, f"{printable(lead)} {sign}", 6.5, bold=bad, colour=FLAG if bad else "#000000") + 1.8
    pen.write(end, 45.6, fitted(printable(quality_said(quality)), 6, left + WIDTH - end), 6, colour=GREY)


def _scale(pen: Pen, record: Record, sheet: PaperSheet, options: SheetOptions, words: str) -> None:
    left, y, room = left_of(options), options.size[1] - 17.0, WIDTH - RULER_MM - 6
    usual = sheet.gain == 10 and sheet.speed == 25
    end = pen.write(left, y, sheet.scale, 8.5, bold=True, colour="#000000" if usual else FLAG) + 4
    pen.write(end, y, fitted(words, 7, left + room - end), 7)
    pen.write(left, y + 3.6, fitted(filters_said(record, bool(sheet.breaks)), 6.5, room), 6.5, colour=GREY)
    pen.write(left, y + 7.2, fitted(printable(_warnings(record, sheet)), 6.5, room, True), 6.5, True, FLAG)
    _ruler(pen, left + WIDTH - RULER_MM, y + 1)


def _warnings(record: Record, sheet: PaperSheet) -> str:
    said = []
    if "guessed" in record.units.values():
        said.append("The unit is guessed: heights say nothing.")
    if sheet.overflow:
        said.append(f"{', '.join(sheet.overflow)}: a trace leaves its row; print at a smaller gain.")
    if any(mark.kind == "cut off" for mark in sheet.marks):
        said.append("Bars: flat tops that look cut off.")
    return " ".join(said)


def _ruler(pen: Pen, left: float, y: float) -> None:
    ticks = [((left + at, y), (left + at, y - (2.0 if at % 10 == 0 else 1.0))) for at in range(0, RULER_MM + 1, 5)]
    pen.lines([((left, y), (left + RULER_MM, y)), *ticks], 0.2, "#000000")
    pen.write(left, y + 3.0, f"This line is {RULER_MM} mm: print at 100 %, then measure.", 5.5)
