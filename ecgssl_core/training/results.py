"""What a fine-tuning leaves to be read: predictions a record, scores with intervals."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.corpus.pack import Pack
from ecgssl_core.corpus.persons import patients_unknown
from ecgssl_core.evaluation import gates_by_class
from ecgssl_core.evaluation.rhythm_2017 import answered, is_rhythm_set, score_rhythms
from ecgssl_core.inference.score_pack import Scores
from ecgssl_core.models.manifest import Decision
from ecgssl_core.report.scores import REPLICATES, per_class, scored, summary
from ecgssl_core.settings import Settings

from .decide import probabilities
from .judgement import judgement, validation_losses
from .recordings import Rows
from .split import Split

CONSTANT = ("inactive", "silent", "all-one", "best-constant")  # baselines that say the same of every record
_EXPOSURES = {
    "fold_pure": "fold-pure: no held-out record seen",
    "external_pure": "external-pure: no record of this corpus seen",
    "transductive": "transductive",
}
_NO_JUDGEMENT: dict[str, Any] = {"thresholds": None, "calibration": None, "conformal": None}


def predictions(part: Split, decision: Decision, validation: Scores, test: Scores, fold: int) -> pd.DataFrame:
    """Give one row a record of the validation and the test fold: probability and label of each class, gate weights."""
    both = (("validation", part.validation, validation), ("test", part.test, test))
    frames = [_frame(part, decision, name, rows, scores) for name, rows, scores in both]
    return pd.concat(frames, ignore_index=True).assign(fold=fold)


def _frame(part: Split, decision: Decision, name: str, rows: Rows, scores: Scores) -> pd.DataFrame:
    table = part.pack.table.iloc[rows]
    found = probabilities(decision, scores.logits)
    frame = pd.DataFrame(
        {"key": table["key"].to_numpy(), "patient": part.patients(rows), "source": table["source"].to_numpy()}
    )
    frame["split"] = name
    columns = {f"p_{code}": found[:, place] for place, code in enumerate(part.classes.codes)}
    columns |= {f"y_{code}": part.labels[rows, place] for place, code in enumerate(part.classes.codes)}
    if scores.gates is not None:
        columns |= {"gate_time": scores.gates[:, 0], "gate_spectrogram": scores.gates[:, 1]}
    if is_rhythm_set(part.classes.codes):
        columns["answer"] = np.array(part.classes.codes, dtype=object)[answered(scores.logits)]
    return pd.concat([frame, pd.DataFrame(columns)], axis=1)


def results(part: Split, decision: Decision, validation: Scores, test: Scores, settings: Settings) -> dict[str, Any]:
    """Give what `metrics.json` holds: scores of both held-out folds, with intervals, gates by class."""
    thresholds = np.array(decision.thresholds)
    parts = {"validation": (part.validation, validation), "test": (part.test, test)}
    found = {
        name: scored(
            part.labels[rows],
            probabilities(decision, scores.logits),
            thresholds,
            part.patients(rows),
            part.classes.codes,
        )
        for name, (rows, scores) in parts.items()
    }
    return {
        "arm": f"{settings.arm} {settings.scored_on}" if settings.data.source else settings.arm,
        "fold": settings.data.fold,
        "protocol": protocol(settings, part.pack),
        "classes": list(part.classes.codes),
        "test": summary(found["test"]),
        "per_class": per_class(found["test"], part.classes.codes, part.classes.names, decision.thresholds),
        "bootstrap": {name: getattr(found["test"], name) for name in ("replicates", "seed", "lacking")},
        "validation": {
            name: interval["value"]
            for name, interval in summary(found["validation"]).items()
            if isinstance(interval, dict)
        }
        | validation_losses(part, validation),
        **(_NO_JUDGEMENT if is_constant(settings) else judgement(part, decision, validation, test)),
        "challenge_2017": rhythms(part, test),
        "gates": gates(part.labels[part.test], test, part.classes.codes),
        "records": {"train": len(part.train), "validation": len(part.validation), "test": len(part.test)},
        "support": (part.labels[part.train] == 1).sum(axis=0).tolist(),
        "decision": decision.model_dump(mode="json"),
        "folds": part.folds_digest,
        "fold_count": part.fold_count,
        "pack": part.pack.digest,
    }


def rhythms(part: Split, test: Scores) -> dict[str, Any] | None:
    """Give the score of the challenge of 2017 on the test fold, of the highest logit; None with other classes.

    Where a class is neither true nor answered, or a record has several, there is no such score: `why` says so.
    """
    if not is_rhythm_set(part.classes.codes):
        return None
    labels = part.labels[part.test] == 1
    if (labels.sum(axis=1) != 1).any():
        return {"why": "a record has several of these rhythms, which exclude one another"}
    try:
        found = score_rhythms(labels.argmax(axis=1), answered(test.logits), part.patients(part.test).astype(str))
    except ValueError as error:  # after hours of training the other figures are to be kept
        return {"why": str(error)}
    names = ("f1", *part.classes.codes)
    ends = {
        name: {"value": one.value, "low": one.low, "high": one.high}
        for name, one in zip(names, (found.f1, *found.per_class), strict=True)
    }
    return {**ends, "table": found.table.tolist(), "answer": "the highest logit; noise is not in the mean"}


def protocol(settings: Settings, pack: Pack) -> dict[str, str]:
    """Give in words what must stand beside every number."""
    unknown, table = patients_unknown(pack), pack.manifest.get("labels", "")
    unit = "patient" if pack.table["patient_known"].astype(bool).any() else "record"
    pretraining = "none"
    if settings.data.encoders:
        pretraining = _EXPOSURES[settings.data.exposure]
    constant = is_constant(settings)
    return {
        "labels": settings.data.classes + (f", from {table}" if table else ""),
        "folds": f"by {unit}, stratified within each source" + (f" ({unknown})" if unknown else ""),
        "pretraining": pretraining,
        "thresholds": "none, the answer is constant" if constant else "validation fold, for the challenge metric",
        "calibration": "none" if constant else "validation fold",
        "conformal": "half of the validation patients, which chose no network, one record each",
        "test": "scored once",
        "intervals": f"95 %, {REPLICATES} bootstrap replicates of patients",
    }


def is_constant(settings: Settings) -> bool:
    """Say whether the run gives the same answer for every record."""
    return settings.method == "baseline" and settings.baseline.kind in CONSTANT


def gates(labels: NDArray[np.int8], scores: Scores, codes: tuple[str, ...]) -> dict[str, Any] | None:
    """Give the mean gate weights of all records and of the records of each class; None without a gate."""
    if scores.gates is None:
        return None
    means = gates_by_class(scores.gates, labels)
    rows = zip(codes, means.by_class.tolist(), means.records.tolist(), strict=True)
    return {
        "mean": {"time": float(means.overall[0]), "spectrogram": float(means.overall[1])},
        "by_class": [
            {"code": code, "time": time, "spectrogram": image, "records": count} for code, (time, image), count in rows
        ],
    }
