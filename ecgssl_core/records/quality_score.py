"""One number for how likely people who read ECGs would call a record unacceptable."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .frozen import frozen_columns, frozen_values
from .heartbeats import Heartbeats, agreement
from .lead_checks import Bands, longest_run
from .record import Issue, Record

OF_LEAD = ("agreement", "usual rest", "mean rest", "still", "wander", "span", "peaks", "jump")
ORDERED = ("least", "second", "middle", "last but one", "largest")
FEWEST_LEADS = 8
_FLAT_MV = 0.001
_FLOOR_MV, _FLOOR_MV2, _FLOOR_S = 0.001, 1e-6, 0.002


def check_score(record: Record, parts: Bands, beats: Heartbeats) -> Iterator[Issue]:
    """Warn where the score is above its limit; records with fewer than 8 leads have none."""
    chance = unacceptable_chance(record, parts, beats)
    if chance is not None and chance > frozen_values("score_limits.csv")["warn"]:
        sentence = f"People would call this recording unacceptable with a chance of {100 * chance:.0f} %."
        yield Issue("QUAL", None, "warn", sentence, "Record again if you can.")


def unacceptable_chance(record: Record, parts: Bands, beats: Heartbeats) -> float | None:
    """Give the chance that a record is unacceptable, by a logistic regression with frozen weights.

    Fitted on the records that people judged for the PhysioNet/CinC Challenge 2011 (I. Silva, G. Moody, L. Celi); the
    figures, and the command that fitted it, are in docs/results/firewall.md.
    """
    if len(record.leads) < FEWEST_LEADS:
        return None
    (weights,) = frozen_columns("quality_score.csv", ("weight",))
    logit = float(np.append(score_features(record, parts, beats), 1.0) @ weights)
    return float(1 / (1 + np.exp(-np.clip(logit, -50, 50))))


def score_features(record: Record, parts: Bands, beats: Heartbeats) -> NDArray[np.float64]:
    """Give (features,) of a record: each of OF_LEAD, at the places of ORDERED when leads are sorted by it."""
    by_lead = np.sort(_of_leads(record, parts, beats), axis=1)  # (features, leads)
    last = by_lead.shape[1] - 1
    middle = by_lead[:, last // 2 : last // 2 + 2].mean(axis=1)
    return np.concatenate([by_lead[:, 0], by_lead[:, 1], middle, by_lead[:, last - 1], by_lead[:, last]])


def _of_leads(record: Record, parts: Bands, beats: Heartbeats) -> NDArray[np.float64]:
    signal, middle = np.nan_to_num(record.signal), parts.middle
    steps = np.abs(np.diff(signal, axis=1))
    still = steps <= np.maximum(np.array(record.lsb_mv), _FLAT_MV)[:, None]
    low, high = np.percentile(middle, [0.5, 99.5], axis=1)
    power = np.square(middle, dtype=np.float64)
    spread = power.mean(axis=1)
    size = np.zeros(len(signal)) if beats.usual is None else beats.usual.var(axis=1)
    rests = [np.where(np.isfinite(rest), rest, 1.0) for rest in (beats.typical_rest, beats.mean_rest)]
    return np.stack(
        [
            np.array([agreement(own, beats.times) for own in beats.of_leads]),
            *(np.log10((size + _FLOOR_MV2) / (rest + _FLOOR_MV2)) for rest in rests),
            np.log10(np.array([longest_run(lead) for lead in still]) / record.rate + _FLOOR_S),
            np.log10(np.ptp(parts.slow, axis=1) + _FLOOR_MV),
            np.log10(high - low + _FLOOR_MV),
            np.log10((power**2).mean(axis=1) / np.maximum(spread**2, _FLOOR_MV2**2) + 1),
            np.log10(steps.max(axis=1) + _FLOOR_MV),
        ]
    )
