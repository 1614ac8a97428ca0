"""WFDB records: a header and its signal files, all from one uploaded set."""

import math
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, LeadUnknown, PartialFile, UnitUnknown, UnknownFormat
from ecgssl_core.records.record import Issue, Record
from ecgssl_core.records.units import millivolts
from ecgssl_core.records.wfdb_header import BYTES, GAINS, Header, SignalLine, parse_header
from ecgssl_core.signals.leads import canonical_lead

NAME = "WFDB"
_HEAD = 256  # bytes that show what a file is
_SHOWN = 60  # characters of a record's name
# the count that stands for a missing sample
_BITS = {8: 8, 16: 16, 24: 24, 32: 32, 80: 8, 160: 16, 212: 12, 310: 10, 311: 10}
_INTEGERS = {16: "<i2", 32: "<i4"}
_INVALID = {form: -(1 << bits - 1) for form, bits in _BITS.items()}


def takes(name: str, content: bytes) -> bool:
    """Say whether a file is a WFDB header: its first line names a record, leads and a rate."""
    words = content[:_HEAD].split(b"\n")[0].split()
    is_text = all(32 <= byte < 127 or byte in b"\t\r\n" for byte in content[:_HEAD])
    return name.endswith(".hea") or (is_text and len(words) >= 3 and words[1].isdigit())


def needs(name: str, content: bytes) -> tuple[str, ...]:
    """Give the names of the signal files of a header.

    Raises:
        RecordError: the header is not fit to be read.
    """
    return tuple(dict.fromkeys(signal.file for signal in parse_header(name, content).signals))


def read(name: str, files: Mapping[str, bytes]) -> Record:
    """Read the record of a header.

    Args:
        name: the header's, among the files.
        files: the whole uploaded set, by name; no other file is opened.

    Raises:
        RecordError: the record is damaged, incomplete, or does not say its units, leads or rate.
    """
    header = parse_header(name, files[name])
    for signal in header.signals:
        if signal.file not in files:
            raise PartialFile(name, f"The signal file {signal.file} is missing; give it together with the header.")
    samples = _samples(name, header, files)
    scales = [_scale(name, signal) for signal in header.signals]
    counts = _decoded(name, header, files, samples)
    _check_sums(name, header, counts)
    rows = zip(counts, header.signals, scales, strict=True)
    millivolt_rows = np.stack([_scaled(row, line, scale) for row, line, scale in rows])
    leads = _leads(name, header)
    form = f"WFDB {'16+24' if header.signals[0].offset == 24 else header.signals[0].format}"  # 24: MATLAB 4 header
    return Record(
        name=header.name[:_SHOWN],
        signal=millivolt_rows.astype(np.float32),
        rate=header.rate,
        leads=leads,
        units=dict(zip(leads, ("file" if line.unit else "guessed" for line in header.signals), strict=True)),
        lsb_mv=tuple(abs(scale) for scale in scales),
        age=header.age,
        sex=header.sex,
        format=form,
        codes=header.codes,
        issues=_issues(header, leads),
    )


def _samples(name: str, header: Header, files: Mapping[str, bytes]) -> int:
    """Give the samples a lead that the files really hold; an allocation is paid for by bytes that exist."""
    lengths = []
    for file in dict.fromkeys(signal.file for signal in header.signals):
        signals = [signal for signal in header.signals if signal.file == file]
        form = signals[0].format
        if any(signal.format != form for signal in signals):
            raise BrokenFile(name, f"The leads in {file} are said to be stored in different forms; export it again.")
        if form in BYTES:
            bytes_a_frame = BYTES[form] * sum(signal.frame for signal in signals)
            lengths.append(int((len(files[file]) - signals[0].offset) / bytes_a_frame))
    promised = header.samples if header.samples is not None else min(lengths, default=0)
    if promised <= 0:
        raise BrokenFile(name, "The record holds no sample; export it again.")
    if min(lengths, default=promised) < promised:
        held = max(min(lengths), 0)
        raise BrokenFile(name, f"The header promises {promised} samples, the file holds {held}; copy it again.")
    return promised


def _scale(name: str, signal: SignalLine) -> float:
    """Give one count in mV."""
    if signal.gain == 0:
        raise UnitUnknown(name, f"The file does not say in which unit lead {signal.lead} is; export it with its gain.")
    unit = millivolts(signal.unit or "mV")  # the format's own default; the record then says it is a guess
    if unit is None:
        raise UnitUnknown(name, f"The unit of lead {signal.lead} is no unit of voltage; export it in mV.")
    if not GAINS[0] <= abs(signal.gain) / unit <= GAINS[1]:
        raise BrokenFile(name, f"The gain of lead {signal.lead} is impossible for an ECG; export the record again.")
    return unit / signal.gain


def _decoded(name: str, header: Header, files: Mapping[str, bytes], samples: int) -> NDArray[np.int64]:
    """Give the counts (leads, samples), decoded by wfdb, which reads from disk only: from a private copy.

    Interleaved integers, what nearly all records are, need no decoder: wfdb's header alone takes 25 ms.
    """
    first = header.signals[0]
    if first.format in _INTEGERS and all(
        (line.file, line.format, line.frame, line.skew, line.offset) == (first.file, first.format, 1, 0, first.offset)
        for line in header.signals
    ):
        flat = np.frombuffer(files[first.file], _INTEGERS[first.format], samples * len(header.signals), first.offset)
        return flat.reshape(samples, -1).T.astype(np.int64)
    import wfdb  # takes as long as all else here together, and only the reading process needs it

    with tempfile.TemporaryDirectory(prefix="ecgwb-") as folder:
        for file in {signal.file for signal in header.signals}:
            (Path(folder) / file).write_bytes(files[file])
        (Path(folder) / "record.hea").write_text(_rewritten(header, samples))
        try:
            record: Any = wfdb.rdrecord(str(Path(folder) / "record"), physical=False, return_res=32)
        except (ValueError, IndexError, KeyError, TypeError, EOFError, RuntimeError, OSError) as error:
            raise BrokenFile(name, "The signal file is damaged; copy or export it again.") from error
    counts: NDArray[np.int64] = np.asarray(record.d_signal, dtype=np.int64).T
    if counts.shape != (len(header.signals), samples):
        raise BrokenFile(name, f"The signal file gives {counts.shape[1]} samples, not {samples}; export it again.")
    return counts


def _rewritten(header: Header, samples: int) -> str:
    """Give a header of our own words, of which wfdb needs names, forms and lengths only."""
    lines = [f"record {len(header.signals)} {header.rate:g} {samples}"]
    for signal in header.signals:
        frame = f"x{signal.frame}" if signal.frame > 1 else ""
        skew = f":{signal.skew}" if signal.skew else ""
        offset = f"+{signal.offset}" if signal.offset else ""
        lines.append(f"{signal.file} {signal.format}{frame}{skew}{offset} 200/mV 16 0 0 0 0 lead")
    return "\n".join(lines) + "\n"


def _check_sums(name: str, header: Header, counts: NDArray[np.int64]) -> None:
    for row, signal in zip(counts, header.signals, strict=True):
        if signal.checksum is not None and signal.frame == 1 and not signal.skew and header.samples is not None:
            found = int(row.sum()) & 0xFFFF
            if found != signal.checksum & 0xFFFF:
                told = f"Lead {signal.lead}: the samples do not add up to the header's checksum; copy it again."
                raise BrokenFile(name, told)


def _scaled(row: NDArray[np.int64], signal: SignalLine, scale: float) -> NDArray[np.float64]:
    values = (row - signal.baseline) * scale
    return np.where(row == _INVALID.get(signal.format, math.nan), math.nan, values)


def _leads(name: str, header: Header) -> tuple[str, ...]:
    leads = _numbered([canonical_lead(signal.lead) or signal.lead or "?" for signal in header.signals])
    twice = next((lead for lead in leads if leads.count(lead) > 1), None)
    if twice is not None:
        raise LeadUnknown(name, f"Two leads are called {twice}; export the record with each lead's own name.")
    if not all(lead.isprintable() and len(lead) <= _SHOWN for lead in leads):
        raise UnknownFormat(name, "A lead's name is no text; export the record again.")
    return leads


def _numbered(names: list[str]) -> tuple[str, ...]:
    """Give names in which no unknown lead is like another: two called ECG become ECG 1 and ECG 2."""
    return tuple(
        name if canonical_lead(name) or names.count(name) == 1 else f"{name} {names[: at + 1].count(name)}"
        for at, name in enumerate(names)
    )


def _issues(header: Header, leads: tuple[str, ...]) -> tuple[Issue, ...]:
    issues = [
        Issue("QUAL", lead, "block", f"Lead {lead} is stored upside down (negative gain).", "Check the export.")
        for lead, signal in zip(leads, header.signals, strict=True)
        if signal.gain < 0
    ]
    unsaid = next((lead for lead, line in zip(leads, header.signals, strict=True) if not line.unit), None)
    if unsaid is not None:
        sentence = f"The file does not say in which unit lead {unsaid} is; drawn as if in mV."
        issues.append(Issue("ASK-UNIT", unsaid, "block", sentence, "Export the record with its unit."))
    if not any(canonical_lead(lead) for lead in leads):
        issues.append(
            Issue("ASK-LEAD", None, "block", "The file does not say which lead this is.", "Name it in the header.")
        )
    return tuple(issues)
