"""A pack in small tables: its sources, classes, people and folds, as people look at them."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.corpus.folds import AGE_BANDS, Folds
from ecgssl_core.corpus.groups import group_rows
from ecgssl_core.corpus.labels import LabelSet
from ecgssl_core.corpus.pack import Pack

SEXES = ("female", "male", "unknown")


def by_source(pack: Pack) -> pd.DataFrame:
    """Give one row a source: records, labelled, patients, hours, shortest and longest in seconds, rates, age, women.

    `patients` is missing where no record of the source has one; `women` is the share among records whose sex is known.
    """
    return pd.DataFrame([_source(str(name), part, pack.rate) for name, part in pack.table.groupby("source")])


def prevalence(pack: Pack, classes: LabelSet) -> pd.DataFrame:
    """Give one row a class, in the order of the label set: abbreviation, name, records of each source, records in all.

    `unknown` counts labelled records of which nobody has said whether they have the class.
    """
    labels, source = pack.labels(classes), pack.table["source"].to_numpy()
    labelled = pack.table["codes"].notna().to_numpy()
    columns = {name: (labels[source == name] == 1).sum(axis=0) for name in sorted(set(source))}
    table = pd.DataFrame({"code": classes.codes, "class": classes.abbreviations, "name": classes.names, **columns})
    return table.assign(records=(labels == 1).sum(axis=0), unknown=(labels[labelled] == -1).sum(axis=0))


def people(pack: Pack) -> pd.DataFrame:
    """Give the records of each age band, one row a band, one column a sex."""
    return age_bands(pack.table["age"].to_numpy(dtype=float), pack.table["sex"].fillna("unknown").to_numpy())


def age_bands(age: NDArray[np.float64], sex: NDArray[np.object_]) -> pd.DataFrame:
    """Give the counts of each age band, one row a band, one column a sex.

    Args:
        age: in years, NaN where unknown.
        sex: female, male or unknown.
    """
    starts = (0, *AGE_BANDS)
    names = [f"{low} to {high - 1}" for low, high in zip(starts, AGE_BANDS, strict=False)] + [f"{AGE_BANDS[-1]} up"]
    band = np.where(np.isnan(age), len(names), np.digitize(age, AGE_BANDS))
    counts = {name: np.bincount(band[sex == name], minlength=len(names) + 1) for name in SEXES}
    return pd.DataFrame({"age": [*names, "unknown"], **counts})


def by_fold(pack: Pack, folds: Folds, classes: LabelSet) -> pd.DataFrame:
    """Give one row a fold: records, groups that stay together, and records of each class that occurs at all."""
    present = pack.labels(classes) == 1
    occurring = np.flatnonzero(present.any(axis=0))
    group = group_rows(pack)
    rows = []
    for fold in range(folds.count):
        inside = folds.fold == fold
        counts = {classes.abbreviations[at]: int(present[inside, at].sum()) for at in occurring}
        rows.append({"fold": fold, "records": int(inside.sum()), "groups": len(set(group[inside])), **counts})
    return pd.DataFrame(rows)


def _source(name: str, part: pd.DataFrame, rate: float) -> dict[str, object]:
    seconds, known = part["samples"] / rate, part["sex"].notna()
    return {
        "source": name,
        "records": len(part),
        "labelled": int(part["codes"].notna().sum()),
        "patients": int(part["patient"].nunique()) or None,
        "hours": float(seconds.sum() / 3600),
        "shortest_s": float(seconds.min()),
        "longest_s": float(seconds.max()),
        "rates_hz": ", ".join(f"{value:g}" for value in sorted(part["file_rate_hz"].unique())),
        "median_age": float(part["age"].median()),
        "women": float((part["sex"][known] == "female").mean()) if known.any() else None,
    }
