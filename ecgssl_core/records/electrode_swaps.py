"""Checks for electrodes on the wrong place: limbs exchanged with each other or with the leg, chest leads, signs."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .arrangements import NEEDED, Arrangement, arrangements, plausibilities
from .frozen import frozen_values
from .heartbeats import AFTER_S, BEFORE_S, STEP_S, Heartbeats
from .record import Issue, Record

# the lead between both legs is silent: which electrode then stands on the right leg
_SILENT = {"II": "RA and RL", "III": "LA and RL", "I": "both arms and both legs"}
_QRS_S = 0.1
_REMEDY = "Compare with an earlier ECG; correct the electrodes and record again."
_WORDS = {
    "limb": "The limb electrodes {name} may be exchanged.",
    "inverted": "All leads may be upside down.",
    "chest": "The chest electrodes {name} may be exchanged.",
    "sign": "Lead {name} may be upside down.",
}


def check_electrodes(record: Record, beats: Heartbeats) -> Iterator[Issue]:
    """Give the exchange of electrodes that is more plausible than none, if there is one (warn).

    - one of I, II and III is silent in the beats while the others are not: RL on an arm;
    - the arrangement of electrodes under which the usual beat is most plausible is not the one that is there. How
      plausible is a sum of features of P, QRS and T in the frontal plane and in the chest leads, with frozen weights
      (conditional logit: D. McFadden 1974; the table, and the command that fitted it, are in docs/results/firewall.md).
    """
    if beats.usual is None or not {"I", "II"} <= set(record.leads):
        return
    usual = dict(zip(record.leads, beats.usual, strict=True))
    silent = silent_lead(usual["I"], usual["II"])
    if silent is not None:
        sentence = f"The electrodes of {_SILENT[silent]} may be exchanged: lead {silent} is nearly silent."
        yield Issue("ASK-LEAD", silent, "warn", sentence, _REMEDY)
    elif set(NEEDED) <= usual.keys():
        found = most_plausible(np.stack([usual[lead] for lead in NEEDED]))
        if found is not None:
            sentence = _WORDS[found.family].format(name=found.name)
            yield Issue("ASK-LEAD", None, "warn", sentence, _REMEDY)


def silent_lead(one: NDArray[np.float64], two: NDArray[np.float64]) -> str | None:
    """Give which of I, II and III hardly moves in the usual beat (steps,) in mV while the others do; None if none."""
    grid = np.arange(-BEFORE_S, AFTER_S, STEP_S)
    near = np.abs(grid) <= _QRS_S
    spans = {name: float(np.ptp(lead[near])) for name, lead in (("I", one), ("II", two), ("III", two - one))}
    least = min(spans, key=lambda name: spans[name])
    limits = frozen_values("swap_limits.csv")
    return least if spans[least] < limits["silent"] * max(spans.values()) and max(spans.values()) > 0 else None


def most_plausible(beat: NDArray[np.float64]) -> Arrangement | None:
    """Give the arrangement that is more plausible by more than its limit, the one furthest beyond it; None if none is.

    Args:
        beat: (8, steps) usual beat in mV in I, II, V1 to V6.
    """
    limits = frozen_values("swap_limits.csv")
    beyond = plausibilities(beat)[1:] - np.array([limits[one.name] for one in arrangements()[1:]])
    return arrangements()[1 + int(beyond.argmax())] if beyond.max() > 0 else None
