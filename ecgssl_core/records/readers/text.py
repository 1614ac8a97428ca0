"""CSV, TSV and other text tables: any delimiter, with or without header, time column, units and decimal commas."""

from collections.abc import Mapping

from ecgssl_core.errors import LimitError
from ecgssl_core.records.columns import Column, Told, draft_of
from ecgssl_core.records.draft import Draft
from ecgssl_core.records.notes import told_by
from ecgssl_core.records.record import Issue
from ecgssl_core.records.text_bytes import JSON, head_lines, plain_text
from ecgssl_core.records.text_cells import columns_of
from ecgssl_core.records.text_lines import Layout, layout_of

NAME, GENERAL = "CSV", True
_HEAD, _LINES = 64 << 10, 200  # bytes and lines that show what a file is
_TEXT = bytes(byte for byte in range(256) if byte >= 32 or byte in b"\t\r\n")
_DIGITS = b"0123456789.,;|:+-eE\"' \t\0"


def takes(name: str, content: bytes) -> bool:
    """Say whether a file is text in which many lines are mostly digits, and not a format that is text as well."""
    del name
    head = content[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head[: len(head) & ~1].decode("utf-16", "replace").encode()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if len(head.translate(None, _TEXT)) > len(head) // 20 or start[:1] == b"<" or JSON.match(start):
        return False
    lines = [line for line in head.splitlines() if line.strip()][:_LINES]
    numbers = sum(3 * len(line.translate(None, _DIGITS)) <= len(line) for line in lines)
    return numbers * 3 >= len(lines) and (numbers > 1 or len(head) == _HEAD)


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read a table: leads are its columns, or its lines where there are few and long ones.

    Args:
        name: of the table, among the files.
        files: the uploaded set; no other file is looked at.

    Raises:
        RecordError: it is no table of a signal, damaged, too large, or can be read in two ways.
    """
    try:
        text = plain_text(name, files[name])
        layout = layout_of(name, head_lines(text))
        columns, outside = columns_of(name, text, layout)
    except MemoryError as error:
        raise LimitError(name, "The table needs more memory than one file may have; cut it.") from error
    told, leads = told_by(layout.notes)
    if not any(column.name for column in columns) and len(leads) == len(columns):
        columns = [Column(lead, column.values, column.unit) for lead, column in zip(leads, columns, strict=True)]
    draft = draft_of(name, _form(layout), columns, Told(told.rate, told.unit, told.age, told.sex))
    if not outside:
        return draft
    issue = Issue("PART", None, "note", f"Left out, text and no numbers: {len(outside)} columns.", "")
    return Draft(draft.name, draft.form, draft.rate, draft.channels, draft.age, draft.sex, (), (*draft.issues, issue))


def _form(layout: Layout) -> str:
    kinds = {",": "CSV", ";": "CSV with semicolons", "\t": "TSV", "|": "CSV with bars", "\n": "text, one column"}
    return kinds.get(layout.delimiter, "text")
