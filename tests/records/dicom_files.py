"""DICOM waveform objects made by pydicom, with whatever is odd about one, and some that no library writes."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

RATE = 500
ECG = "1.2.840.10008.5.1.4.1.1.9.1.1"
UNDEFINED = 0xFFFFFFFF
_CODES = {"I": "2:1", "II": "2:2", "V1": "2:3"}


def made_channel(lead: str = "I", **odd: Any) -> Dataset:
    """Give a channel of 0.1 µV a count; of odd elements, None leaves one out, and code and unit are texts."""
    told = {
        "code": _CODES.get(lead, ""), "scheme": "MDC", "meaning": f"Lead {lead}", "unit": "uV",
        "ChannelSensitivity": "0.1", "ChannelSensitivityCorrectionFactor": "1", "ChannelBaseline": "0",
        "ChannelSampleSkew": "0", "WaveformBitsStored": 16, **odd,
    }  # fmt: skip
    channel, words = Dataset(), ("code", "scheme", "meaning", "unit")
    if told["code"] is not None:
        channel.ChannelSourceSequence = [_code(told["code"], told["scheme"], told["meaning"])]
    if told["unit"] is not None:
        channel.ChannelSensitivityUnitsSequence = [_code(told["unit"], "UCUM", "a unit")]
    for keyword, value in told.items():
        if keyword not in words and value is not None:
            setattr(channel, keyword, value)
    return channel


def made_group(counts: np.ndarray, channels: list[Dataset], kind: str = "<i2", **odd: Any) -> Dataset:
    """Give a waveform group of counts (channels, samples)."""
    group = Dataset()
    told = {
        "WaveformOriginality": "ORIGINAL", "NumberOfWaveformChannels": len(counts),
        "NumberOfWaveformSamples": counts.shape[1], "SamplingFrequency": str(RATE), "MultiplexGroupLabel": "RHYTHM",
        "ChannelDefinitionSequence": channels, "WaveformBitsAllocated": 8 * np.dtype(kind).itemsize,
        "WaveformSampleInterpretation": "SS", "WaveformData": counts.T.astype(kind).tobytes(), **odd,
    }  # fmt: skip
    for keyword, value in told.items():
        if value is not None:
            setattr(group, keyword, value)
    group["WaveformData"].VR = "OW"
    if "WaveformPaddingValue" in group:
        group["WaveformPaddingValue"].VR = "OW"
    return group


def made_dicom(groups: list[Dataset], syntax: str = ExplicitVRLittleEndian, kind: str = ECG, **odd: Any) -> bytes:
    """Give the bytes of an object with a person's data in it."""
    told = {"SOPClassUID": kind, "PatientName": "Nobody^Known", "PatientID": "4711", "WaveformSequence": groups, **odd}
    found = Dataset()
    for keyword, value in told.items():
        setattr(found, keyword, value)
    found.file_meta = FileMetaDataset()
    found.file_meta.TransferSyntaxUID = syntax
    found.file_meta.MediaStorageSOPClassUID = kind
    found.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    target = io.BytesIO()
    dcmwrite(target, found, enforce_file_format=True)
    return target.getvalue()


def with_body(body: bytes, syntax: str = ExplicitVRLittleEndian, kind: str = ECG) -> bytes:
    """Give a file whose data set is these bytes."""
    whole = made_dicom([], syntax, kind)
    length = struct.unpack_from("<L", whole, 140)[0]
    return whole[: 144 + length] + body


def nested(levels: int, *, is_open: bool) -> bytes:
    """Give a data set of sequences within sequences, of undefined lengths or of lengths that are said."""
    head = struct.pack("<HH2sH", 0x0040, 0xA730, b"SQ", 0)
    if is_open:
        opening = head + struct.pack("<LHHL", UNDEFINED, 0xFFFE, 0xE000, UNDEFINED)
        closing = struct.pack("<HHLHHL", 0xFFFE, 0xE00D, 0, 0xFFFE, 0xE0DD, 0)
        return opening * levels + closing * levels
    # from the inside out: each level holds 20 bytes of its own and all that are within
    return b"".join(
        head + struct.pack("<LHHL", 20 * inner + 8, 0xFFFE, 0xE000, 20 * inner) for inner in range(levels - 1, -1, -1)
    )


def deflated(body: bytes) -> bytes:
    """Give a data set as the deflated transfer syntax has it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, scheme, meaning
    return code
