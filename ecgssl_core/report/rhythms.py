"""The score of the challenge of 2017, for runs on its four classes: arms beside each other, and against the first."""

from collections import defaultdict

import numpy as np
import pandas as pd

from ecgssl_core.evaluation import Interval
from ecgssl_core.evaluation.rhythm_2017 import (
    RHYTHMS,
    class_f1,
    is_rhythm_set,
    rhythm_samples,
    rhythm_table,
    sampled_interval,
)
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Section
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import NONE, ranges, with_ends

_SENTENCES = (
    "One answer a record, the highest logit. F1 of a class is 2 · hits / (row + column) of the table of true and "
    "answered rhythms; the challenge's score is the mean of N, A and O, and noise is in the table alone.",
    "Nobody knows the patients of this corpus: folds are of records, and the same person may be on both sides. The "
    "numbers come from folds of the public records and compare with no score on the hidden ones.",
)
_TABLE = "True rhythm (rows) and answer (columns), all seeds"


def rhythm_section(study: Study) -> Section | None:
    """Give F1 of each arm that keeps an answer a record; None where the classes are others."""
    if not is_rhythm_set(study.classes.codes):
        return None
    arms = {arm: frames for arm in study.whole if (frames := _frames(arm))}
    if not arms:
        return None
    first = next(iter(arms))
    rows = [_row(study, arm, frames, {} if arm is first else arms[first]) for arm, frames in arms.items()]
    tables = {"": pd.DataFrame(rows).rename(columns={"less": f"F1 less that of {first.title}"})}
    for arm, frames in arms.items():
        tables[f"{arm.title}. {_TABLE}"] = _counted(frames)
    return Section("rhythms", "Challenge of 2017", _SENTENCES, tables)


def _frames(arm: Arm) -> dict[int, pd.DataFrame]:
    """Give, for each seed, key, patient, truth and answer of the records of all folds, in the order of their keys."""
    seeds: dict[int, list[pd.DataFrame]] = defaultdict(list)
    for run in arm.runs:
        if "answer" not in run.test.columns:
            return {}
        seeds[run.settings.training.seed].append(run.test)
    return {seed: _frame(pd.concat(parts)) for seed, parts in sorted(seeds.items())}


def _frame(test: pd.DataFrame) -> pd.DataFrame:
    truth = test[[f"y_{code}" for code in RHYTHMS]].to_numpy().argmax(axis=1)
    answer = test["answer"].map(RHYTHMS.index).to_numpy()
    columns = {"patient": test["patient"].to_numpy(dtype=str), "truth": truth, "answer": answer}
    return pd.DataFrame(columns, index=test["key"]).sort_index()


def _row(study: Study, arm: Arm, frames: dict[int, pd.DataFrame], first: dict[int, pd.DataFrame]) -> dict[str, str]:
    whole = [_scored(study, frame) for frame in frames.values()]
    mean, *classes = _intervals(*(np.mean(parts, axis=0) for parts in zip(*whole, strict=True)))
    about = {"arm": arm.title, "folds": ranges(arm.folds), "seeds": ranges(frames)}
    counts = {"records": f"{len(next(iter(frames.values()))):,}"}
    values = {"F1": with_ends(mean)} | {
        f"F1 {name}": with_ends(one) for name, one in zip(RHYTHMS, classes, strict=True)
    }
    return {**about, **counts, **values, "less": _less(study, frames, first)}


def _scored(study: Study, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Give the challenge's F1 and that of each class: (1 + classes,), and under the replicates."""
    truth, answers = frame["truth"].to_numpy(), frame["answer"].to_numpy()
    classes = class_f1(rhythm_table(truth, answers)[0])
    samples = rhythm_samples(
        truth, answers, frame["patient"].to_numpy(dtype=str), study.bootstrap.replicates, study.bootstrap.seed
    )
    return np.append(classes[:3].mean(), classes), samples


def _less(study: Study, frames: dict[int, pd.DataFrame], first: dict[int, pd.DataFrame]) -> str:
    """Give how much higher the challenge's F1 is than the first arm's, on what both scored with the same seeds."""
    values, samples = [], []
    for seed in set(frames) & set(first):
        keys = frames[seed].index.intersection(first[seed].index)
        if not len(keys):
            return NONE
        (one, ours), (other, theirs) = (_scored(study, of[seed].loc[keys]) for of in (frames, first))
        values.append(one[0] - other[0])
        samples.append(ours[:, 0] - theirs[:, 0])
    if not values:
        return NONE
    return with_ends(sampled_interval(float(np.mean(values)), np.mean(samples, axis=0)), signed=True)


def _intervals(values: np.ndarray, samples: np.ndarray) -> list[Interval]:
    return [sampled_interval(float(value), column) for value, column in zip(values, samples.T, strict=True)]


def _counted(frames: dict[int, pd.DataFrame]) -> pd.DataFrame:
    whole = pd.concat(frames.values())
    (table,) = rhythm_table(whole["truth"].to_numpy(), whole["answer"].to_numpy()).astype(int)
    return pd.DataFrame(table, columns=list(RHYTHMS)).assign(true=RHYTHMS)[["true", *RHYTHMS]]
