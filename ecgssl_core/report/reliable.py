"""Reliability of one class, or of all classes together, with intervals of its bins and of the calibration error."""

from collections.abc import Sequence

import pandas as pd

from ecgssl_core.evaluation import reliability_intervals
from ecgssl_core.evaluation.reliability_bins import reliability_bins
from ecgssl_core.plots.reliability import ReliabilityLine, reliability_figure
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.curves import MACRO, first_pool
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import with_ends

MOST_REPLICATES = 300  # its cost grows with the answers, not the records, and its ends need no third digit
_BINS, _BINS_OF_ONE = 15, 8
_FIGURES = {"calibration_error": "calibration error", "brier": "Brier", "log_loss": "log-loss", "slope": "slope"}


def reliability_section(study: Study, code: str, arms: Sequence[Arm]) -> Section:
    """Give the reliability of arms.

    Args:
        study: the runs.
        code: of a class, or MACRO for all answers together.
        arms: whose first seeds.
    """
    name = "all classes together" if code == MACRO else study.classes.names[study.classes.codes.index(code)]
    figure = reliability_figure([reliability_line(study, arm, code) for arm in arms])
    rows = []
    for arm in arms:
        pool = first_pool(arm)
        kept = _columns(study, code)
        found = reliability_intervals(pool.labels[:, kept], pool.scores[:, kept], pool.patients, _replicates(study))
        positives = int((pool.labels[:, kept] == 1).sum())
        ends = {title: with_ends(getattr(found, key), 4) for key, title in _FIGURES.items()}
        rows.append({"arm": arm.title, **ends, "positives": f"{positives:,}"})
    sentence = (
        "On the diagonal a probability means what it says. Each point is one of several bins of equally many answers, "
        "its interval from drawing patients anew; a bin without a positive lies on the floor and has none. Chance "
        "adds to a calibration error, in a replicate twice: its interval lies high."
    )
    drawing = Drawing("one_reliability", f"Share of positives over the probability, {name}.", figure)
    return Section("reliability", f"Reliability, {name}", (sentence,), {"": pd.DataFrame(rows)}, (drawing,))


def reliability_line(study: Study, arm: Arm, code: str = MACRO) -> ReliabilityLine:
    """Give the bins of an arm's first seed, of one class or of all answers together."""
    pool, kept = first_pool(arm), _columns(study, code)
    bins = _BINS if code == MACRO else _BINS_OF_ONE
    found = reliability_bins(pool.labels[:, kept], pool.scores[:, kept], pool.patients, bins, _replicates(study))
    return ReliabilityLine(
        arm.title,
        found.predicted.tolist(),
        found.observed.tolist(),
        found.low.tolist(),
        found.high.tolist(),
        found.count.tolist(),
    )


def _columns(study: Study, code: str) -> list[int]:
    return list(range(len(study.classes.codes))) if code == MACRO else [study.classes.codes.index(code)]


def _replicates(study: Study) -> int:
    return min(study.bootstrap.replicates, MOST_REPLICATES)
