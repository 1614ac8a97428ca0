"""Confusion where records have several classes: what is called of those with a class, beside what they truly have."""

import numpy as np
import pandas as pd

from ecgssl_core.plots.heat import share_heat
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.curves import first_pool
from ecgssl_core.report.operating import Together, together
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import number

MOST = 12  # classes of a figure that is still readable
_SENTENCE = (
    "A record may have several classes, so a class that is called beside another is no mistake by itself. Of the "
    "records with the class of a row: how often the class of the column is called, how often they truly have it, and "
    "how often it is called of those that do not have it. Only the last is confusion."
)
_KINDS = {
    "called": "Called, of the records with the row's class",
    "there": "Truly there, of the same records",
    "beyond": "Called though not there",
}


def commonest(study: Study, arm: Arm, count: int = MOST) -> list[str]:
    """Give the codes of the classes with most positives, in the order of the label set; none without a positive."""
    positives = (first_pool(arm).labels == 1).sum(axis=0)
    order = np.argsort(-positives, kind="stable")[:count]
    return [code for place, code in enumerate(study.classes.codes) if place in order and positives[place]]


def confusion_section(study: Study, arm: Arm, codes: list[str] | None = None) -> Section:
    """Give how an arm's first seed calls classes together, beside how they occur together.

    Args:
        study: the runs.
        arm: whose answers.
        codes: classes of rows and columns; the commonest without them.
    """
    chosen = codes or commonest(study, arm)
    places = [study.classes.codes.index(code) for code in chosen]
    found = together(first_pool(arm), places)
    short = [study.classes.abbreviations[place] for place in places]
    names = [study.classes.names[place] for place in places]
    drawings = tuple(
        Drawing(
            f"confusion_{kind}",
            f"{title}: shares by class, {arm.title}.",
            share_heat(short, names, getattr(found, kind), found.records.tolist(), title),
            420,
        )
        for kind, title in _KINDS.items()
    )
    sentences = (_SENTENCE, f"{arm.title}, first seed, test folds pooled, {len(chosen)} classes.")
    return Section("confusion", "Called together, and there together", sentences, {"": _table(names, found)}, drawings)


def _table(names: list[str], found: Together) -> pd.DataFrame:
    pairs = [(row, column) for row in range(len(names)) for column in range(len(names)) if row != column]
    rows = [
        {
            "of the records with": names[row],
            "records": int(found.records[row]),
            "class": names[column],
            "called": number(found.called[row, column]),
            "truly there": number(found.there[row, column]),
            "called though not there": number(found.beyond[row, column]),
        }
        for row, column in pairs
    ]
    return pd.DataFrame(rows)
