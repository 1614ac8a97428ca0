"""Checks of a record as a whole: length, scale, copied leads, and the sums that limb leads must obey."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .record import Issue, Record, Severity
from .relabelling import LIMB, fitting_names

SHORTEST_S = 2.5
# low voltage is a diagnosis, not a fault: what is unusual is said, and only what no heart makes is refused
_SCALE_MV, _USUAL_MV = (0.05, 20.0), (0.3, 6.0)
_COPY_CORRELATION = 0.9999
_LAG_S = 0.01
_IDENTITY_COUNTS, _IDENTITY_WARN, _IDENTITY_BLOCK = 3.0, 0.05, 1.0

# each must be zero at all times (Einthoven, Goldberger)
_IDENTITIES: dict[str, dict[str, float]] = {
    "III": {"III": 1, "II": -1, "I": 1},
    "aVR": {"aVR": 1, "I": 0.5, "II": 0.5},
    "aVL": {"aVL": 1, "I": -1, "II": 0.5},
    "aVF": {"aVF": 1, "II": -1, "I": 0.5},
}


def check_record(record: Record, middle: NDArray[np.float32]) -> tuple[Issue, ...]:
    """Give what is wrong with a record beyond any one lead.

    Args:
        record: the record.
        middle: its leads between 0.5 and 40 Hz, (leads, samples) in mV.

    The checks:

    - length: below 2.5 s (block);
    - scale: the median over leads of P99.5 − P0.5, between 0.5 and 40 Hz, outside 0.3–6 mV (warn) or 0.05–20 mV
      (block);
    - copies: two leads correlate above 0.9999 and differ by an rms below 2 counts (block);
    - identities: III = II − I, aVR = −(I + II) / 2, aVL = I − II / 2, aVF = II − I / 2, with an rms residual above
      max(3 counts, 5 % of the rms) at every lag up to ± 10 ms (warn), above 100 % (block: leads are exchanged).
    """
    if record.seconds < SHORTEST_S:
        sentence = f"The record lasts {record.seconds:.4g} s; at least {SHORTEST_S:g} s are needed."
        return (Issue("QUAL", None, "block", sentence, "Record for longer."),)
    if np.isnan(record.signal).any():
        return ()  # the leads with gaps speak for themselves
    return (*_scale(middle), *_copies(record), *_identities(record))


def _scale(middle: NDArray[np.float32]) -> Iterator[Issue]:
    low, high = np.percentile(middle, [0.5, 99.5], axis=1)
    span = float(np.median(high - low))
    if not _SCALE_MV[0] <= span <= _SCALE_MV[1]:
        sentence = f"The leads span {span:.3g} mV in the middle; an ECG spans 0.3 to 6 mV."
        yield Issue("ASK-UNIT", None, "block", sentence, "Check the unit and the gain in the file.")
    elif not _USUAL_MV[0] <= span <= _USUAL_MV[1]:
        sentence = f"The leads span {span:.2g} mV in the middle; most ECGs span 0.3 to 6 mV."
        yield Issue("ASK-UNIT", None, "warn", sentence, "Check the unit and the gain in the file.")


def _copies(record: Record) -> Iterator[Issue]:
    wide = record.signal.astype(np.float64)
    spread = wide.std(axis=1)
    live = np.flatnonzero(spread > 2 * np.array(record.lsb_mv))
    standard = (wide[live] - wide[live].mean(axis=1, keepdims=True)) / spread[live, None]
    correlation = standard @ standard.T / wide.shape[1]
    for one, other in combinations(range(len(live)), 2):
        first, second = int(live[one]), int(live[other])
        step = max(record.lsb_mv[first], record.lsb_mv[second])
        if correlation[one, other] > _COPY_CORRELATION and _rms(wide[first] - wide[second]) < 2 * step:
            names = record.leads[second], record.leads[first]
            sentence = f"Lead {names[0]} is a copy of {names[1]}."
            yield Issue("ASK-LEAD", names[0], "block", sentence, "Export the record again.")


def _identities(record: Record) -> Iterator[Issue]:
    wide = dict(zip(record.leads, record.signal.astype(np.float64), strict=True))
    step = max(record.lsb_mv)
    for lead, terms in _IDENTITIES.items():
        if not terms.keys() <= wide.keys():
            continue
        rest = np.asarray(sum(weight * wide[name] for name, weight in terms.items() if name != lead))
        size = float(np.hypot(wide[lead].std(), rest.std()) / np.sqrt(2))
        allowed = max(_IDENTITY_COUNTS * step, _IDENTITY_WARN * size)
        if float((wide[lead] + rest).std()) <= allowed:
            continue  # without any lag, as nearly always
        residual = _least_residual(wide[lead], rest, int(_LAG_S * record.rate))
        if residual > allowed:
            # leads filtered each on its own miss by some percent; leads under a wrong name by as much as they are large
            severity: Severity = "block" if residual > _IDENTITY_BLOCK * size else "warn"
            sentence = f"Lead {lead} does not follow from I and II."
            remedy = "Check the names and the order of the limb leads."
            if severity == "block":
                remedy = _proposal(record) or remedy
            yield Issue("ASK-LEAD", lead, severity, sentence, remedy)


def _proposal(record: Record) -> str | None:
    """Give the names that would put the limb leads right, as a sentence."""
    if not set(LIMB) <= set(record.leads):
        return None
    names = fitting_names(record.signal[[record.leads.index(lead) for lead in LIMB]])
    if names is None or names == LIMB:
        return None
    changes = [f"{new} for {old}" for old, new in zip(LIMB, names, strict=True) if old != new]
    return f"The sums hold with other names: {', '.join(changes)}. Correct them in the file."


def _least_residual(lead: NDArray[np.float64], rest: NDArray[np.float64], lags: int) -> float:
    """Give the smallest rms of lead + rest over shifts of some samples, offsets taken out."""
    inner = slice(lags, len(lead) - lags)
    return min(float((lead[inner] + rest[lags + lag : len(rest) - lags + lag]).std()) for lag in range(-lags, lags + 1))


def _rms(signal: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(np.square(signal))))
