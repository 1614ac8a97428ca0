"""Paragraphs and tables of the printed page, all in one style."""

import html
from collections.abc import Sequence
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, Table

from .pen import MM
from .typeface import BOLD, REGULAR, printable

COLUMN_MM = 129.0
GREY = "#4a4a4a"
TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=6.8, leading=8.8)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=6.2, leading=8, textColor=HexColor(GREY))
HEAD = ParagraphStyle("head", parent=TEXT, fontName=BOLD, fontSize=9.5, leading=12, spaceBefore=8, spaceAfter=3)


def said(text: str) -> Paragraph:
    """Give a sentence, whatever letters it has."""
    return Paragraph(html.escape(printable(text)), TEXT)


def note(text: str) -> Paragraph:
    """Give a sentence in small letters."""
    return Paragraph(html.escape(printable(text)), SMALL)


def named(rows: Sequence[tuple[str, str]]) -> Table:
    """Give (name, value) as a table."""
    return table([[name, said(value)] for name, value in rows], (22.0, COLUMN_MM - 22), (), heads=False)


def table(rows: list[list[Any]], widths: Sequence[float], more: Sequence[tuple[Any, ...]], heads: bool = True) -> Table:
    """Give rows as a table whose columns are so many mm wide; the first row is repeated where it is a head."""
    grey = (-1, 0) if heads else (0, -1)
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, 6.5),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE" if heads else "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, HexColor("#cccccc")),
        ("TOPPADDING", (0, 0), (-1, -1), 0.8),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TEXTCOLOR", (0, 0), grey, HexColor(GREY)),
        *more,
    ]
    return Table(rows, [width * MM for width in widths], repeatRows=int(heads), style=style, hAlign="LEFT")
