"""Checks of what a file may have done to an ECG: byte order, units of single leads, sampling rate, printed layout."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .record import Issue, Record

_ROUGH, _SMOOTHER = 0.4, 0.5
_UNIT_RATIO = 100.0
_OFFSET_MV = 5.0
_LOWEST_HZ = 100.0
_BASELINE = "Check the baseline of this lead in the file."
_WITHIN = 0.002
_USUAL_HZ = (100, 120, 125, 128, 150, 180, 200, 240, 250, 256, 257, 300, 320, 360, 400, 480, 500, 512, 600, 720, 750,
             800, 960, 977, 1000, 1024, 1200, 1250, 2000, 2048, 4000, 4096, 5000, 8000, 10000)  # fmt: skip
_PRINTED_SHARE, _PRINTED_GROUPS, _PRINTED_OVERLAP = 0.4, 3, 0.05


def check_file(record: Record) -> Iterator[Issue]:
    """Give what a record shows of the way that its file was written or read.

    - bytes: neighbouring samples differ by 0.4 of what the leads vary, and with swapped bytes by less than half of that
      (block; true ECGs stay below 0.25);
    - units: one lead is a hundred times as large or as small as the others, and not flat (block);
    - offset: the median of a lead lies beyond ±5 mV (note);
    - rate: below 100 samples a second (warn), or one that no recorder is known to have (note);
    - layout: three groups of leads or more, each silent while the others speak: a printed 3×4 sheet (block).
    """
    signal = np.nan_to_num(record.signal)
    if _is_swapped(signal, record):
        sentence = "The samples look as if their bytes were in the wrong order."
        yield Issue("BROKEN", None, "block", sentence, "Export the record again, or check the format in the header.")
    yield from _units(signal, record)
    yield from _rate(record.rate)
    if _is_printed(record):
        sentence = "The leads follow one another in time, as on a printed 3×4 sheet; they must be recorded together."
        yield Issue("ASK-LEAD", None, "block", sentence, "Export the ten seconds of all leads.")


def _is_swapped(signal: NDArray[np.float32], record: Record) -> bool:
    roughness = _roughness(signal)
    if not roughness > _ROUGH:
        return False
    counts = np.rint(signal / np.array(record.lsb_mv)[:, None])
    whole = np.iinfo(np.int16)
    if counts.min() < whole.min or counts.max() > whole.max:
        return False
    swapped = counts.astype(np.int16).byteswap().astype(np.float32)
    return _roughness(swapped) < _SMOOTHER * roughness


def _roughness(signal: NDArray[np.float32]) -> float:
    """Give the median over leads of the spread of differences, in units of the spread; √2 for white noise."""
    spread = signal.std(axis=1)
    live = spread > 0
    return float(np.median(np.diff(signal[live], axis=1).std(axis=1) / spread[live])) if live.any() else 0.0


def _units(signal: NDArray[np.float32], record: Record) -> Iterator[Issue]:
    spread = signal.std(axis=1)
    live = spread > np.array(record.lsb_mv)
    usual = float(np.median(spread[live])) if live.sum() > 1 else 0.0
    for row, lead in enumerate(record.leads):
        if live[row] and usual > 0 and not 1 / _UNIT_RATIO < spread[row] / usual < _UNIT_RATIO:
            sentence = f"Lead {lead} is {spread[row] / usual:.2g} times as large as the others."
            yield Issue("ASK-UNIT", lead, "block", sentence, "Check the unit and the gain of this lead in the file.")
        offset = float(np.median(signal[row]))
        if abs(offset) > _OFFSET_MV:
            yield Issue("QUAL", lead, "note", f"Lead {lead}: it lies {offset:.1f} mV from zero.", _BASELINE)


def _rate(rate: float) -> Iterator[Issue]:
    if rate < _LOWEST_HZ:
        sentence = f"With {rate:g} samples a second the shape of the beats is lost."
        yield Issue("ASK-RATE", None, "warn", sentence, "Record or export at 250 a second or more.")
    elif min(abs(rate / usual - 1) for usual in _USUAL_HZ) > _WITHIN:
        sentence = f"{rate:g} samples a second is no usual rate."
        yield Issue("ASK-RATE", None, "note", sentence, "Check the sampling rate in the file.")


def _is_printed(record: Record) -> bool:
    """Say whether leads come in groups that are present at different times."""
    if len(record.leads) < _PRINTED_GROUPS:
        return False
    spans = [_present(lead, record.rate) for lead in record.signal]
    short = [span for span in spans if span is not None and span[1] - span[0] <= _PRINTED_SHARE]
    if len(short) < len(record.leads) / 2:
        return False
    groups: list[tuple[float, float]] = []
    for span in sorted(short):
        if not groups or span[0] >= groups[-1][1] - _PRINTED_OVERLAP:
            groups.append(span)
    return len(groups) >= _PRINTED_GROUPS


def _present(lead: NDArray[np.float32], rate: float) -> tuple[float, float] | None:
    """Give the stretch, as shares of the record, outside which a lead is missing or does not move."""
    known = np.nan_to_num(lead)
    block = max(int(0.1 * rate), 1)
    blocks = known[: len(known) // block * block].reshape(-1, block)
    moving = np.flatnonzero(np.ptp(blocks, axis=1) > 0)
    return (moving[0] / len(blocks), (moving[-1] + 1) / len(blocks)) if len(moving) else None
