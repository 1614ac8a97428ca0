"""What an open question may be answered with: units by the size of an ECG, orders of leads by their sums."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.signals.filters import bandpass
from ecgssl_core.signals.leads import LEADS

from .record import Record

SPAN_MV = (0.3, 6.0)  # P99.5 - P0.5 between 0.5 and 40 Hz of nearly all ECGs
_USUAL_MV = 1.5
_UNITS = ("mV", "uV", "5uV", "2.5uV", "nV", "V")
_SIZES = {"mV": 1.0, "uV": 1e-3, "5uV": 5e-3, "2.5uV": 2.5e-3, "nV": 1e-6, "V": 1e3}
_EIGHT = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
_ORDERS = {
    "Standard order": LEADS,
    "Cabrera, aVR as usual": ("aVL", "I", "aVR", "II", "aVF", "III", *LEADS[6:]),
    "With aVR, aVF, aVL": ("I", "II", "III", "aVR", "aVF", "aVL", *LEADS[6:]),
    "With aVL, aVR, aVF": ("I", "II", "III", "aVL", "aVR", "aVF", *LEADS[6:]),
    "I, II, V1 to V6, then III, aVR, aVL, aVF": (*_EIGHT, "III", "aVR", "aVL", "aVF"),
    "Chest leads first": (*LEADS[6:], *LEADS[:6]),
    "The eight measured leads": _EIGHT,
    "V1 to V6, I, II": (*_EIGHT[2:], "I", "II"),
    "Limb leads": LEADS[:6],
    "I, II, III": LEADS[:3],
    "I, II": LEADS[:2],
}
FITS = 0.1  # of real twelve-lead records, 99 % miss by less than 0.04; leads filtered each on its own miss by more


@dataclass(frozen=True)
class UnitChoice:
    """A unit that a file's numbers may be in.

    unit: as `--unit` takes it.
    size_mv: of one of the file's numbers.
    span_mv: what the middle lead then spans.
    likely: an ECG spans that much.
    """

    unit: str
    size_mv: float
    span_mv: float
    likely: bool


@dataclass(frozen=True)
class LeadChoice:
    """An order of leads that a file's channels may have.

    name: what the order is called.
    leads: names of the channels.
    miss: by how much III = II - I and its like miss in it, as a share of the leads' size; None if there are none.
    """

    name: str
    leads: tuple[str, ...]
    miss: float | None

    @property
    def fits(self) -> bool:
        """Say whether the sums of the limb leads hold in this order."""
        return self.miss is not None and self.miss <= FITS


def unit_choices(record: Record, count: int = 4) -> tuple[UnitChoice, ...]:
    """Give the units that a record's numbers are likeliest to be in, the likeliest first.

    Args:
        record: one whose unit the file does not say; its signal holds the file's bare numbers.
        count: of the choices.
    """
    rows = [row for row, lead in enumerate(record.leads) if record.units[lead] == "guessed"]
    signal = np.nan_to_num(record.signal[rows or slice(None)])
    middle = bandpass(signal, record.rate, 0.5, 40.0) if signal.shape[1] > record.rate else signal
    low, high = np.percentile(middle, [0.5, 99.5], axis=1)
    span = float(np.median(high - low))
    choices = [
        UnitChoice(unit, size, span * size, SPAN_MV[0] <= span * size <= SPAN_MV[1]) for unit, size in _SIZES.items()
    ]
    order = sorted(choices, key=lambda one: (not one.likely, abs(np.log(max(one.span_mv, 1e-12) / _USUAL_MV))))
    return tuple(sorted(order[:count], key=lambda one: (not one.likely, _UNITS.index(one.unit))))


def lead_choices(record: Record) -> tuple[LeadChoice, ...]:
    """Give the usual orders of as many leads as a record has channels, first the one that limb leads add up in."""
    own = [row for row, lead in enumerate(record.leads) if lead not in record.derived]
    signal = np.nan_to_num(record.signal[own]).astype(np.float64)
    orders = [(name, leads) for name, leads in _ORDERS.items() if len(leads) == len(own)]
    choices = [LeadChoice(name, leads, _miss(signal, leads)) for name, leads in orders]
    return tuple(sorted(choices, key=lambda one: 0.0 if one.miss is None else one.miss))


def _miss(signal: NDArray[np.float64], leads: tuple[str, ...]) -> float | None:
    rows = dict(zip(leads, signal - signal.mean(axis=1, keepdims=True), strict=True))
    return max(_misses(rows), default=None)


def _misses(rows: dict[str, NDArray[np.float64]]) -> Iterator[float]:
    """Give by how much each sum of limb leads misses, as a share of their size (Einthoven, Goldberger)."""
    if "III" not in rows:
        return
    sums = {"III": rows["II"] - rows["I"]}
    if "aVR" in rows:
        sums["aVR"] = -(rows["I"] + rows["II"]) / 2
        sums["aVL"] = rows["I"] - rows["II"] / 2
        sums["aVF"] = rows["II"] - rows["I"] / 2
    for lead, expected in sums.items():
        size = float(rows[lead].std() + expected.std()) or 1.0
        yield float((rows[lead] - expected).std()) / size
