"""ROC and precision-recall curves of each class, arm over arm."""

from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ecgssl_core.evaluation import auprc, auroc
from ecgssl_core.plots.rank_curves import ClassPanel, RankCurve, rank_curve_figure
from ecgssl_core.report.pooling import Pool
from ecgssl_core.report.study import Study

Floats = NDArray[np.float64]
Kind = Literal["roc", "pr"]

_MOST_POINTS = 120


def class_curves(study: Study, kind: Kind, only: str | None = None) -> go.Figure:
    """Draw ROC or precision-recall curves of each network's first seed.

    Args:
        study: the runs.
        kind: which curves.
        only: code of a class; without it, a panel each class of the macro means.
    """
    arms = {arm.label: next(iter(arm.pools.values())) for arm in study.networks}
    counted = study.estimate(study.networks[0]).counted
    kept = [place for place, code in enumerate(study.classes.codes) if (code == only if only else counted[place])]
    panels = []
    for place in kept:
        truth = max(arms.values(), key=len).labels[:, place]
        curves = [curve for label, pool in arms.items() if (curve := _curve(label, pool, place, kind))]
        prevalence = float((truth == 1).sum() / max(1, (truth != -1).sum()))
        panels.append(ClassPanel(study.classes.names[place] if only else _title(study, place), prevalence, curves))
    return rank_curve_figure(panels, kind, list(arms))


def rank_points(labels: NDArray[np.int8], scores: Floats) -> tuple[Floats, Floats, Floats] | None:
    """Give false alarms and recall (both from 0 to 1) and precision at each distinct score; None without both kinds.

    Args:
        labels: (records,), 1, 0, or -1 for unknown, which is left out.
        scores: (records,); equal ones move together.
    """
    known = labels != -1
    order = np.argsort(-scores[known], kind="stable")
    has, ordered = labels[known][order] == 1, scores[known][order]
    if not has.any() or has.all():
        return None
    last = np.append(ordered[1:] != ordered[:-1], True)  # the last record of each score
    hits, alarms = np.cumsum(has)[last], np.cumsum(~has)[last]
    return alarms / (~has).sum(), hits / has.sum(), hits / (hits + alarms)


def _curve(label: str, pool: Pool, place: int, kind: Kind) -> RankCurve | None:
    labels, scores = pool.labels[:, place], pool.scores[:, place]
    points = rank_points(labels, scores)
    if points is None:
        return None
    alarms, recall, precision = points
    columns = labels[:, np.newaxis], scores[:, np.newaxis]
    if kind == "roc":
        x, y, area = np.append(0.0, alarms), np.append(0.0, recall), float(auroc(*columns)[0])
    else:
        x, y, area = recall, precision, float(auprc(*columns)[0])
    kept = np.unique(np.linspace(0, len(x) - 1, min(_MOST_POINTS, len(x))).round().astype(np.int64))
    return RankCurve(label, x[kept].round(4).tolist(), y[kept].round(4).tolist(), area)


def _title(study: Study, place: int) -> str:
    reference = max((pool for arm in study.networks for pool in arm.pools.values()), key=len)
    return f"{study.classes.abbreviations[place]} ({(reference.labels[:, place] == 1).sum()})"
