"""A pen that works in millimetres from the upper left corner of a page, on reportlab's canvas."""

from collections.abc import Iterable, Sequence

import numpy as np
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from .typeface import BOLD, REGULAR, width_mm

MM = 72 / 25.4
INK = "#000000"
Point = tuple[float, float]


class Pen:
    """Draws lines and texts at places in mm, y downwards."""

    def __init__(self, canvas: Canvas, height: float) -> None:
        self.canvas = canvas
        self._height = height * MM

    def at(self, x: float, y: float) -> Point:
        """Give a place as the canvas counts it: in points from the lower left corner."""
        return x * MM, self._height - y * MM

    def lines(self, ends: Iterable[tuple[Point, Point]], width: float, colour: str) -> None:
        """Draw straight lines, so many mm wide."""
        path = self.canvas.beginPath()
        for start, end in ends:
            path.moveTo(*self.at(*start))
            path.lineTo(*self.at(*end))
        self._stroke(path, width, colour)

    def polyline(self, runs: Iterable[Sequence[Point]], width: float, colour: str) -> None:
        """Draw each run of places as one line."""
        code = [step for run in runs for step in self._steps(run)]
        self._stroke(PDFPathObject(code), width, colour)

    def box(self, x: float, y: float, width: float, height: float, line: str = "", fill: str = "") -> None:
        """Draw a rectangle by its upper left corner."""
        if line:
            self.canvas.setStrokeColor(HexColor(line))
            self.canvas.setLineWidth(0.3 * MM)
        if fill:
            self.canvas.setFillColor(HexColor(fill))
        left, bottom = self.at(x, y + height)
        self.canvas.rect(left, bottom, width * MM, height * MM, stroke=int(bool(line)), fill=int(bool(fill)))

    def write(self, x: float, y: float, text: str, size: float = 7, bold: bool = False, colour: str = INK) -> float:
        """Write a text on the base line y; give the x where it ends."""
        self.canvas.setFont(BOLD if bold else REGULAR, size)
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.drawString(*self.at(x, y), text)
        return x + width_mm(text, size, bold)

    def write_before(
        self, x: float, y: float, text: str, size: float = 7, bold: bool = False, colour: str = INK
    ) -> None:
        """Write a text that ends at x."""
        self.write(x - width_mm(text, size, bold), y, text, size, bold, colour)

    def _steps(self, run: Sequence[Point]) -> list[str]:
        """Give a line as steps of a PDF; a thousandth of a point is finer than any printer, and quickly written."""
        places = np.asarray(run, np.float64) * (MM, -MM) + (0, self._height)
        steps = [f"{x:.3f} {y:.3f} l" for x, y in places.tolist()]
        return [f"{steps[0][:-1]}m", *steps[1:]]

    def _stroke(self, path: PDFPathObject, width: float, colour: str) -> None:
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(width * MM)
        self.canvas.setLineJoin(1)
        self.canvas.setLineCap(1)
        self.canvas.drawPath(path, stroke=1, fill=0)
