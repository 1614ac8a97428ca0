"""Gate weights of the arms that have a gate, class by class and fold by fold."""

import pandas as pd

from ecgssl_core.evaluation import gates_by_class
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Section
from ecgssl_core.report.leaning import gated_arms, leaning_section
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import number


def gates_section(study: Study) -> Section | None:
    """Give the gate weights of each gated arm, by class and fold, beside the ablation; None without a gate."""
    gated = gated_arms(study)
    if not gated:
        return None
    found = [leaning_section(study, arm) for arm in gated]
    tables = {each.title: table for each in found for table in each.tables.values()}
    tables |= {f"{arm.label}: weight of the time series by class and fold": gate_table(study, arm) for arm in gated}
    sentences = tuple(dict.fromkeys(sentence for each in found for sentence in each.sentences))
    drawings = tuple(drawing for each in found for drawing in each.drawings)
    return Section("gates", "Gate weights", sentences, tables, drawings)


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
