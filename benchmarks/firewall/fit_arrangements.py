"""Weights and limits of electrode arrangements: a conditional logit on the half of the patients that is for tuning."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from ecgssl_core.records.arrangements import NEEDED, all_features, arrangements, frontal_names, gains
from ecgssl_core.records.heartbeats import find_heartbeats
from ecgssl_core.records.lead_checks import bands

from .recordings import recordings

PENALTY = 1e-3
MISLABELLED = 0.01  # share of tuning records that may have been exchanged themselves
FOLDS = 5
# share of the tuning records, beyond which the gain of one of the group must lie
BUDGETS = {"LA and LL": 0.005, "limb": 0.004, "inverted": 0.001, "chest": 0.002, "sign": 0.001}
SILENT_SHARE = 0.002


@dataclass(frozen=True, eq=False)
class Tuning:
    """Features of the tuning records: (records, arrangements, features); folds; which give the limits; silences."""

    features: NDArray[np.float64]
    folds: NDArray[np.intp]
    limiting: NDArray[np.bool_]
    silences: NDArray[np.float64]


def fit(data: Path, tables: Path) -> None:
    """Write `arrangements.csv` and `swap_limits.csv`."""
    tuning = _tuning(data)
    limb, other = weights_of(tuning.features)
    names = (*frontal_names(), *(f"chest {at}" for at in range(tuning.features.shape[2] - len(frontal_names()))))
    rows = [f"{name},{one:.4f},{two:.4f}" for name, one, two in zip(names, limb, other, strict=True)]
    (tables / "arrangements.csv").write_text("feature,limb,other\n" + "\n".join(rows) + "\n", encoding="utf-8")
    gained = np.zeros(tuning.features.shape[:2])
    for fold in range(FOLDS):  # limits from records that the weights have not seen
        held = tuning.folds == fold
        gained[held] = gains(tuning.features[held], *weights_of(tuning.features[~held]))
    limits = _limits(gained[tuning.limiting])
    limits["silent"] = float(np.quantile(tuning.silences[tuning.limiting], SILENT_SHARE))
    lines = [f"{name},{value:.4f}" for name, value in limits.items()]
    (tables / "swap_limits.csv").write_text("name,value\n" + "\n".join(lines) + "\n", encoding="utf-8")


def weights_of(features: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the weights for limb arrangements, on the features of the frontal plane alone, and for all others."""
    families = np.array([one.family for one in arrangements()])
    frontal = len(frontal_names())
    limb = _logit(features[:, (families == "") | (families == "limb"), :frontal])
    return np.pad(limb, (0, features.shape[2] - frontal)), _logit(features)


def _logit(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give weights under which the first arrangement of each record is the most plausible."""

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = features @ weights
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        right = (1 - MISLABELLED) * chances[:, 0] + MISLABELLED / features.shape[1]
        inner = features[:, 0] - np.einsum("rh,rhf->rf", chances, features)
        slope = -((1 - MISLABELLED) * chances[:, 0] / right)[:, None] * inner
        return -np.log(right).mean() + PENALTY * weights @ weights, slope.mean(axis=0) + 2 * PENALTY * weights

    found: NDArray[np.float64] = minimize(loss, np.zeros(features.shape[2]), jac=True, options={"maxiter": 500}).x
    return found


def _limits(gained: NDArray[np.float64]) -> dict[str, float]:
    limits = {}
    groups = np.array([one.name if one.name in BUDGETS else one.family for one in arrangements()])
    for group, budget in BUDGETS.items():
        limit = float(np.quantile(gained[:, groups == group].max(axis=1), 1 - budget))
        limits |= {arrangements()[row].name: max(limit, 0.0) for row in np.flatnonzero(groups == group)}
    return limits


def _tuning(data: Path) -> Tuning:
    features, folds, limiting, silences = [], [], [], []
    for name in ("cinc2020", "code15", "ludb"):
        for one in recordings(data, name):
            if name == "cinc2020" and not one.tuned:
                continue
            usual = find_heartbeats(one.record, bands(one.record)).usual
            if usual is None:
                continue
            beat = usual[[one.record.leads.index(lead) for lead in NEEDED]]
            features.append(all_features(beat))
            folds.append(hashlib.sha256(one.record.name.encode()).digest()[1] % FOLDS)
            # CODE-15 holds exchanged electrodes of its own
            limiting.append(name != "code15")
            silences.append(_silence(beat))
    return Tuning(np.array(features), np.array(folds), np.array(limiting), np.array(silences))


def _silence(beat: NDArray[np.float64]) -> float:
    spans = np.ptp(np.stack([beat[0], beat[1], beat[1] - beat[0]])[:, 22:48], axis=1)
    return float(spans.min() / max(spans.max(), 1e-9))
