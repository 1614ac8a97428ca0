"""Made runs: labels of a made corpus, and scores that follow them as closely as asked, as a training writes them."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.evaluation import METRICS
from ecgssl_core.runs import RunDir, create_run
from ecgssl_core.settings import Settings, load_preset, override

CLASSES = load_label_set("cinc2020")
RECORDS = 60  # of a fold
FOLDS = 3


def corpus(fold: int) -> tuple[np.ndarray, np.ndarray]:
    """The keys and labels of a fold's records, the same for every run; the rare classes have few positives."""
    chance = np.random.default_rng(fold)
    share = np.linspace(0.4, 0.02, len(CLASSES))
    labels = (chance.random((RECORDS, len(CLASSES))) < share).astype(np.int8)
    labels[labels.sum(axis=1) == 0, 0] = 1
    return np.array([f"made/{fold}-{place:03d}" for place in range(RECORDS)]), labels


def predictions(fold: int, signal: float, salt: str, gated: bool) -> pd.DataFrame:
    """Scores that rise with the label by `signal`; a patient has two records, and the gate differs by fold."""
    keys, labels = corpus(fold)
    seed = int.from_bytes(hashlib.sha256(f"{salt} {fold}".encode()).digest()[:4])
    noise = np.random.default_rng(seed).normal(size=labels.shape)
    scores = 1 / (1 + np.exp(2 - signal * labels - noise))
    patients = [f"{fold}-{place // 2}" for place in range(RECORDS)]
    frame = pd.DataFrame({"key": keys, "patient": patients, "source": "made", "split": "test"})
    columns: dict[str, Any] = {f"p_{code}": scores[:, place] for place, code in enumerate(CLASSES.codes)}
    columns |= {f"y_{code}": labels[:, place] for place, code in enumerate(CLASSES.codes)}
    if gated:
        columns |= {
            "gate_time": np.full(RECORDS, 0.7 - 0.2 * fold),
            "gate_spectrogram": np.full(RECORDS, 0.3 + 0.2 * fold),
        }
    return pd.concat([frame, pd.DataFrame(columns)], axis=1).assign(fold=fold)


def results(settings: Settings, **more: Any) -> dict[str, Any]:
    """What metrics.json holds, as far as the report reads it."""
    test = {name: {"value": 0.5 + 0.01 * settings.data.fold, "low": 0.4, "high": 0.6} for name in METRICS}
    return {
        "arm": settings.arm,
        "fold": settings.data.fold,
        "protocol": {"pretraining": "fold-pure: no held-out record seen", "thresholds": "from validation"},
        "classes": list(CLASSES.codes),
        "test": {**test, "classes_counted": 24},
        "per_class": [],
        "validation": {"auroc": 0.5},
        "gates": None,
        "records": {"train": RECORDS, "validation": RECORDS, "test": RECORDS},
        "decision": {"thresholds": [0.3] * len(CLASSES)},
        "folds": "one division",
        **more,
    }


def make_run(root: Path, *words: str, signal: float = 1.0, salt: str = "", **more: Any) -> RunDir:
    """A finished run of the preset quick-tsg with these settings."""
    settings = override(load_preset("quick-tsg"), ["classifier.frozen=[]", *words])
    run = create_run(settings, root)
    gated = settings.method == "supervised" and settings.arm.endswith("TSG")
    name = salt or f"{settings.arm} {settings.training.seed}"
    # a source that is held out holds the records of all folds
    folds = range(FOLDS) if settings.data.source else (settings.data.fold,)
    frames = [predictions(fold, signal, name, gated) for fold in folds]
    run.write_predictions(pd.concat(frames, ignore_index=True).assign(fold=settings.data.fold))
    run.write_results(results(settings, **more))
    run.add_metrics({"step": 1, "epoch": 1, "split": "train", "loss": 0.5})
    run.add_metrics({"step": 2, "epoch": 2, "split": "train", "loss": 0.25})
    run.write_state("done")
    return run


def make_encoder(root: Path, *words: str) -> RunDir:
    """A pretraining with these settings, without lead masking if they do not ask for it."""
    run = create_run(override(load_preset("quick-time"), ["views.lead_masking=false", *words]), root)
    run.add_metrics({"step": 1, "epoch": 1, "split": "train", "loss": 7.0, "teacher_entropy": 5.0})
    run.write_state("done")
    return run
