"""SCP-ECG records (EN 1064, ISO 11073-91064), versions 1 and 2: from a file to a draft."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.records.record import Issue, Sex
from ecgssl_core.records.scp_sections import Sections, looks_like, read_sections
from ecgssl_core.records.scp_signal import Rhythm, read_rhythm

NAME, GENERAL = "SCP-ECG", False

# section 3, lead codes
_LEADS = (
    "", "I", "II", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V2R", "V3R", "V4R", "V5R", "V6R", "V7R", "X", "Y", "Z",
    "CC5", "CM5", "LA", "RA", "LL", "fI", "fE", "fC", "fA", "fM", "fF", "fH",
)  # fmt: skip
_LATER = {
    61: "III", 62: "aVR", 63: "aVL", 64: "aVF", 65: "-aVR", 66: "V8", 67: "V9", 68: "V8R", 69: "V9R",
    70: "Nehb D", 71: "Nehb A", 72: "Nehb J", 75: "A1", 76: "A2", 77: "A3", 78: "A4",
}  # fmt: skip
_NO_ECG = {*range(31, 61), 73, 74, *range(79, 86)}  # calibration pulses, defibrillator, pacemaker
_AGE, _BIRTH, _SEX, _ACQUIRED, _END = 4, 5, 8, 25, 255  # the tags of section 1 that are looked at
_AGE_UNITS = {1: 1.0, 2: 1 / 12, 3: 7 / 365.25, 4: 1 / 365.25, 5: 1 / 8766}  # years in a year, month, week, day, hour
_SEXES: dict[int, Sex] = {1: "male", 2: "female"}


def takes(name: str, content: bytes) -> bool:  # noqa: ARG001 - content decides
    """Say whether a file is an SCP-ECG record, or a maker's own layout under that name."""
    return looks_like(content)


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the rhythm of a record; of its person only age and sex.

    Args:
        name: the record's, among the files.
        files: the whole uploaded set, by name; no other file is opened.

    Raises:
        RecordError: the record is damaged, contradicts itself, holds no rhythm, or is too large.
    """
    sections = read_sections(name, files[name])
    rhythm = read_rhythm(name, sections)
    tags = dict(_tags(sections.bodies.get(1, b"")))
    return Draft(
        Path(name).stem,
        _form(sections),
        _rate(rhythm.interval),
        tuple(_channels(rhythm)),
        _age(tags),
        _SEXES.get(tags.get(_SEX, b"\0")[0]) if tags.get(_SEX) else None,
        issues=tuple(_issues(rhythm)),
    )


def _form(sections: Sections) -> str:
    return f"SCP-ECG {sections.protocol // 10}.{sections.protocol % 10}" if sections.protocol else "SCP-ECG"


def _rate(interval: int) -> float:
    """Give the samples a second: a whole number where the interval, in whole µs, can stand for one."""
    nearest = round(1e6 / interval)
    return float(nearest) if interval in (1_000_000 // nearest, round(1e6 / nearest)) else 1e6 / interval


def _channels(rhythm: Rhythm) -> Iterator[Channel]:
    scale, unit = (float(rhythm.nanovolts), "nV") if rhythm.nanovolts else (1.0, None)
    for line, values in zip(rhythm.lines, rhythm.values, strict=True):
        if line.code not in _NO_ECG:
            lead = _LEADS[line.code] if line.code < len(_LEADS) else _LATER.get(line.code, "")
            yield Channel(lead, values * scale, unit, scale)


def _issues(rhythm: Rhythm) -> Iterator[Issue]:
    promised = max(line.samples for line in rhythm.lines)
    held = min(rhythm.held)
    if any(count < line.samples for count, line in zip(rhythm.held, rhythm.lines, strict=True)):
        told = f"The file promises {promised} samples a lead and holds {held}; only those are shown."
        yield Issue("PART", None, "block", told, "Export it again, in parts or in another format.")
    if len({(line.start, line.end) for line in rhythm.lines}) > 1:
        told = "The leads were not recorded at the same time; each is shown where it was."
        yield Issue("PART", None, "warn", told, "")
    if rhythm.thinned > 1:
        told = f"Between beats the file keeps one of {rhythm.thinned} samples; the others are drawn as lines."
        yield Issue("PART", None, "note", told, "")
    if any(line.code in _NO_ECG for line in rhythm.lines):
        yield Issue("PART", None, "note", "Left out, no ECG: channels of calibration or pacing.", "")


def _tags(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the tags of section 1 with their values; what follows a tag that runs out of it is not looked at."""
    at = 0
    while at + 3 <= len(body) and body[at] != _END:
        stop = at + 3 + int.from_bytes(body[at + 1 : at + 3], "little")
        if stop > len(body):
            return
        yield body[at], body[at + 3 : stop]
        at = stop


def _age(tags: Mapping[int, bytes]) -> float | None:
    said = tags.get(_AGE, b"")
    number = int.from_bytes(said[:2], "little")
    if len(said) >= 3 and number and said[2] in _AGE_UNITS:
        return number * _AGE_UNITS[said[2]]
    born, seen = _date(tags.get(_BIRTH, b"")), _date(tags.get(_ACQUIRED, b""))
    if born is None or seen is None or seen < born:
        return None
    return float(seen.year - born.year - ((seen.month, seen.day) < (born.month, born.day)))


def _date(value: bytes) -> date | None:
    try:
        return date(int.from_bytes(value[:2], "little"), value[2], value[3])
    except (ValueError, IndexError):
        return None
