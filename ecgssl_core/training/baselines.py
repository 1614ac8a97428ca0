"""What a network must beat: constant answers, prevalence, age and sex, measured features; as runs like others.

None of them sees a validation or test label but where a network would: to decide, and to be scored once.
"""

import numpy as np
import torch
from numpy.typing import NDArray

from ecgssl_core.corpus.leaks import hashes_seen
from ecgssl_core.errors import RunError
from ecgssl_core.evaluation import challenge_metric, credit_of
from ecgssl_core.inference.score_pack import Scores
from ecgssl_core.models.manifest import Decision
from ecgssl_core.runs import RunDir
from ecgssl_core.settings import Settings

from .decide import ALPHA, conformal_thresholds, decide
from .halves import in_selection
from .judgement import mean_log_loss
from .logistic import fit_logistic, prevalence_logits
from .provenance import provenance
from .record_features import record_features
from .recordings import Rows
from .results import CONSTANT, predictions, results
from .split import Split, split

Floats = NDArray[np.float64]

_FOUND = ", found on half of the validation patients"
_PENALTIES = (1.0, 10.0, 100.0, 1000.0)
_SECONDS = 60  # of a long record that features are measured on


def baseline(settings: Settings, run: RunDir) -> bool:
    """Fit a baseline on the training fold, decide on the validation fold, score the test fold once.

    Args:
        settings: `baseline.kind` says which.
        run: its folder; it holds predictions and scores at the end.

    Raises:
        EcgError: pack or folds do not allow it, or the run has been scored.
    """
    if run.results() is not None:
        raise RunError(f"The run {run.name} has been scored already; what nothing has seen is scored once.")
    part = split(settings)
    run.write_provenance(
        {
            **provenance(settings, torch.device("cpu")),
            "packs": [part.pack.digest],
            "folds": part.folds_digest,
            "records": len(part.train),
            "seen": sorted(hashes_seen(part.pack, [*part.train, *part.validation])),
        }
    )
    if settings.baseline.kind in CONSTANT:
        decision = constant_decision(settings.baseline.kind, part)
        validation, test = (Scores(np.zeros((len(rows), len(part.classes))), None) for rows in _held_out(part))
    else:
        validation, test = (Scores(logits, None) for logits in _fitted(settings, part))
        decision = decide(validation.logits, part.labels[part.validation], part.patients(part.validation), part.classes)
    run.write_predictions(predictions(part, decision, validation, test, settings.data.fold))
    run.write_results(results(part, decision, validation, test, settings))
    run.write_state("running", 1, 1, 1, 1)
    return True


def constant_decision(kind: str, part: Split) -> Decision:
    """Give the decision by which logits of 0, probabilities of one half, say the same of every record.

    Args:
        kind: inactive (sinus rhythm alone, or the first class of a set without it), silent, all-one, or best-constant,
            the set found on validation records.
        part: the fold.
    """
    codes = part.classes.codes
    credit = credit_of(codes)
    named = np.zeros(len(codes), dtype=np.bool_)
    if kind == "inactive":
        named[credit.normal] = True
    elif kind == "all-one":
        named[:] = True
    elif kind == "best-constant":
        chosen_on = part.validation[in_selection(part.patients(part.validation))]
        named = best_constant(part.labels[chosen_on], credit.weights, credit.normal)
    half = np.full((len(part.validation), len(codes)), 0.5)
    return Decision(
        temperature=(1.0,) * len(codes),
        bias=(0.0,) * len(codes),
        # one half reaches the first and not the second
        thresholds=tuple(np.where(named, 0.5, 1.0).tolist()),
        rule=f"The same answer for every record ({kind}{_FOUND if kind == 'best-constant' else ''}).",
        conformal=conformal_thresholds(half, part.labels[part.validation], part.patients(part.validation)),
        alpha=ALPHA,
    )


def best_constant(labels: NDArray[np.int8], weights: Floats, normal: int) -> NDArray[np.bool_]:
    """Give the set of classes, (classes,), that named for every record gains most: greedily, from the normal one alone.

    A class is added or taken away as long as the challenge metric rises.

    Args:
        labels: (records, classes).
        weights: (classes, classes) of the challenge metric.
        normal: place of the normal class.
    """
    named: NDArray[np.bool_] = np.arange(labels.shape[1]) == normal
    best = 0.0  # that of the normal class alone
    while True:
        others = [named ^ (np.arange(len(named)) == place) for place in range(len(named))]
        metrics = [challenge_metric(labels, np.tile(other, (len(labels), 1)), weights, normal) for other in others]
        place = int(np.argmax(metrics))
        if metrics[place] <= best + 1e-12:
            return named
        named, best = others[place], metrics[place]


def _held_out(part: Split) -> tuple[Rows, Rows]:
    return part.validation, part.test


def _fitted(settings: Settings, part: Split) -> tuple[Floats, Floats]:
    """Give the logits of the validation and the test records."""
    known = part.labels[part.train]
    if settings.baseline.kind == "prevalence":
        prevalence = prevalence_logits(known)
        validation, test = (np.tile(prevalence, (len(rows), 1)) for rows in _held_out(part))
        return validation, test
    describe = age_and_sex if settings.baseline.kind == "age-sex" else measured
    train, validation, test = (describe(part, rows) for rows in (part.train, *_held_out(part)))
    penalties = (settings.baseline.penalty,) if settings.baseline.penalty else _PENALTIES
    models = [fit_logistic(train, known, penalty) for penalty in penalties]
    on = in_selection(part.patients(part.validation))
    truth = part.labels[part.validation][on]
    losses = [mean_log_loss(truth, model.logits(validation[on])) for model in models]
    best = models[int(np.argmin(losses))]
    return best.logits(validation), best.logits(test)


def age_and_sex(part: Split, rows: Rows) -> Floats:
    """Give age in decades and its square, whether it is missing, and two marks of sex; (records, 5)."""
    table = part.pack.table.iloc[rows]
    age, sex = table["age"].to_numpy(dtype=np.float64) / 10, table["sex"]
    marks = [(sex == name).to_numpy(dtype=np.float64) for name in ("female", "male")]
    return np.column_stack([age, age**2, np.isnan(age), *marks])


def measured(part: Split, rows: Rows) -> Floats:
    """Give the measured features of records, (records, features)."""
    samples = round(_SECONDS * part.pack.rate)
    signals = (part.pack.signal(int(row), 0, samples) for row in rows)
    return np.stack([record_features(signal, part.pack.rate) for signal in signals])
