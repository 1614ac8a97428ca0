"""The calibration pulse that some machines store before or behind an ECG: found, left out, and used as a witness."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .draft import Channel
from .record import Issue
from .units import millivolts

PULSE_S = (0.05, 0.5)  # length of its plateau; machines give 0.2 s
HEIGHT_MV, TOLERANCE = 1.0, 0.05
_SAME = 2.5  # steps by which leads may differ where all carry the same pulse


def without_pulse(channels: tuple[Channel, ...], rate: float | None) -> tuple[tuple[Channel, ...], tuple[Issue, ...]]:
    """Give the channels without a calibration pulse at an end, and what is to be said of it.

    A pulse is a stretch at the beginning or the end in which all leads are alike and lie on two levels, the higher one
    for 0.05 to 0.5 s. Philips stores one behind each ECG (5,500 samples instead of 5,000; BRAVEHEART issue 5). It
    belongs to no heart, and breaks Einthoven's law between the limb leads. Its height, 1 mV, proves the gain.

    Args:
        channels: of one length.
        rate: samples a second; without one nothing is looked for.
    """
    if rate is None or len(channels) < 2 or len({len(channel.values) for channel in channels}) > 1:
        return channels, ()
    steps = np.array([channel.step * _factor(channel) for channel in channels])
    rows = np.stack([channel.values * _factor(channel) for channel in channels])
    alike = np.ptp(rows, axis=0) <= _SAME * steps.max()
    for end, turned in (("last", slice(None, None, -1)), ("first", slice(None))):
        length = int(np.argmin(alike[turned])) if not alike.all() else 0
        height = _pulse_height(rows[0, turned][:length], rate, steps.max())
        if height is not None:
            kept = slice(length, None) if end == "first" else slice(0, rows.shape[1] - length)
            shorter = tuple(replace(channel, values=channel.values[kept]) for channel in channels)
            known = all(channel.unit is not None and millivolts(channel.unit) for channel in channels)
            return shorter, _told(end, length / rate, height if known else None)
    return channels, ()


def _factor(channel: Channel) -> float:
    return (millivolts(channel.unit) if channel.unit is not None else None) or 1.0


def _pulse_height(row: NDArray[np.float64], rate: float, step: float) -> float | None:
    """Give the height of a pulse on two levels, or None where the row is no such pulse."""
    if not len(row) or np.ptp(row) <= 10 * step:
        return None
    low, high = row.min(), row.max()
    on = row > (low + high) / 2
    flat = np.ptp(row[on]) <= _SAME * step and np.ptp(row[~on]) <= _SAME * step
    once = np.count_nonzero(np.diff(on.astype(np.int8))) == 2
    long_enough = PULSE_S[0] <= np.count_nonzero(on) / rate <= PULSE_S[1]
    return float(high - low) if flat and once and long_enough else None


def _told(end: str, seconds: float, height: float | None) -> tuple[Issue, ...]:
    sentence = f"A calibration pulse in the {end} {seconds:.2g} s, no ECG, is left out."
    issues = [Issue("QUAL", None, "note", sentence, "")]
    if height is not None and abs(height / HEIGHT_MV - 1) > TOLERANCE:
        doubt = f"The calibration pulse is {height:.2g} mV high, not {HEIGHT_MV:g} mV; the file's gain is doubtful."
        issues.append(Issue("QUAL", None, "block", doubt, "Check the export's gain."))
    return tuple(issues)
