"""Sources held out as a whole: what the same arm makes of records whose source it never saw, beside those it did."""

from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from ecgssl_core.evaluation import Interval
from ecgssl_core.report.arms import Arm, gather
from ecgssl_core.report.card import Section
from ecgssl_core.report.choice import choose
from ecgssl_core.report.coverage import coverage_of
from ecgssl_core.report.pooling import Pool
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import NONE, with_ends

_COVERAGE = "diagnoses in the conformal set [95 %]"
_MEASURES = {"auroc": "AUROC", "auprc": "AUPRC", "challenge_metric": "ChM"}
_CAPTION = (
    "Each source held out in turn, and its records in the folds that were scored, where training had others of it"
)
_SENTENCE = (
    "Folds share devices, annotators and habits of labelling with what they were trained on; another hospital does "
    "not. A source that was held out is the nearest thing to that. Macro means are over the classes with at least 10 "
    "positives in the source. Differences are held out less folds, of the records "
    "that both have, in the same replicates."
)


def elsewhere_section(study: Study) -> Section | None:
    """Give the table of sources held out; None where none was."""
    rows = [row for arm, source in _held_out(study) for row in _rows(study, arm, source)]
    if not rows:
        return None
    return Section("elsewhere", "Another source", (_SENTENCE,), {_CAPTION: pd.DataFrame(rows)}, ())


def _held_out(study: Study) -> list[tuple[Arm, str]]:
    sources = defaultdict(list)
    for run in study.elsewhere:
        sources[run.source].append(run)
    return [(arm, source) for source in sorted(sources) for arm in gather(choose(sources[source]), study.classes.codes)]


def _rows(study: Study, arm: Arm, source: str) -> list[dict[str, str]]:
    beside = study.find(arm.label, arm.share)
    away = list(arm.pools.values())
    rows = [_row(study, arm, away, source, "without it")]
    pairs = [] if beside is None else _pairs(arm, beside)
    if beside is None or not pairs:
        return rows
    home = [second for _, second in pairs]
    rows.append(_row(study, beside, home, source, "folds"))
    apart = study.bootstrap.difference(pairs)
    return [*rows, {**rows[1], "training": "difference", _COVERAGE: NONE, **_cells(apart, signed=True)}]


def _pairs(arm: Arm, beside: Arm) -> list[tuple[Pool, Pool]]:
    """Give, seed by seed, the records that both sides have; none without any."""
    pairs = [
        (away.only(beside.pools[seed].keys), beside.pools[seed].only(away.keys))
        for seed, away in arm.pools.items()
        if seed in beside.pools
    ]
    return [pair for pair in pairs if len(pair[0])]


def _row(study: Study, arm: Arm, pools: Sequence[Pool], source: str, training: str) -> dict[str, str]:
    found = study.bootstrap.estimate(pools)
    return {
        "source": source,
        "arm": arm.title,
        "training": training,
        "records": f"{len(pools[0]):,}",
        "classes": str(int(found.counted.sum())),
        **_cells(found.metrics),
        _COVERAGE: coverage_of(arm.runs, source),
    }


def _cells(metrics: dict[str, Interval], signed: bool = False) -> dict[str, str]:
    return {f"{title} [95 %]": with_ends(metrics[name], signed=signed) for name, title in _MEASURES.items()}
