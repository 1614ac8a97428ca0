"""A printed page measured with a ruler: its strokes, words and fonts; places in mm from the upper left corner."""

import io
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pypdf import PageObject, PdfReader

MM = 72 / 25.4
_STRING = re.compile(rb"\((?:\\.|[^\\)])*\)", re.DOTALL)
_STEP = re.compile(rb"([-\d.]+) ([-\d.]+) ([ml])\b|([-\d.]+) w\b|([-\d.]+ [-\d.]+ [-\d.]+) RG\b|\b(S|n|f\*?|B)(?=\s|$)")


@dataclass(frozen=True, eq=False)
class Stroke:
    """What one stroke of the pen drew: its lines, each (points, 2) in mm; width in mm; colour as rrggbb."""

    lines: tuple[NDArray[np.float64], ...]
    width: float
    colour: str


@dataclass(frozen=True, eq=False)
class Page:
    """A page of a PDF, as another program reads it."""

    raw: PageObject

    @cached_property
    def size(self) -> tuple[float, float]:
        return float(self.raw.mediabox.width) / MM, float(self.raw.mediabox.height) / MM

    @cached_property
    def words(self) -> str:
        return " ".join(self.raw.extract_text().split())

    @cached_property
    def strokes(self) -> list[Stroke]:
        contents = self.raw.get_contents()
        assert contents is not None
        found: list[Stroke] = []
        lines: list[list[tuple[float, float]]] = []
        width, colour = 0.0, "000000"
        for step in _STEP.finditer(_STRING.sub(b"()", contents.get_data())):
            x, y, move, line_width, ink, end = step.groups()
            if move:
                place = (float(x) / MM, self.size[1] - float(y) / MM)
                lines[-1].append(place) if move == b"l" else lines.append([place])
            elif line_width:
                width = float(line_width) / MM
            elif ink:
                colour = "".join(f"{round(255 * float(value)):02x}" for value in ink.split())
            elif end:
                if end == b"S" and lines:
                    found.append(Stroke(tuple(np.array(line) for line in lines), width, colour))
                lines = []
        return found

    def of_colour(self, colour: str) -> list[Stroke]:
        return [stroke for stroke in self.strokes if stroke.colour == colour.strip("#")]

    @property
    def pulses(self) -> list[NDArray[np.float64]]:
        found = [line for stroke in self.of_colour("000000") for line in stroke.lines if len(line) == 6]
        return [line for line in found if line[1][0] == line[2][0]]

    def traces(self, longer: int = 100) -> list[NDArray[np.float64]]:
        return [line for stroke in self.of_colour("000000") for line in stroke.lines if len(line) > longer]

    @property
    def unembedded(self) -> list[str]:
        """Names of the fonts whose letters are not in the file."""
        missing = []
        for font in self.raw["/Resources"]["/Font"].values():  # type: ignore[index]
            about = font.get_object()
            inner = about["/DescendantFonts"][0].get_object() if "/DescendantFonts" in about else about
            if "/FontFile2" not in inner.get("/FontDescriptor", {}):
                missing.append(str(about["/BaseFont"]))
        return missing


def opened(content: bytes) -> list[Page]:
    return [Page(page) for page in PdfReader(io.BytesIO(content)).pages]
