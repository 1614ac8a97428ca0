"""What is in a signal and comes from no heart: the calibration pulse of a recorder, the spikes of a pacemaker."""

import dataclasses
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .record import Issue, Record

_PULSE_MV, _PULSE_OFF, _PULSE_S, _END_S = 1.0, 0.06, (0.08, 0.32), 1.0
_LEVEL_MV, _EDGE_S = 0.04, 0.02
_PULSE_LEADS = 0.5
_LONG_ENOUGH_S = 5.0
_SPIKE_MV, _SPIKE_S, _SPIKE_RATE, _SPIKES = 2.0, 0.002, 500.0, 2


def check_pulses(record: Record) -> Iterator[Issue]:
    """Give what stands in a record beside the ECG.

    - calibration: in half of the leads a square pulse of 1 mV, 0.2 s long, in the first or last second (note);
    - spikes: at 500 samples a second or more, jumps beyond 2 mV within 2 ms, twice or more, in any lead (warn).
    """
    for where in _pulse_ends(record):
        sentence = f"The record {where} with a calibration pulse of 1 mV."
        yield Issue("QUAL", None, "note", sentence, "Crop it: it is no part of the ECG.")
    if record.rate >= _SPIKE_RATE:
        yield from _spikes(np.nan_to_num(record.signal), record)


def without_pulses(record: Record) -> Record:
    """Give the record without a first or last second that holds a calibration pulse, which is no ECG."""
    ends = _pulse_ends(record)
    if not ends or record.seconds < _LONG_ENOUGH_S:
        return record
    length = int(_END_S * record.rate)
    kept = slice(length if "begins" in ends else 0, -length if "ends" in ends else None)
    return dataclasses.replace(record, signal=record.signal[:, kept])


def _pulse_ends(record: Record) -> tuple[str, ...]:
    """Give at which ends half of the leads or more have a pulse."""
    length = int(_END_S * record.rate)
    found = []
    for where, part in (("begins", record.signal[:, :length]), ("ends", record.signal[:, -length:])):
        pulses = [_has_pulse(np.nan_to_num(lead), record.rate) for lead in part]
        if pulses and np.mean(pulses) >= _PULSE_LEADS:
            found.append(where)
    return tuple(found)


def _has_pulse(lead: NDArray[np.float32], rate: float) -> bool:
    """Say whether a second of a lead rises by 1 mV, stays there level, and falls by the same."""
    edge = max(round(_EDGE_S * rate), 1)
    if len(lead) < 4 * edge:
        return False
    rise = lead[edge:] - lead[:-edge]
    ups = np.flatnonzero(np.abs(rise - _PULSE_MV) < _PULSE_OFF)
    downs = np.flatnonzero(np.abs(rise + _PULSE_MV) < _PULSE_OFF)
    for up in _runs(ups):
        for down in _runs(downs):
            top = lead[up[1] + edge : down[0]]
            level = len(top) > edge and np.ptp(top[edge:-edge] if len(top) > 3 * edge else top) < _LEVEL_MV
            if _PULSE_S[0] <= (down[0] - up[0]) / rate <= _PULSE_S[1] and level:
                return True
    return False


def _runs(places: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Give the first and last of each stretch of neighbouring places."""
    if not len(places):
        return []
    parts = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    return [(int(part[0]), int(part[-1])) for part in parts]


def _spikes(signal: NDArray[np.float32], record: Record) -> Iterator[Issue]:
    lag = max(round(_SPIKE_S * record.rate), 1)
    for lead, values in zip(record.leads, signal, strict=True):
        steep = np.flatnonzero(np.abs(values[lag:] - values[:-lag]) > _SPIKE_MV)
        # a spike goes up and comes down: its two flanks are one
        apart = 1 + int((np.diff(steep) > 0.05 * record.rate).sum()) if len(steep) else 0
        if apart >= _SPIKES:
            sentence = f"Lead {lead}: {apart} spikes, of a pacemaker or of a loose electrode."
            remedy = "Rhythm and axis of a paced heart mean other things."
            yield Issue("QUAL", lead, "warn", sentence, remedy)
