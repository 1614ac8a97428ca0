"""What leaves the program: a record's reading sheet as a PDF at true scale, and tables as CSV."""

from .options import PAPERS, SheetOptions
from .reading_sheet import reading_sheet

__all__ = ["PAPERS", "SheetOptions", "reading_sheet"]
