"""WFDB records: a header with its signal files, or with segments that have theirs, all from one uploaded set."""

import re
from collections.abc import Mapping

from ecgssl_core.errors import BrokenFile
from ecgssl_core.records.draft import Draft
from ecgssl_core.records.wfdb_header import is_segmented, parse_header, parse_segments
from ecgssl_core.records.wfdb_segments import read_segments
from ecgssl_core.records.wfdb_signals import read_signals

NAME, GENERAL = "WFDB", False
_HEAD = 512  # bytes that show what a file is
_FIRST = re.compile(rb"[\w.-]+(/\d+)?[ \t]+\d+([ \t]+[\d.]|[ \t]*$)")
_NEXT = re.compile(rb"[\w.~/-]+[ \t]+\d+")


def takes(name: str, content: bytes) -> bool:
    """Say whether a file is a WFDB header: text whose first lines name a record and its signals."""
    head = content[:_HEAD]
    if any(byte < 32 and byte not in b"\t\r\n" for byte in head):
        return False
    if name.endswith(".hea"):
        return True
    lines = [line.strip() for line in head.splitlines() if line.strip() and not line.startswith(b"#")]
    if len(lines) < 2 or not lines[1].translate(None, b"0123456789.,+-eE \t"):
        return False  # a signal's line names a file: a line of numbers is a table's
    return bool(_FIRST.match(lines[0]) and _NEXT.match(lines[1]))


def company(name: str, content: bytes) -> tuple[str, ...]:
    """Give the names of the files that a header names: its signal files, or the headers of its segments.

    Raises:
        RecordError: the header is not fit to be read.
    """
    if is_segmented(content):
        return tuple(dict.fromkeys(f"{one.name}.hea" for one in parse_segments(name, content).segments if one.name))
    return tuple(dict.fromkeys(signal.file for signal in parse_header(name, content).signals))


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the record of a header.

    Args:
        name: the header's, among the files.
        files: the whole uploaded set, by name; no other file is opened.

    Raises:
        RecordError: the record is damaged, incomplete, or does not say its rate.
    """
    if not name.isascii():
        raise BrokenFile(name, "The file's name holds letters beyond A to Z; rename it, and its name in the header.")
    if is_segmented(files[name]):
        return read_segments(name, parse_segments(name, files[name]), files)
    return read_signals(name, parse_header(name, files[name]), files)
