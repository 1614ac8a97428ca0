"""Checks of a record by its beats: whether there are any, whether all agree on them, their rate, whether they vary."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .heartbeats import Heartbeats, agreement
from .record import Issue, Record

_AGREE, _LEADS_AGREE = 0.8, 0.5
_UNUSUAL_RATE, _IMPOSSIBLE_RATE = (30.0, 220.0), (20.0, 300.0)
_FEWEST_FOR_RATE, _LONG_ENOUGH_S = 3, 6.0
_SAME_STEPS, _SAME_S = 1.0, 0.25


def check_beats(record: Record, beats: Heartbeats) -> Iterator[Issue]:
    """Give what the beats of a record show to be wrong with it.

    - no beats at all in a record that moves (block);
    - two ways of finding beats agree with F1 below 0.8 within 150 ms, or fewer than half of the leads agree (warn);
    - heart rate below 30 or above 220 a minute (warn), below 20 or above 300 (block);
    - each beat the same as the one before to within one step of the converter (block): averaged or copied beats.
    """
    if not len(beats.times):
        yield Issue("QUAL", None, "block", "No heartbeats can be found.", "Check the electrodes, or record again.")
        return
    alone = np.mean([agreement(beats.times, own) >= _AGREE for own in beats.of_leads])
    if agreement(beats.times, beats.rivals) < _AGREE or alone < _LEADS_AGREE:
        sentence = "Heartbeats cannot be found with certainty."
        yield Issue("QUAL", None, "warn", sentence, "Look at the signal; a quieter recording may help.")
    yield from _rate(record, beats)
    if _is_repeated(record, beats):
        sentence = "Every beat is the same to the last digit: one averaged beat, repeated."
        yield Issue("ASK-LEAD", None, "block", sentence, "Give the rhythm recording, not the averaged beat.")


def heart_rate(times: NDArray[np.float64], seconds: float) -> float | None:
    """Give beats a minute by the median interval between them; by their number where that is below three.

    Returns:
        None where a record is too short to tell.
    """
    if len(times) >= _FEWEST_FOR_RATE:
        return float(60 / np.median(np.diff(times)))
    return 60 * len(times) / seconds if seconds >= _LONG_ENOUGH_S else None


def _rate(record: Record, beats: Heartbeats) -> Iterator[Issue]:
    rate = heart_rate(beats.times, record.seconds)
    if rate is None or _UNUSUAL_RATE[0] <= rate <= _UNUSUAL_RATE[1]:
        return
    possible = _IMPOSSIBLE_RATE[0] <= rate <= _IMPOSSIBLE_RATE[1]
    sentence = f"The heart beats {rate:.0f} times a minute."
    remedy = "Check the sampling rate in the file."
    yield Issue("ASK-RATE", None, "warn" if possible else "block", sentence, remedy)


def _is_repeated(record: Record, beats: Heartbeats) -> bool:
    """Say whether beat after beat has the same samples around its middle, in the lead that moves most."""
    row = int(np.nanargmax(np.nan_to_num(record.signal).std(axis=1)))
    lead, step = np.nan_to_num(record.signal[row]), record.lsb_mv[row]
    half = int(_SAME_S * record.rate)
    middles = np.rint(beats.times * record.rate).astype(np.intp)
    middles = middles[(middles >= 2 * half) & (middles < len(lead) - 2 * half)]
    if len(middles) < _FEWEST_FOR_RATE:
        return False
    return all(_differs_by(lead, int(one), int(other), half) <= _SAME_STEPS * step for one, other in pairwise(middles))


def _differs_by(lead: NDArray[np.float32], one: int, other: int, half: int) -> float:
    """Give the largest difference between two stretches, at the shift that fits best."""
    first = lead[one - half : one + half]
    around = np.lib.stride_tricks.sliding_window_view(lead[other - 2 * half : other + 2 * half], 2 * half)
    return float(np.abs(around - first).max(axis=1).min())
