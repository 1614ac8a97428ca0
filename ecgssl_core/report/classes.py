"""Class by class: positives, metrics with intervals, ROC and precision-recall curves."""

import numpy as np
import pandas as pd

from ecgssl_core.evaluation import Interval
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.cross_checks import LEVEL, cross_check
from ecgssl_core.report.curves import Kind, class_curves
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import NONE, TITLES, chance, with_ends

_SHORT = {"auroc": "AUROC", "auprc": "AUPRC"}
_CURVES: dict[Kind, str] = {"roc": "ROC curve of each class", "pr": "Precision-recall curve of each class"}


def classes_section(study: Study) -> Section:
    """Give AUROC and AUPRC of each class and arm with intervals, and the curves of the classes in the macro means."""
    tables = {f"{title} of each class, mean over seeds": class_table(study, name) for name, title in _SHORT.items()}
    tested = delong_table(study)
    if tested is not None:
        tables["DeLong's test of SSL-TSG against SSL-T, class by class, as a cross-check"] = tested
    sentences = (
        "A class with few positives has a wide interval, and is in no macro mean with fewer than 10. Curves are those "
        "of each arm's first seed; grey is chance.",
    )
    drawings = tuple(
        Drawing(kind, f"{words}, arm over arm.", class_curves(study, kind), 900) for kind, words in _CURVES.items()
    )
    return Section("classes", "Class by class", sentences, tables, drawings)


def metric_section(study: Study, name: str) -> Section:
    """Give one metric (auroc, auprc or f_measure) of each class and network with its interval."""
    title = f"{TITLES[name]} of each class, mean over seeds, with 95 % intervals over patients"
    sentence = "A class with few positives has a wide interval, and is in no macro mean with fewer than 10."
    return Section(f"classes_{name}", title, (sentence,), {"": class_table(study, name)})


def class_table(study: Study, name: str) -> pd.DataFrame:
    """Give one row a class: name, positives, and of each network that used all labels the metric with its interval."""
    reference = max((pool for arm in study.networks for pool in arm.pools.values()), key=len)
    table: dict[str, list[object]] = {
        "class": list(study.classes.names),
        "positives": (reference.labels == 1).sum(axis=0).tolist(),
    }
    for arm in study.networks:
        ends = study.estimate(arm).per_class[name].T.tolist()
        table[arm.label] = [with_ends(Interval(*values)) for values in ends]
    lacking = np.max([study.estimate(arm).lacking for arm in study.networks], axis=0)
    table["replicates lacking it"] = [f"{share:.1%}" for share in lacking]
    return pd.DataFrame(table)


def delong_table(study: Study) -> pd.DataFrame | None:
    """Give DeLong's test of each class for the paper's main claim, on one record a patient; None without both arms."""
    arms = study.find("SSL-TSG"), study.find("SSL-T")
    if arms[0] is None or arms[1] is None:
        return None
    first, second = (next(iter(arm.pools.values())) for arm in arms if arm)
    first, second = first.only(second.keys), second.only(first.keys)
    if not len(first):
        return None
    checks = cross_check(first, second)
    found = checks.auroc
    rounds = zip(study.classes.names, found.difference, found.low, found.high, found.p, checks.corrected, strict=True)
    return pd.DataFrame(
        [
            {
                "class": name,
                "AUROC, difference [95 %]": with_ends(Interval(float(value), float(low), float(high)), signed=True),
                "p": chance(float(p)),
                "p, Holm": chance(corrected),
                "holds up": NONE if p != p else "yes" if corrected < LEVEL else "no",
            }
            for name, value, low, high, p, corrected in rounds
        ]
    )
