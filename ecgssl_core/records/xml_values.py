"""Numbers, dates and packed samples as XML files write them."""

import base64
import binascii
import re
from datetime import date

from ecgssl_core.errors import BrokenFile
from ecgssl_core.signals.leads import canonical_lead, supplementary_lead

_LARGEST = 1e15  # no size, count or rate of an ECG comes near; products of two stay finite
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def number(text: str) -> float | None:
    """Give a number of up to 10^15, with a point or a decimal comma, or None for anything else."""
    if len(text) > 40 or not _NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    return value if abs(value) <= _LARGEST else None


def whole(text: str) -> int | None:
    """Give a whole number, or None for anything else."""
    value = number(text)
    return int(value) if value is not None and value == int(value) else None


def day_of(year: str, month: str, day: str) -> date | None:
    """Give the day of three words, or None where there is no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def told_lead(words: str) -> str:
    """Give a lead's name for a sentence: a standard one, or a question mark, for other words may name people."""
    return canonical_lead(words) or supplementary_lead(words) or "?"


def packed(file: str, where: str, text: str) -> bytes:
    """Give the bytes of a base64 text, which may be broken into lines and must else be without fault.

    Args:
        file: the file's name, for sentences.
        where: what the text is of, such as `lead V1`.
        text: the base64.

    Raises:
        BrokenFile: it is no base64.
    """
    joined = "".join(text.split())
    try:
        if len(joined) % 4 or joined.endswith("==="):  # which Python lets pass
            raise binascii.Error
        return base64.b64decode(joined.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise BrokenFile(file, f"The samples of {where} are no whole base64 text; export the record again.") from error
