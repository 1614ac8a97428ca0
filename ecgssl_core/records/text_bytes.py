"""Text of any usual encoding and any line ending, in one form, and under its limits."""

import re

import numpy as np

from ecgssl_core.errors import BrokenFile, LimitError

from .assemble import MOST_SAMPLES

LONGEST = 64 << 10  # bytes of a line
JSON = re.compile(rb"\{|\[\s*(?:[\[{\"]|[-+.\deE]+\s*[,\]]|null|NaN)")  # not [12:00:00.002], a time in brackets
_SAMPLE, _HEAD = 200, 256 << 10  # lines and bytes that show what a file is


def plain_text(name: str, content: bytes) -> bytes:
    """Give a text with line feeds between its lines, in a form where letters of ASCII are one byte.

    Raises:
        RecordError: it is no text, or one of its lines is too long to be one of a table.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError as error:
            raise BrokenFile(name, "The text starts as UTF-16 and breaks off; export it again as UTF-8.") from error
    content = content.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in content:
        at = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise BrokenFile(name, f"Line {at} holds bytes that are no text; copy or export the file again.")
    if b"\r" in content:
        content = re.sub(rb"\r+\n?", b"\n", content)
    content = content.rstrip(b"\n\t ")
    if content.count(b"\n") > MOST_SAMPLES:
        raise LimitError(name, "The text has more lines than may be opened at once; cut it.")
    _check_lengths(name, content)
    return content


def _check_lengths(name: str, content: bytes) -> None:
    """Refuse a line that is too long; every such line has half its limit in one piece without an end."""
    half = LONGEST // 2
    is_end = np.frombuffer(content, np.uint8) == 10
    if is_end[: len(content) // half * half].reshape(-1, half).any(axis=1).all():
        return
    ends = np.concatenate([[-1], np.flatnonzero(is_end), [len(content)]])
    long = np.diff(ends) - 1 > LONGEST
    if long.any():
        at = int(np.argmax(long)) + 1
        raise LimitError(name, f"Line {at} is longer than 64 KiB; export the record with one sample a line.")


def head_lines(text: bytes) -> list[str]:
    """Give the first lines of a text, whichever of the usual encodings it has."""
    lines = text[:_HEAD].split(b"\n")
    whole = lines if len(text) <= _HEAD or len(lines) == 1 else lines[:-1]
    return [_decoded(line) for line in whole[:_SAMPLE]]


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")
