"""The waveform groups of a DICOM object, as plain values: all that its library might stumble over is taken here."""

import io
import struct
import warnings
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ecgssl_core.errors import BrokenFile, EmptyFile

from .ages import years_between
from .dicom_structure import Body, elements
from .record import Sex

_CHARACTERS, _CLASS, _ACQUIRED, _WAVEFORMS = 0x00080005, 0x00080016, 0x0008002A, 0x54000100
_STUDY, _CONTENT, _ACQUISITION = 0x00080020, 0x00080023, 0x00080022
_BORN, _SEX, _AGE = 0x00100030, 0x00100040, 0x00101010
_DAYS = ("AcquisitionDateTime", "AcquisitionDate", "ContentDate", "StudyDate")
WANTED = frozenset(
    (_CHARACTERS, _CLASS, _ACQUIRED, _WAVEFORMS, _STUDY, _CONTENT, _ACQUISITION, _BORN, _SEX, _AGE)
)  # fmt: skip
_YEARS = {"Y": 1.0, "M": 1 / 12, "W": 7 / 365.25, "D": 1 / 365.25}
_SEXES: dict[str, Sex] = {"F": "female", "M": "male"}
# whatever a library may raise over values that are not what their kind promises
_STUMBLES = (AttributeError, LookupError, TypeError, ValueError, OSError, EOFError, ArithmeticError, RuntimeError)


@dataclass(frozen=True)
class WaveChannel:
    """One channel as the file describes it; None and empty text where it does not say."""

    code: str
    scheme: str
    meaning: str
    label: str
    status: tuple[str, ...]
    sensitivity: float | None
    unit: str | None
    correction: float | None
    baseline: float | None
    sample_skew: float
    time_skew: float
    bits: int | None


@dataclass(frozen=True, eq=False)
class WaveGroup:
    """Channels that were sampled together; `content` are their samples, still as bytes in the order of `is_little`."""

    label: str
    originality: str
    rate: float | None
    samples: int
    count: int
    bits: int
    form: str
    padding: bytes
    content: bytes
    channels: tuple[WaveChannel, ...]
    is_little: bool

    @property
    def seconds(self) -> float:
        """Length of the group; 0 where the rate is not said."""
        return self.samples / self.rate if self.rate else 0.0


@dataclass(frozen=True)
class Waves:
    """What is read of a DICOM object."""

    kind: str
    groups: tuple[WaveGroup, ...]
    age: float | None
    sex: Sex | None


def waves(name: str, body: Body) -> Waves:
    """Give the waveforms of a data set; pydicom decodes its values, from the few elements that are wanted.

    Raises:
        RecordError: the data set is damaged, or holds no waveform.
    """
    content = elements(name, body, WANTED)
    # slow to load: only the reading process needs it
    from pydicom.config import disable_value_validation
    from pydicom.errors import BytesLengthException
    from pydicom.filereader import read_dataset

    try:
        # its words on values quote the file; what is used of them is checked by the reader
        with warnings.catch_warnings(), disable_value_validation():
            warnings.simplefilter("ignore")
            found = read_dataset(io.BytesIO(content), body.is_implicit, body.is_little)
            groups = tuple(_group(item, body.is_little) for item in found.get("WaveformSequence") or ())
            read = Waves(_text(found, "SOPClassUID") or body.kind, groups, _age(found), _sex(found))
    except (*_STUMBLES, struct.error, BytesLengthException) as error:
        raise BrokenFile(name, "A value of the waveform cannot be read; copy or export the file again.") from error
    if not read.groups:
        raise EmptyFile(name, "The DICOM object holds no waveform; give one with an ECG.")
    return read


def _group(item: Any, is_little: bool) -> WaveGroup:
    padding = item.get("WaveformPaddingValue")
    return WaveGroup(
        label=_text(item, "MultiplexGroupLabel"),
        originality=_text(item, "WaveformOriginality"),
        rate=_number(item, "SamplingFrequency"),
        samples=int(item.NumberOfWaveformSamples),
        count=int(item.NumberOfWaveformChannels),
        bits=int(item.WaveformBitsAllocated),
        form=_text(item, "WaveformSampleInterpretation"),
        padding=padding if isinstance(padding, bytes) else b"",
        content=bytes(item.get("WaveformData") or b""),
        channels=tuple(_channel(each) for each in item.get("ChannelDefinitionSequence") or ()),
        is_little=is_little,
    )


def _channel(item: Any) -> WaveChannel:
    source = (item.get("ChannelSourceSequence") or [{}])[0]
    unit = (item.get("ChannelSensitivityUnitsSequence") or [{}])[0]
    status, bits = item.get("ChannelStatus"), item.get("WaveformBitsStored")
    return WaveChannel(
        code=_text(source, "CodeValue"),
        scheme=_text(source, "CodingSchemeDesignator"),
        meaning=_text(source, "CodeMeaning"),
        label=_text(item, "ChannelLabel"),
        status=(status,) if isinstance(status, str) else tuple(str(each) for each in status or ()),
        sensitivity=_number(item, "ChannelSensitivity"),
        unit=_text(unit, "CodeValue") or None,
        correction=_number(item, "ChannelSensitivityCorrectionFactor"),
        baseline=_number(item, "ChannelBaseline"),
        sample_skew=_number(item, "ChannelSampleSkew") or 0.0,
        time_skew=_number(item, "ChannelTimeSkew") or 0.0,
        bits=None if bits is None else int(bits),
    )


def _text(item: Any, keyword: str) -> str:
    value = item.get(keyword)
    return "" if value is None else str(value).strip(" \0")


def _number(item: Any, keyword: str) -> float | None:
    value = item.get(keyword)
    return None if value is None or value == "" else float(value)


def _sex(found: Any) -> Sex | None:
    return _SEXES.get(_text(found, "PatientSex").upper())


def _age(found: Any) -> float | None:
    """Give the age that is said, else that of the birth date at the day of the recording."""
    said = _text(found, "PatientAge").upper()
    if len(said) == 4 and said[:3].isdecimal() and said[3] in _YEARS:
        return int(said[:3]) * _YEARS[said[3]]
    born = _day(_text(found, "PatientBirthDate"))
    day = next((day for day in (_day(_text(found, keyword)) for keyword in _DAYS) if day), None)
    return years_between(born, day) if born and day else None


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text[:8], "%Y%m%d").date()
    except ValueError:
        return None
