"""Gate weights of the arms that have a gate, class by class and fold by fold."""

from typing import Any

import pandas as pd

from ecgssl_core.evaluation import gates_by_class
from ecgssl_core.plots.gates import class_gate_figure
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import number


def gates_section(study: Study) -> Section | None:
    """Give the gate weights of each gated arm: by class as bars, by class and fold as a table; None without a gate."""
    gated = [arm for arm in study.whole if any(pool.gates is not None for pool in arm.pools.values())]
    if not gated:
        return None
    tables = {f"{arm.label}: weight of the time series by class and fold": gate_table(study, arm) for arm in gated}
    drawings = tuple(
        Drawing(f"gates_{place}", f"{arm.label}: gate weight of each modality by class.", class_gate_figure(rows))
        for place, arm in enumerate(gated)
        if (rows := gate_rows(study, arm))
    )
    sentence = (
        "How much the gate leans on each modality, on the mean over the test records of a class; both add up to "
        "1. A weight says what the network used, not what the diagnosis needs. Bars are of each arm's first seed."
    )
    return Section("gates", "Gate weights", (sentence,), tables, drawings)


def gate_rows(study: Study, arm: Arm) -> list[dict[str, Any]]:
    """Give one row a class with a record, as `class_gate_figure` takes them, of the arm's first gated seed."""
    pool = next((pool for pool in arm.pools.values() if pool.gates is not None), None)
    if pool is None or pool.gates is None:
        return []
    means = gates_by_class(pool.gates, pool.labels)
    rows = zip(study.classes.names, means.by_class.tolist(), means.records.tolist(), strict=True)
    return [
        {"code": name, "name": name, "time": time, "spectrogram": image, "records": count}
        for name, (time, image), count in rows
        if count
    ]


def gate_table(study: Study, arm: Arm) -> pd.DataFrame:
    """Give one row a class: records, weight of the time series over all folds, and in each fold."""
    pool = next(pool for pool in arm.pools.values() if pool.gates is not None)
    assert pool.gates is not None
    whole = gates_by_class(pool.gates, pool.labels)
    table: dict[str, list[object]] = {
        "class": [*study.classes.names, "all records"],
        "records": [*whole.records.tolist(), len(pool)],
        "time": [number(value) for value in (*whole.by_class[:, 0], whole.overall[0])],
    }
    for fold in sorted(set(pool.folds.tolist())):
        rows = pool.folds == fold
        means = gates_by_class(pool.gates[rows], pool.labels[rows])
        table[f"fold {fold}"] = [number(value, 2) for value in (*means.by_class[:, 0], means.overall[0])]
    return pd.DataFrame(table)
