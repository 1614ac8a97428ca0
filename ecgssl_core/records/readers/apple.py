"""The Apple Watch's ECG as the Health app exports it: one lead as text, in the words and decimals of a country.

Known by its values, not by its words, which are translated: a watch's model, a rate in hertz, a unit of voltage.
Words of German exports and the no-break space before `Hertz` as in tests of parsers of such exports on GitHub.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import numpy as np

from ecgssl_core.errors import BrokenFile
from ecgssl_core.records.columns import FEWEST, smallest_step
from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.records.text_bytes import plain_text
from ecgssl_core.records.units import millivolts
from ecgssl_core.signals.leads import canonical_lead

NAME, GENERAL = "Apple Watch ECG", False
_HEAD = 2048
_WATCH = re.compile(r"[^,\n]{1,40},\"?Watch\d{1,3},\d{1,3}\"?")
_RATE = re.compile(r"[^,\n]{1,40},\"?(\d{1,4}(?:[.,]\d{1,6})?)\s*(?:hertz|hz)\"?", re.IGNORECASE)
_RECORDED = re.compile(r"[^,\n]{1,40},\"?(\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d [-+]\d{4}\"?")
_BORN = ("%d %b %Y", "%b %d, %Y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%B %d, %Y")
_SAMPLE = re.compile(rb"\"?([-+]?\d{1,9})(?:[.,](\d{1,9}))?\"?")


def takes(name: str, content: bytes) -> bool:
    """Say whether a file's first lines name a watch, a rate in hertz, and a unit of voltage."""
    del name
    head = content[:_HEAD].decode("utf-8", "replace").replace("\r", "\n").splitlines()
    named = [any(mark.fullmatch(line.strip()) for line in head) for mark in (_WATCH, _RATE)]
    return all(named) and any(_unit(line) for line in head)


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the lead of an export; of its owner nothing is kept but the age in years.

    Args:
        name: of the export, among the files.
        files: the uploaded set; no other file is looked at.

    Raises:
        RecordError: it is damaged or incomplete.
    """
    lines = plain_text(name, files[name]).split(b"\n")
    begin = next((at for at, line in enumerate(lines) if line and _SAMPLE.fullmatch(line)), len(lines))
    head = [line.decode("utf-8", "replace").strip() for line in lines[:begin]]
    samples = lines[begin:]
    if len(samples) < FEWEST:
        raise BrokenFile(name, f"The export holds {len(samples)} samples; export the ECG again.")
    found = [_SAMPLE.fullmatch(line) for line in samples]
    if None in found:
        at = begin + found.index(None) + 1
        raise BrokenFile(name, f"Line {at} is no sample; export the ECG again.")
    values = np.array([float(each[1] + b"." + (each[2] or b"0")) for each in found if each])
    unit = next((unit for line in reversed(head) if (unit := _unit(line))), None)
    rate = next((each[1] for line in head if (each := _RATE.fullmatch(line))), None)
    channel = Channel(_lead(head), values, unit, smallest_step(values, unit))
    return Draft(
        name=Path(name).stem,
        form=NAME,
        rate=None if rate is None else float(rate.replace(",", ".")),
        channels=(channel,),
        age=_age(head),
    )


def _value(line: str) -> str:
    return line.partition(",")[2].strip().strip('"').strip()


def _unit(line: str) -> str | None:
    value = _value(line)
    return value if value and millivolts(value) is not None else None


def _lead(head: list[str]) -> str:
    """Give the lead that a value ends in, as `Lead I` or `Ableitung I`, in the line before the unit's."""
    at = max((at for at, line in enumerate(head) if _unit(line)), default=0)
    words = _value(head[at - 1]).split() if at else []
    return words[-1] if words and canonical_lead(words[-1]) else ""


def _age(head: list[str]) -> float | None:
    """Give the age at the recording; none where the date of birth is written in another way than is known."""
    recorded = next((each[1] for line in head if (each := _RECORDED.fullmatch(line))), None)
    if recorded is None or len(head) < 2:
        return None
    for form in _BORN:
        try:
            born, then = datetime.strptime(_value(head[1]), form), datetime.strptime(recorded, "%Y-%m-%d")
        except ValueError:
            continue
        return float(then.year - born.year - ((then.month, then.day) < (born.month, born.day)))
    return None
