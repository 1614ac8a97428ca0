"""The one typeface of the printed page, embedded, and how a text from a file is made fit for it."""

import unicodedata
from functools import cache
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"
UNKNOWN = "□"
_FONTS = Path(__file__).parent / "fonts"
_HIDDEN = {"Cc", "Cf", "Zl", "Zp"}
_LEFTWARDS = {"R", "AL", "AN"}  # drawn from left to right these would be read backwards


@cache
def embed_typeface() -> frozenset[int]:
    """Make the typeface known to the PDF writer; give the letters it has."""
    rl_config.useA85 = 0  # streams as bytes: in text they are a quarter larger and take most of the time
    known: frozenset[int] = frozenset()
    for name in (BOLD, REGULAR):
        font = TTFont(name, str(_FONTS / f"{name}.ttf"))
        pdfmetrics.registerFont(font)
        known = frozenset(font.face.charToGlyph)
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return known


def printable(text: str) -> str:
    """Give a text as it can be printed: hidden characters as ␣, letters that the typeface lacks as □."""
    known = embed_typeface()
    return "".join(_letter(letter, known) for letter in text)


def width_mm(text: str, size: float, bold: bool = False) -> float:
    """Give how wide a text stands, in mm, in letters of so many points."""
    embed_typeface()
    return float(pdfmetrics.stringWidth(text, BOLD if bold else REGULAR, size)) * 25.4 / 72


def fitted(text: str, size: float, room_mm: float, bold: bool = False) -> str:
    """Give a text cut, with …, to what fits."""
    if width_mm(text, size, bold) <= room_mm:
        return text
    while text and width_mm(f"{text}…", size, bold) > room_mm:
        text = text[:-1]
    return f"{text}…"


def wrapped(text: str, size: float, room_mm: float, most: int, bold: bool = False) -> list[str]:
    """Give a text in at most so many lines that fit; the last is cut where there is more."""
    lines: list[str] = []
    for word in text.split():
        if lines and width_mm(f"{lines[-1]} {word}", size, bold) <= room_mm:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [fitted(line, size, room_mm, bold) for line in lines]


def _letter(letter: str, known: frozenset[int]) -> str:
    if unicodedata.category(letter) in _HIDDEN:
        return "␣"
    missing = ord(letter) not in known or unicodedata.bidirectional(letter) in _LEFTWARDS
    return UNKNOWN if missing else letter
