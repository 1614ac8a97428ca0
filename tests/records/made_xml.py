"""Small XML files of three vendors' forms, made in memory from any counts, and whatever is odd about them."""

import base64
import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from ecgssl_core.signals.leads import LEADS

MUSE_LEADS = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
MUSE_DOCTYPE = '<!DOCTYPE RestingECG SYSTEM "restecg.dtd">'


def eight(samples: int = 600) -> np.ndarray:
    """Give eight independent leads of counts, (8, samples)."""
    chance = np.random.default_rng(3)
    return np.rint(np.cumsum(chance.normal(size=(8, samples)), axis=1) * 6).astype(np.int64)


def twelve(samples: int = 600) -> np.ndarray:
    """Give twelve leads of counts, (12, samples), the limb leads as a machine computes them."""
    free = eight(samples)
    one, two = free[0], free[1]
    three = two - one
    limb = [one, two, three, -((one + two) // 2), (one - three) // 2, (two + three) // 2]
    return np.stack([*limb, *free[2:]])


def muse(
    rows: np.ndarray | None = None, odd: Mapping[str, str] | None = None, head: str = MUSE_DOCTYPE,
    patient: str = "", kind: str = "Rhythm", leads: Sequence[str] = MUSE_LEADS, odd_lead: int = 1,
) -> bytes:  # fmt: skip
    """Give a MUSE export; `odd` replaces fields of one lead, or of the strip, and removes them where it is empty."""
    rows, odd = (eight() if rows is None else rows), dict(odd or {})
    strip = {"WaveformType": kind, "NumberofLeads": str(len(rows)), "SampleBase": "500", "SampleExponent": "0"}
    strip = {name: odd.get(name, value) for name, value in strip.items()}
    parts = []
    for at, (lead, row) in enumerate(zip(leads, rows, strict=True)):
        content = row.astype("<i2").tobytes()
        fields = {
            "LeadByteCountTotal": str(len(content)), "LeadSampleCountTotal": str(len(row)), "LeadTimeOffset": "0",
            "LeadAmplitudeUnitsPerBit": "4.88", "LeadAmplitudeUnits": "MICROVOLTS", "LeadID": lead,
            "LeadSampleSize": "2", "LeadOffsetFirstSample": "0", "FirstSampleBaseline": "0", "LeadOff": "FALSE",
            "LeadDataCRC32": str(zlib.crc32(content)), "WaveFormData": base64.b64encode(content).decode(),
        }  # fmt: skip
        parts.append(_element("LeadData", fields | (odd if at == odd_lead else {})))
    median = "<Waveform><WaveformType>Median</WaveformType></Waveform>"
    text = f"<MuseInfo><MuseVersion>9.0.7</MuseVersion></MuseInfo><PatientDemographics>{patient}</PatientDemographics>"
    waveform = "<Waveform>" + "".join(_fields(strip)) + "".join(parts) + "</Waveform>"
    return (
        f'<?xml version="1.0" encoding="ISO-8859-1"?>{head}<RestingECG>{text}{median}{waveform}</RestingECG>'.encode()
    )


def aecg(
    rows: np.ndarray | None = None, scale: str = '<scale value="2.5" unit="uV"/>', origin: str = "",
    increment: str = '<increment value="0.002" unit="s"/>', codes: Sequence[str] = LEADS, person: str = "",
    series: str = "RHYTHM", stated: str = "", head: str = "", more: str = "",
) -> bytes:  # fmt: skip
    """Give an annotated ECG of one series."""
    rows = twelve() if rows is None else rows
    sequences = [f'<code code="TIME_ABSOLUTE"/><value type="GLIST_TS"><head value="20200101"/>{increment}</value>']
    for code, row in zip(codes, rows, strict=True):
        digits = row if isinstance(row, str) else " ".join(map(str, row))
        value = f'<value type="SLIST_PQ">{origin}{scale}<digits>{digits}</digits></value>'
        sequences.append(f'<code code="MDC_ECG_LEAD_{code}"/>{value}')
    inner = "".join(f"<component><sequence>{each}</sequence></component>" for each in sequences)
    nest = ("componentOf", "timepointEvent", "componentOf", "subjectAssignment", "subject", "trialSubject")
    subject = f"<subjectDemographicPerson>{person}</subjectDemographicPerson>"
    for name in reversed(nest):
        subject = f"<{name}>{subject}</{name}>"
    body = (
        f'<component><series><code code="{series}"/>{stated}<component><sequenceSet>{inner}</sequenceSet></component>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<AnnotatedECG xmlns="urn:hl7-org:v3">'
        f'<effectiveTime><low value="20200615120000"/></effectiveTime>{subject}'
        f"{body}</series></component>{more}</AnnotatedECG>"
    ).encode()


def philips(
    rows: np.ndarray | None = None, odd: Mapping[str, str] | None = None, version: str = "1.04",
    packed: bytes | None = None, patient: str = "", head: str = "", compressed: bool = True,
) -> bytes:  # fmt: skip
    """Give a Philips export; `odd` replaces attributes of its waveforms, and removes them where it is empty."""
    rows = twelve() if rows is None else rows
    plain = rows.astype("<i2").tobytes()
    content = packed if packed is not None else xli(rows) if compressed else plain
    attributes = {
        "dataencoding": "Base64", "compression": "XLI" if compressed else "Uncompressed", "numberofleads": "12",
        "leadlabels": " ".join(LEADS), "durationperchannel": str(2 * rows.shape[1]), "samplespersecond": "500",
        "resolution": "5", "signaloffset": "0", "signalsigned": "True", "bitspersample": "16",
    }  # fmt: skip
    said = " ".join(f'{name}="{value}"' for name, value in (attributes | dict(odd or {})).items() if value)
    data = f"<waveforms><parsedwaveforms {said}>{base64.b64encode(content).decode()}</parsedwaveforms></waveforms>"
    info = f"<documentinfo><documentversion>{version}</documentversion></documentinfo>"
    person = f"<patient><generalpatientdata>{patient}</generalpatientdata></patient>"
    when = '<dataacquisition date="2020-06-15"/>'
    xml = f'<restingecgdata xmlns="http://www3.medical.philips.com">{info}{when}{person}{data}</restingecgdata>'
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}{xml}'.encode()


def xli(rows: np.ndarray, limb: bool = True) -> bytes:
    """Give rows, (leads, samples), as Philips compresses them; the limb leads as differences from I and II."""
    stored = rows.astype(np.int64)
    if limb:
        one, two, three = stored[0], stored[1], stored[2]
        told = [two - one, -((one + two) // 2), (one - three) // 2, (two + three) // 2]
        stored = np.concatenate([stored[:2], np.stack(told) - stored[2:6], stored[6:]])
    blocks = []
    for row in stored:
        slopes = np.diff(row, n=2)
        codes = np.concatenate([row[:2], 64 - slopes[1:], [64]])[: len(row)]
        words = codes & 0xFFFF  # differences of sixteen-bit numbers need seventeen, and are stored in sixteen
        block = _lzw((words >> 8).astype(np.uint8).tobytes() + (words & 255).astype(np.uint8).tobytes())
        start = int(-slopes[:1].sum() & 0xFFFF).to_bytes(2, "little")
        blocks.append(len(block).to_bytes(4, "little") + b"\1\0" + start + block)
    return b"".join(blocks)


def _lzw(content: bytes) -> bytes:
    table = {bytes((value,)): value for value in range(256)}
    codes, word = [], b""
    for value in content:
        longer = word + bytes((value,))
        if longer in table:
            word = longer
            continue
        codes.append(table[word])
        if len(table) < 1023:
            table[longer] = len(table)
        word = bytes((value,))
    bits = "".join(f"{code:010b}" for code in [*codes, table[word], 1023])
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _fields(values: Mapping[str, str]) -> list[str]:
    return [f"<{name}>{value}</{name}>" for name, value in values.items() if value]


def _element(name: str, values: Mapping[str, str]) -> str:
    return f"<{name}>{''.join(_fields(values))}</{name}>"
