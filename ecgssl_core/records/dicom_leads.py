"""Which lead a DICOM channel is: by its code, its code's meaning, or its label, which must not contradict each other.

Codes are those of CID 3001 (PS3.16): `2:n` of MDC (IEEE 11073-10102) and `5.6.3-9-n` of SCP-ECG, with the same n.
"""

import re

from ecgssl_core.errors import BrokenFile
from ecgssl_core.signals.leads import canonical_lead, supplementary_lead

from .dicom_groups import WaveChannel

_CODE = re.compile(r"(?:2:|5\.6\.3-9-)(\d{1,3})", re.ASCII)
_NUMBERED = {
    1: "I", 2: "II", **{number: f"V{number - 2}" for number in range(3, 10)},
    **{number: f"V{number - 8}R" for number in range(10, 16)}, 16: "X", 17: "Y", 18: "Z",
    61: "III", 62: "aVR", 63: "aVL", 64: "aVF", 65: "-aVR", 66: "V8", 67: "V9", 68: "V8R", 69: "V9R",
    70: "Nehb D", 71: "Nehb A", 72: "Nehb J",
}  # fmt: skip
_SCHEMES = ("MDC", "SCPECG", "SCP-ECG")


def lead_of(name: str, channel: WaveChannel, number: int) -> str:
    """Give the lead of a channel in words that are known everywhere, else the file's own, else an empty text.

    Args:
        name: the file's, for sentences.
        channel: what the file says of it.
        number: of the channel, from 1.

    Raises:
        BrokenFile: code, meaning and label name different leads.
    """
    found = _CODE.fullmatch(channel.code) if channel.scheme.upper() in _SCHEMES else None
    coded = _NUMBERED.get(int(found[1]), "") if found else ""
    meaning = re.split(r"[,(]", channel.meaning)[0].strip()
    names = [coded, *(text for text in (channel.code, meaning, channel.label) if _known(text))]
    different = {_known(text) for text in names if text and text != "-aVR"}
    if len(different) > 1:
        told = " and ".join(sorted(str(lead) for lead in different)[:2])
        raise BrokenFile(name, f"Channel {number} is called {told} at once; export it again.")
    return next((text for text in names if text), "") or channel.label or _said(meaning)


def _known(text: str) -> str | None:
    return canonical_lead(text) or supplementary_lead(text)


def _said(meaning: str) -> str:
    return "" if meaning.lower().startswith("unspecified") else meaning
