"""An ECG made of waves whose first and last samples are known."""

import numpy as np

from ecgssl_core.records import Record
from ecgssl_core.records.record import UnitSource
from ecgssl_core.signals.leads import LEADS

# ms from the beginning of a beat: first and last moment of P, QRS and T, and so PR 160, QRS 90 and QT 380
P, QRS, T = (100, 200), (260, 350), (450, 640)
PR_MS, QRS_MS, QT_MS = 160, 90, 380
RATE = 500.0
# size of P, R and T in mV in each lead: an axis of 45 degrees, for 2 aVF / √3 is as large as I
_SIZES = np.array(
    [
        *[(0.10, 0.9, 0.25), (0.15, 1.23, 0.35), (0.05, 0.33, 0.10), (-0.12, -1.06, -0.30), (0.03, 0.28, 0.08)],
        *[(0.10, 0.78, 0.22), (0.06, -0.6, 0.12), (0.08, 0.5, 0.4), (0.09, 0.9, 0.45), (0.10, 1.3, 0.4)],
        *[(0.09, 1.2, 0.35), (0.08, 1.0, 0.3)],
    ]
)
AXIS_DEG = 45.0


def made_ecg(seconds: float = 10.0, rate: float = RATE, beat_s: float = 0.9, p_waves: bool = True) -> Record:
    """Give twelve leads in which each beat is alike, with a little noise."""
    time = np.arange(round(seconds * rate)) / rate
    within = 1000 * ((time + 0.25) % beat_s)  # ms; no wave lies across the record's beginning
    share = {kind: (within - first) / (last - first) for kind, (first, last) in (("P", P), ("R", QRS), ("T", T))}
    bell = {
        kind: np.where((part > 0) & (part < 1), np.sin(np.pi * np.clip(part, 0, 1)), 0) for kind, part in share.items()
    }
    spikes = np.interp(share["R"], [0, 0.18, 0.5, 0.82, 1], [0, -0.12, 1, -0.2, 0], left=0, right=0)
    shapes = np.stack([bell["P"] ** 2 * p_waves, spikes, bell["T"] ** 2])
    noise = np.random.default_rng(0).normal(0, 0.004, (len(LEADS), len(time)))
    return record_of((_SIZES @ shapes + noise).astype(np.float32), rate)


def record_of(signal: np.ndarray, rate: float = RATE, leads: tuple[str, ...] = LEADS) -> Record:
    """Give a record of a signal (leads, samples) in mV."""
    names, steps = leads[: len(signal)], (0.001,) * len(signal)
    units: dict[str, UnitSource] = dict.fromkeys(names, "file")
    return Record("made", signal.astype(np.float32), rate, names, units, steps, None, None, "WFDB", (), ())
