"""What leaves the program: a record's reading sheet as a PDF at true scale, and tables as CSV."""

from .options import PAPERS, SheetOptions
from .press import Press
from .reading_sheet import reading_sheet
from .tables import cell, csv_text, findings_csv, intervals_csv
from .whole import whole_sheet
from .written import write_out

__all__ = [
    "PAPERS",
    "Press",
    "SheetOptions",
    "cell",
    "csv_text",
    "findings_csv",
    "intervals_csv",
    "reading_sheet",
    "whole_sheet",
    "write_out",
]
