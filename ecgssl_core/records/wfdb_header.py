"""WFDB headers, parsed strictly: every number checked before anything is read or allocated on its word."""

import math
import re
from dataclasses import dataclass

from ecgssl_core.errors import BrokenFile, EmptyFile, LimitError, RateUnknown, UnknownFormat, UnsafeFile

from .record import OLDEST, Sex

BYTES = {8: 1.0, 16: 2.0, 24: 3.0, 32: 4.0, 61: 2.0, 80: 1.0, 160: 2.0, 212: 1.5, 310: 4 / 3, 311: 4 / 3}
COMPRESSED = (508, 516, 524)
MOST_SEGMENTS = 4096
MOST_SIGNALS, MOST_SECONDS, MOST_SAMPLES = 32, 26 * 3600, 1 << 25
RATES = (50.0, 4000.0)

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}(\.[A-Za-z0-9]{1,8})?")
# no number has more digits than are worth turning into one
_FORMAT = re.compile(r"(\d{1,4})(?:x(\d{1,12}))?(?::(\d{1,9}))?(?:\+(\d{1,12}))?", re.ASCII)
_GAIN = re.compile(r"([^(/]+)(?:\(([-+]?\d{1,12})\))?(?:/(\S+))?", re.ASCII)
_SEGMENTS = re.compile(r"[A-Za-z0-9_-]{1,80}/\d{1,9}", re.ASCII)
_SEGMENT = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
_COMMENT = re.compile(r"#\s*<?(age|sex|dx)>?\s*:\s*(.*)", re.IGNORECASE)
_FEMALE, _MALE = {"female", "f", "woman"}, {"male", "m", "man"}
_MOST_TEXT = 1 << 18


@dataclass(frozen=True)
class SignalLine:
    """One lead as the header describes it; gain in counts a unit, 0 where the file does not say.

    `initial` is what the differences of format 8 are added to.
    """

    file: str
    format: int
    frame: int
    skew: int
    offset: int
    gain: float
    unit: str
    baseline: int
    initial: int
    checksum: int | None
    lead: str


@dataclass(frozen=True)
class Header:
    """A WFDB header: what it promises of the signal, and what may be kept of its comments."""

    name: str
    rate: float
    samples: int | None
    signals: tuple[SignalLine, ...]
    codes: tuple[str, ...]
    age: float | None
    sex: Sex | None


@dataclass(frozen=True)
class Segment:
    """A part of a record: the name of its header, empty for a gap, and its samples, 0 for a layout."""

    name: str
    samples: int


@dataclass(frozen=True)
class Segments:
    """The header of a record that lies in several parts, one after another."""

    name: str
    rate: float
    segments: tuple[Segment, ...]
    codes: tuple[str, ...]


def parse_header(name: str, content: bytes) -> Header:
    """Give what a header says.

    Args:
        name: of the file, for sentences.
        content: of the file.

    Raises:
        RecordError: the header is damaged, asks for what is never done, or promises more than may be read.
    """
    if len(content) > _MOST_TEXT:
        raise LimitError(name, "The header is longer than 256 KiB; it is no header of an ECG.")
    lines = _lines(content)
    comments = [line for line in lines if line.startswith("#")]
    plain = [line for line in lines if not line.startswith("#")]
    if not plain:
        raise EmptyFile(name, "The header holds no line that describes a record.")
    _check_single(name, plain[0].split()[0])
    count, rate, samples = _record_line(name, plain[0].split())
    if len(plain) - 1 < count:
        raise BrokenFile(name, f"The header promises {count} leads and describes {len(plain) - 1}; export it again.")
    signals = tuple(_signal_line(name, line, index) for index, line in enumerate(plain[1 : count + 1]))
    if samples is not None and samples * sum(signal.frame for signal in signals) > MOST_SAMPLES:
        raise LimitError(name, "The record is longer than may be opened at once; cut it into shorter ones.")
    codes, age, sex = _comments(comments)
    return Header(name.removesuffix(".hea"), rate, samples, signals, codes, age, sex)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")  # older exports write the micro sign as one byte


def is_segmented(content: bytes) -> bool:
    """Say whether a header describes a record in segments."""
    first = next((line for line in _lines(content) if not line.startswith("#")), "")
    return bool(_SEGMENTS.fullmatch(first.split()[0])) if first else False


def parse_segments(name: str, content: bytes) -> Segments:
    """Give what the header of a record in segments says.

    Raises:
        RecordError: the header is damaged, asks for what is never done, or promises more than may be read.
    """
    lines = _lines(content)
    plain = [line for line in lines if not line.startswith("#")]
    own, count = plain[0].split()[0].split("/")
    if int(count) > MOST_SEGMENTS:
        raise LimitError(name, f"The record has {int(count)} segments; at most {MOST_SEGMENTS} are read.")
    _, rate, samples = _record_line(name, plain[0].split())
    if len(plain) - 1 < int(count):
        raise BrokenFile(name, f"The header promises {count} segments and names {len(plain) - 1}; export it again.")
    segments = tuple(_segment(name, line) for line in plain[1 : int(count) + 1])
    if any(one.name in (own, name.removesuffix(".hea")) for one in segments):
        raise BrokenFile(name, "The record lists itself as one of its segments; export it again.")
    if samples is not None and sum(one.samples for one in segments) != samples:
        raise BrokenFile(name, "The lengths of the segments do not add up to the record's; export it again.")
    codes, _, _ = _comments([line for line in lines if line.startswith("#")])
    return Segments(name.removesuffix(".hea"), rate, segments, codes)


def _segment(name: str, line: str) -> Segment:
    words = line.split()
    if "/" in words[0] or "\\" in words[0] or ":" in words[0] or words[0].startswith("."):
        raise UnsafeFile(name, "The header asks for a file outside this upload; nothing was opened.")
    if words[0] != "~" and not _SEGMENT.fullmatch(words[0]):
        raise BrokenFile(name, "A segment's name has more than letters, digits, hyphen, underscore; rename it.")
    return Segment("" if words[0] == "~" else words[0], _whole(name, words[-1], "length of a segment"))


def _lines(content: bytes) -> list[str]:
    return [line.strip() for line in _text(content[:_MOST_TEXT]).splitlines() if line.strip()]


def _check_single(name: str, first: str) -> None:
    if "/" in first or "\\" in first:
        raise UnsafeFile(name, "The header asks for a file outside this upload; nothing was opened.")


def _record_line(name: str, words: list[str]) -> tuple[int, float, int | None]:
    count = _whole(name, words[1] if len(words) > 1 else "", "number of leads")
    if count == 0:
        raise EmptyFile(name, "The header describes a record without any lead.")
    if count > MOST_SIGNALS:
        raise LimitError(name, f"The header promises {count} leads; at most {MOST_SIGNALS} are read.")
    if len(words) < 3:
        raise RateUnknown(name, "The header does not say its sampling rate; export the record with it.")
    rate = _number(name, words[2].split("/")[0].split("(")[0], "sampling rate")
    if not RATES[0] <= rate <= RATES[1]:
        raise BrokenFile(name, f"The sampling rate is {rate:g} Hz; an ECG has {RATES[0]:g} to {RATES[1]:g} Hz.")
    samples = _whole(name, words[3], "number of samples") if len(words) > 3 else 0
    if samples > MOST_SECONDS * rate:
        raise BrokenFile(name, f"The header promises {samples} samples, more than 26 hours; export it again.")
    return count, rate, samples or None


def _signal_line(name: str, line: str, index: int) -> SignalLine:
    words = line.split(maxsplit=8)
    if len(words) < 2:
        raise BrokenFile(name, f"The line of lead {index + 1} is incomplete; export the record again.")
    file = words[0]
    if "/" in file or "\\" in file or ":" in file or file.startswith(".") or "|" in file:
        raise UnsafeFile(name, "The header asks for a file outside this upload; nothing was opened.")
    if not _NAME.fullmatch(file):
        raise BrokenFile(name, "A signal file's name has more than letters, digits, hyphen, underscore; rename it.")
    if file == name:
        raise BrokenFile(name, "The header names itself as its signal file; export the record again.")
    form = _FORMAT.fullmatch(words[1])
    if form is None or int(form[1]) not in (*BYTES, *COMPRESSED):
        raise UnknownFormat(name, f"Lead {index + 1} is stored in a form that is not known; export it in format 16.")
    frame = int(form[2] or 1)
    if not 1 <= frame <= 64:
        raise LimitError(name, f"Lead {index + 1} has {frame} samples a frame; at most 64 are read.")
    gain, baseline, unit = _gain(name, words[2] if len(words) > 2 else "0", index)
    zero = _whole(name, words[4], "ADC zero", negative=True) if len(words) > 4 else 0
    initial = _whole(name, words[5], "initial value", negative=True) if len(words) > 5 else 0
    checksum = _whole(name, words[6], "checksum", negative=True) if len(words) > 6 else None
    return SignalLine(
        file=file,
        format=int(form[1]),
        frame=frame,
        skew=int(form[3] or 0),
        offset=int(form[4] or 0),
        gain=gain,
        unit=unit,
        baseline=zero if baseline is None else baseline,
        initial=initial,
        checksum=checksum,
        lead=words[8].strip() if len(words) > 8 else "",
    )


def _gain(name: str, text: str, index: int) -> tuple[float, int | None, str]:
    parts = _GAIN.fullmatch(text)
    if parts is None:
        raise BrokenFile(name, f"The gain of lead {index + 1} cannot be read; export the record again.")
    gain = _number(name, parts[1], f"gain of lead {index + 1}")
    return gain, None if parts[2] is None else int(parts[2]), parts[3] or ""


def _comments(lines: list[str]) -> tuple[tuple[str, ...], float | None, Sex | None]:
    codes: list[str] = []
    age: float | None = None
    sex: Sex | None = None
    for line in lines:
        found = _COMMENT.match(line)
        if found is None:
            continue
        key, text = found[1].casefold(), found[2].strip()
        if key == "dx":
            codes += [code.strip() for code in text.split(",") if code.strip() and code.strip() != "Unknown"]
        elif key == "age" and re.fullmatch(r"\d{1,3}(\.\d+)?", text):
            age = min(float(text), OLDEST)
        elif key == "sex":
            sex = "female" if text.casefold() in _FEMALE else "male" if text.casefold() in _MALE else None
    return tuple(codes), age, sex


def _whole(name: str, text: str, what: str, *, negative: bool = False) -> int:
    if not re.fullmatch(r"[-+]?\d{1,15}" if negative else r"\d{1,15}", text):
        raise BrokenFile(name, f"The {what} in the header is no whole number; export the record again.")
    return int(text)


def _number(name: str, text: str, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise BrokenFile(name, f"The {what} in the header is no number; export the record again.")
    return number
