"""The signals of one WFDB header: counts decoded from the files that it names, checked, and brought to its units."""

import math
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, PartialFile

from .assemble import name_of, said
from .draft import Channel, Draft
from .mat_file import read_matrices, version_of
from .record import Issue
from .wfdb_header import BYTES, Header, SignalLine

# the count that stands for a missing sample
_BITS = {8: 8, 16: 16, 24: 24, 32: 32, 80: 8, 160: 16, 212: 12, 310: 10, 311: 10}
_DIFFERENCES, _MOST_INITIAL = 8, 1 << 24
_INTEGERS = {16: "<i2", 32: "<i4"}
_INVALID = {form: -(1 << bits - 1) for form, bits in _BITS.items()}


def read_signals(name: str, header: Header, files: Mapping[str, bytes]) -> Draft:
    """Give the ECG that one header describes.

    A signal file that ends early is read as far as it goes, with an issue that forbids predictions.

    Args:
        name: of the header's file, for sentences.
        header: what it says.
        files: the whole uploaded set, by name; no other file is opened.

    Raises:
        RecordError: a file is missing or damaged, or contradicts the header.
    """
    for signal in header.signals:
        if signal.format == _DIFFERENCES and abs(signal.initial) > _MOST_INITIAL:
            raise BrokenFile(
                name, f"Lead {said(signal.lead)} begins at a count that no recorder gives; export it again."
            )
        if signal.file not in files:
            raise PartialFile(name, f"The signal file {signal.file} is missing; give it together with the header.")
    matrix = _matrix(name, header, files)
    samples = _samples(name, header, files) if matrix is None else matrix.shape[1]
    promised = header.samples
    issues = [*_turned(header)]
    if promised is not None and samples < promised:
        told = f"The header promises {promised} samples, the file holds {samples}; only those are shown."
        issues.append(Issue("PART", None, "block", told, "Copy the files again."))
        header = replace(header, samples=None)
    counts = _decoded(name, header, files, samples) if matrix is None else matrix
    _check_sums(name, header, counts)
    kinds = {signal.format for signal in header.signals}
    form = f"WFDB {kinds.pop()}" if len(kinds) == 1 else "WFDB, several formats"
    form += "+24" if header.signals[0].offset == 24 else ""  # the head of a MATLAB 4 file
    form = form if matrix is None else "WFDB, MATLAB 5"
    channels = tuple(_channel(row, line) for row, line in zip(counts, header.signals, strict=True))
    return Draft(header.name, form, header.rate, channels, header.age, header.sex, header.codes, tuple(issues))


def _matrix(name: str, header: Header, files: Mapping[str, bytes]) -> NDArray[np.int64] | None:
    """Give the counts (leads, samples) of a MATLAB 5 file, whose compressed bytes no header can describe."""
    file = header.signals[0].file
    if version_of(files[file]) != 5:
        return None
    leads = len(header.signals)
    found = [one for one in read_matrices(file, files[file]).values() if leads in one.shape and one.dtype.kind in "iuf"]
    if len(found) != 1 or any(signal.file != file for signal in header.signals):
        raise BrokenFile(name, f"The MATLAB file {file} does not hold one matrix of {leads} leads; export it again.")
    matrix = found[0] if found[0].shape[0] == leads else found[0].T
    if not np.isfinite(matrix).all() or np.abs(matrix.astype(np.float64)).max(initial=0) >= 2**31:
        raise BrokenFile(name, f"The MATLAB file {file} holds numbers that are no counts; export it again.")
    return np.rint(matrix).astype(np.int64)[:, : header.samples]


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
    held = min(promised, *lengths) if lengths else promised
    if held <= 0:
        raise BrokenFile(name, f"The header promises {promised} samples, the file holds none; copy it again.")
    return held


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
    """Give a header of our own words, of which wfdb needs names, forms, lengths and initial values only."""
    lines = [f"record {len(header.signals)} {header.rate:g} {samples}"]
    for signal in header.signals:
        frame = f"x{signal.frame}" if signal.frame > 1 else ""
        skew = f":{signal.skew}" if signal.skew else ""
        offset = f"+{signal.offset}" if signal.offset else ""
        initial = signal.initial if signal.format == _DIFFERENCES else 0  # all others hold the samples themselves
        lines.append(f"{signal.file} {signal.format}{frame}{skew}{offset} 200/mV 16 0 {initial} 0 0 lead")
    return "\n".join(lines) + "\n"


def _check_sums(name: str, header: Header, counts: NDArray[np.int64]) -> None:
    for row, signal in zip(counts, header.signals, strict=True):
        if signal.checksum is not None and signal.frame == 1 and not signal.skew and header.samples is not None:
            found = int(row.sum()) & 0xFFFF
            if found != signal.checksum & 0xFFFF:
                told = f"Lead {said(signal.lead)}: the samples do not add up to the header's checksum; copy it again."
                raise BrokenFile(name, told)


def _channel(row: NDArray[np.int64], line: SignalLine) -> Channel:
    """Give the samples in the header's unit; where it gives no gain, the counts themselves."""
    invalid = row == _INVALID.get(line.format, math.nan)
    values = np.where(invalid, math.nan, (row - line.baseline) / (line.gain or 1.0))
    unit = (line.unit or None) if line.gain else None
    return Channel(line.lead, values, unit, abs(1 / (line.gain or 1.0)))


def _turned(header: Header) -> tuple[Issue, ...]:
    turned = [name_of(line.lead) for line in header.signals if line.gain < 0]
    return tuple(
        Issue("QUAL", lead, "block", f"Lead {said(lead)} is stored upside down (negative gain).", "Check the export.")
        for lead in turned
    )
