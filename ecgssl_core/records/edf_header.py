"""Headers of EDF, EDF+, BDF and BDF+, parsed strictly: every number checked before anything is read on its word.

The fields are those of Kemp et al. 1992 (doi:10.1016/0013-4694(92)90009-7) and Kemp and Olivan 2003
(doi:10.1016/S1388-2457(03)00123-8); BDF is BioSemi's, with three bytes a sample.
"""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ecgssl_core.errors import BrokenFile, EmptyFile, LimitError

from .ages import years_between
from .record import Sex

FIXED, EACH = 256, 256  # bytes of the header, and beside them those of each signal
EDF, BDF = b"0       ", b"\xffBIOSEMI"
MOST_SAMPLES = 1 << 25
_WIDTHS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
_WHOLE = re.compile(r"[-+]?\d{1,8}", re.ASCII)
# an exponent of three digits would be a number no ECG needs, and slow to divide exactly
_NUMBER = re.compile(r"[-+]?(\d{1,8}\.?\d{0,8}|\.\d{1,8})([eE][-+]?\d{1,2})?", re.ASCII)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DATE = re.compile(r"(\d{1,2})-([A-Z]{3})-(\d{4})", re.ASCII)
_SEXES: dict[str, Sex] = {"F": "female", "M": "male"}


@dataclass(frozen=True, eq=False)
class EdfSignal:
    """One signal as the header describes it; two are the same only if they are one.

    label: its name, and `shown` the same fit for a sentence.
    unit: as it is spelled; empty where it is not said.
    physical, digital: lowest and highest value, as text: only those of an ECG need be numbers.
    samples: in one data record.
    offset: samples of a data record that lie before.
    """

    label: str
    shown: str
    unit: str
    physical: tuple[str, str]
    digital: tuple[str, str]
    samples: int
    offset: int

    @property
    def is_annotation(self) -> bool:
        """Whether it holds text, of which nothing is kept."""
        return self.label in ("EDF Annotations", "BDF Annotations")


@dataclass(frozen=True)
class EdfHeader:
    """What a file promises of its signals; `records` is -1 where its recorder did not say, `seconds` those of one."""

    form: str
    width: int
    records: int
    seconds: Fraction
    signals: tuple[EdfSignal, ...]
    age: float | None
    sex: Sex | None

    @property
    def start(self) -> int:
        """Bytes before the first data record."""
        return FIXED + EACH * len(self.signals)

    @property
    def record_samples(self) -> int:
        """Samples of one data record, of all signals."""
        return sum(signal.samples for signal in self.signals)


def parse_edf_header(name: str, content: bytes) -> EdfHeader:
    """Give what a header says.

    Args:
        name: of the file, for sentences.
        content: of the file.

    Raises:
        RecordError: the header is damaged, contradicts itself, or promises more than may be read.
    """
    width = 3 if content[:8] == BDF else 2
    count = edf_whole(name, _text(content, 252, 4), "number of signals")
    if count == 0:
        raise EmptyFile(name, "The header describes a recording without any signal.")
    if count < 0 or len(content) < FIXED + EACH * count:
        raise BrokenFile(name, f"The header promises {count} signals, and the file ends before it describes them.")
    if edf_whole(name, _text(content, 184, 8), "length of the header") != FIXED + EACH * count:
        raise BrokenFile(name, "The header's length does not fit its number of signals; export it again.")
    records = edf_whole(name, _text(content, 236, 8), "number of data records")
    if records < -1 or records == 0:
        raise BrokenFile(name, f"The header promises {records} data records; export it again.")
    kind = _text(content, 192, 44)[:5]
    is_plus = kind in ("EDF+C", "EDF+D", "BDF+C", "BDF+D")
    age, sex = _person(_text(content, 8, 80), _text(content, 88, 80)) if is_plus else (None, None)
    signals = _signals(name, content, count)
    seconds = _seconds(name, _text(content, 244, 8), signals)
    return EdfHeader(kind if is_plus else "EDF" if width == 2 else "BDF", width, records, seconds, signals, age, sex)


def edf_whole(name: str, text: str, what: str) -> int:
    """Give a field that is a whole number.

    Raises:
        BrokenFile: it is none.
    """
    if not _WHOLE.fullmatch(text):
        raise BrokenFile(name, f"The {what} in the header is no whole number; export it again.")
    return int(text)


def edf_number(name: str, text: str, what: str) -> Fraction:
    """Give a field that is a number, exactly.

    Raises:
        BrokenFile: it is none.
    """
    if not _NUMBER.fullmatch(text):
        raise BrokenFile(name, f"The {what} in the header is no number; export it again.")
    return Fraction(text)


def _text(content: bytes, start: int, length: int) -> str:
    field = content[start : start + length]
    try:
        text = field.decode("utf-8")
    except UnicodeDecodeError:
        text = field.decode("latin-1")  # the micro sign as one byte
    return text.strip(" \0")


def _signals(name: str, content: bytes, count: int) -> tuple[EdfSignal, ...]:
    """Give the signals, whose fields lie by kind: all labels, then all transducers, and so on."""
    columns, start = [], FIXED
    for width in _WIDTHS:
        columns.append([_text(content, start + width * at, width) for at in range(count)])
        start += width * count
    labels, _, units, lowest, highest, first, last, _, samples, _ = columns
    signals, offset = [], 0
    for at, label in enumerate(labels):
        shown = label if label.isprintable() and label else f"number {at + 1}"
        each = edf_whole(name, samples[at], f"number of samples of channel {shown}")
        if each <= 0:
            raise BrokenFile(name, f"Channel {shown} has {each} samples a data record; export it again.")
        if each > MOST_SAMPLES:
            raise LimitError(name, f"Channel {shown} has {each} samples a data record; cut it into shorter ones.")
        physical, digital = (lowest[at], highest[at]), (first[at], last[at])
        signals.append(EdfSignal(label, shown, units[at], physical, digital, each, offset))
        offset += each
    return tuple(signals)


def _seconds(name: str, text: str, signals: tuple[EdfSignal, ...]) -> Fraction:
    seconds = edf_number(name, text, "length of a data record")
    if all(signal.is_annotation for signal in signals):
        raise EmptyFile(name, "The file holds annotations and no signal; give the file with the ECG.")
    if seconds <= 0:
        raise BrokenFile(name, f"A data record is said to last {float(seconds):g} s; export it again.")
    return seconds


def _person(patient: str, recording: str) -> tuple[float | None, Sex | None]:
    """Give age and sex, all that is kept of what EDF+ says of a person: `code sex birthdate name`."""
    fields = patient.split()
    sex = _SEXES.get(fields[1].upper()) if len(fields) > 1 else None
    born = _date(fields[2]) if len(fields) > 2 else None
    words = recording.split()
    day = _date(words[1]) if len(words) > 1 and words[0] == "Startdate" else None
    return (years_between(born, day) if born and day else None), sex


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text.upper())
    if found is None or found[2] not in _MONTHS:
        return None
    try:
        return date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))
    except ValueError:
        return None
