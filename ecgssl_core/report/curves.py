"""ROC and precision-recall curves, arm over arm: of each class, or their mean; with the point at the thresholds."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from ecgssl_core.evaluation import Interval, auprc, auroc
from ecgssl_core.plots.rank_curves import ClassPanel, RankCurve, rank_curve_figure
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.operating import Operating, operating_points
from ecgssl_core.report.pooling import Pool
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import number, with_ends

Floats = NDArray[np.float64]
Kind = Literal["roc", "pr"]
MACRO = ""  # in place of a class's code: the mean over the classes

_MOST_POINTS = 120
_GRID = np.linspace(0.0, 1.0, 101)
_TITLES: dict[Kind, str] = {"roc": "ROC curve", "pr": "Precision-recall curve"}


def class_curves(study: Study, kind: Kind, only: str | None = None) -> go.Figure:
    """Draw ROC or precision-recall curves of each network's first seed.

    Args:
        study: the runs.
        kind: which curves.
        only: code of a class; without it, a panel each class of the macro means.
    """
    counted = study.estimate(study.networks[0]).counted
    kept = [place for place, code in enumerate(study.classes.codes) if (code == only if only else counted[place])]
    arms = {arm.label: first_pool(arm) for arm in study.networks}
    panels = []
    for place in kept:
        curves = [curve for label, pool in arms.items() if (curve := _curve(label, pool, place, kind))]
        title = study.classes.names[place] if only else _title(study, place)
        panels.append(ClassPanel(title, _prevalence(list(arms.values()), place), curves))
    return rank_curve_figure(panels, kind, list(arms))


def curves_section(study: Study, code: str, arms: Sequence[Arm]) -> Section:
    """Give both curves of one class, or of the mean over the classes, with what the thresholds make of it.

    Args:
        study: the runs.
        code: of the class, or MACRO.
        arms: whose curves.
    """
    pools = {arm.title: first_pool(arm) for arm in arms}
    if code == MACRO:
        kept = np.flatnonzero(study.estimate(arms[0]).counted).tolist()
        name = f"mean over {len(kept)} classes"
    else:
        kept = [study.classes.codes.index(code)]
        name = study.classes.names[kept[0]]
    points = {title: operating_points(pool, kept) for title, pool in pools.items()}
    prevalence = float(np.mean([_prevalence(list(pools.values()), place) for place in kept]))
    drawings = []
    for kind, title in _TITLES.items():
        curves = [_mean_curve(arm, pool, kept, kind, points[arm]) for arm, pool in pools.items()]
        panel = ClassPanel(f"{title}, {name}", prevalence, [curve for curve in curves if curve])
        figure = rank_curve_figure([panel], kind, list(pools)).update_layout(height=400)
        drawings.append(Drawing(f"one_{kind}", f"{title} of {name}, arm over arm.", figure))
    table = pd.DataFrame([_row(study, arm, code, points[arm.title]) for arm in arms])
    sentence = (
        "Curves of each arm's first seed, test folds pooled; a mark is where its thresholds put it. Each fold has a "
        "threshold of its own, chosen on validation, so a mark need not lie on the pooled curve. Grey is chance: in "
        f"the precision-recall curve the prevalence, {prevalence:.1%}."
    )
    return Section("curves", name, (sentence,), {"": table}, tuple(drawings))


def first_pool(arm: Arm) -> Pool:
    """Give the records of an arm's first seed."""
    return next(iter(arm.pools.values()))


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


def _mean_curve(label: str, pool: Pool, kept: Sequence[int], kind: Kind, found: Operating) -> RankCurve | None:
    """Give the curve of one class, or the mean of several at equal false alarms (ROC) or equal recall (PR)."""
    at = (1 - found.specificity, found.recall) if kind == "roc" else (found.recall, found.precision)
    operating = at if np.isfinite(at).all() else None
    curves = [curve for place in kept if (curve := _curve(label, pool, place, kind))]
    if not curves:
        return None
    if len(kept) == 1:
        return RankCurve(label, curves[0].x, curves[0].y, curves[0].area, operating)
    heights = np.mean([_on_grid(curve, kind) for curve in curves], axis=0)
    area = float(np.mean([curve.area for curve in curves]))
    return RankCurve(label, _GRID.round(4).tolist(), heights.round(4).tolist(), area, operating)


def _on_grid(curve: RankCurve, kind: Kind) -> Floats:
    x, y = np.array(curve.x), np.array(curve.y)
    if kind == "roc":
        heights: Floats = np.interp(_GRID, x, np.maximum.accumulate(y))
        return heights
    # between two thresholds nothing is reached: a recall has the precision of the next threshold that reaches it
    return y[np.minimum(np.searchsorted(x, _GRID - 1e-9), len(y) - 1)]


def _row(study: Study, arm: Arm, code: str, found: Operating) -> dict[str, str]:
    estimate = study.estimate(arm)
    if code == MACRO:
        areas = [estimate.metrics[name] for name in ("auroc", "auprc")]
    else:
        place = study.classes.codes.index(code)
        areas = [Interval(*estimate.per_class[name][:, place].tolist()) for name in ("auroc", "auprc")]
    low, high = (number(value) for value in found.thresholds)
    return {
        "arm": arm.title,
        "AUROC": with_ends(areas[0]),
        "AUPRC": with_ends(areas[1]),
        "threshold": low if low == high else f"{low} to {high}",
        "recall": number(found.recall),
        "specificity": number(found.specificity),
        "precision": number(found.precision),
        "called": f"{found.called:,}",
        "positives": f"{found.positives:,}",
    }


def _prevalence(pools: Sequence[Pool], place: int) -> float:
    truth = max(pools, key=len).labels[:, place]
    return float((truth == 1).sum() / max(1, (truth != -1).sum()))


def _title(study: Study, place: int) -> str:
    reference = max((pool for arm in study.networks for pool in arm.pools.values()), key=len)
    return f"{study.classes.abbreviations[place]} ({(reference.labels[:, place] == 1).sum()})"
