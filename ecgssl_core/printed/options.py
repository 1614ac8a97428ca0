"""What a person may choose for a printed sheet: size of the paper, layout, speed, gain, where it begins."""

from dataclasses import dataclass
from typing import Literal

Paper = Literal["A4", "Letter"]
PAPERS: dict[Paper, tuple[float, float]] = {"A4": (297.0, 210.0), "Letter": (279.4, 215.9)}  # mm, landscape
ACROSS_MM = 250.0  # of trace in a row: ten seconds at 25 mm/s
SHOWN_S = 10.0


@dataclass(frozen=True)
class SheetOptions:
    """How a record is printed.

    Args:
        paper: a key of PAPERS.
        layout: a key of `plots.paper_ecg.LAYOUTS`.
        cabrera: limb leads as aVL, I, −aVR, II, aVF, III.
        speed, gain: mm a second, mm a millivolt.
        begin: first second shown, of a record longer than ten.
        rhythm: print a page of one lead's longer stretch too, of a record longer than ten seconds.
        printed_on: a date to print; without it the same record always gives the same bytes.
    """

    paper: Paper = "A4"
    layout: str = "3x4"
    cabrera: bool = False
    speed: float = 25.0
    gain: float = 10.0
    begin: float = 0.0
    rhythm: bool = False
    printed_on: str = ""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the paper in mm."""
        return PAPERS[self.paper]
