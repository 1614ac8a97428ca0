"""What the gate leans on, class by class with its spread over folds, beside what leaving a modality out does."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.evaluation import Interval, gates_by_class
from ecgssl_core.plots.leaning import Leaning, leaning_figure
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.compared import paired_pools
from ecgssl_core.report.pooling import Pool
from ecgssl_core.report.scores import LEAST_POSITIVES
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import NONE, number, spread, with_ends

Floats = NDArray[np.float64]
AGREE, APART, OPEN, FEW = "agree", "disagree", "open", "too few records"
_WORDS = (
    "How much the gate leans on the time series, on the mean over the test records of a class, a point a fold. A "
    "weight says what the network used, not what the diagnosis needs."
)
_ABLATION = (
    "Beside it what the diagnosis needs: the AUROC of the arm that has the time series alone less that of the arm that "
    "has the spectrogram alone, on the same records. Where its interval leaves 0 out and points away from the gate, "
    "the two disagree; where it holds 0, or fewer than 10 records have the class, nothing can be said."
)
_NO_ABLATION = "The arms {0} and {1} are not among these runs; with them, leaving a modality out would stand beside it."


@dataclass(frozen=True, eq=False)
class Ablation:
    """AUROC of each class: the whole arm less the one without a modality, and both such arms against each other.

    Each is (3, classes): value, low, high. positives: (classes,) records with the class, the fewest of these pairs.
    """

    time_adds: Floats
    spectrogram_adds: Floats
    time_over_spectrogram: Floats
    positives: NDArray[np.int64]


def gated_arms(study: Study) -> list[Arm]:
    """Give the arms that have a gate."""
    return [arm for arm in study.whole if _gated(arm) is not None]


def leaning_section(study: Study, arm: Arm) -> Section:
    """Give the gate weights of an arm by class and fold, beside the ablation of its modalities where both were run.

    Args:
        study: the runs.
        arm: one of `gated_arms`.
    """
    pool = _gated(arm)
    assert pool is not None
    assert pool.gates is not None
    whole = gates_by_class(pool.gates, pool.labels)
    folds = sorted(set(pool.folds.tolist()))
    of_folds = np.array([_weights(pool, fold) for fold in folds])  # (folds, classes)
    ablation = ablate(study, arm)
    leanings, rows = [], []
    for place, name in enumerate(study.classes.names):
        if not whole.records[place]:
            continue
        weights = of_folds[:, place][~np.isnan(of_folds[:, place])]
        gap = None if ablation is None else Interval(*ablation.time_over_spectrogram[:, place].tolist())
        enough = ablation is not None and ablation.positives[place] >= LEAST_POSITIVES
        verdict = judge(float(whole.by_class[place, 0]), gap) if enough or ablation is None else FEW
        known = gap if gap is not None and gap.value == gap.value else None
        leanings.append(
            Leaning(
                name,
                float(whole.by_class[place, 0]),
                weights.tolist(),
                None if known is None else (known.value, known.low, known.high),
                verdict == APART,
            )
        )
        rows.append(_row(name, int(whole.records[place]), float(whole.by_class[place, 0]), weights, ablation, place))
        rows[-1]["gate and ablation"] = verdict
    sentences = (_WORDS, _ABLATION if ablation else _NO_ABLATION.format(*_twins(arm)))
    figure = leaning_figure(leanings, folds)
    drawing = Drawing(
        f"leaning_{arm.base}", f"{arm.title}: gate weight of the time series by class and fold.", figure, 420
    )
    return Section("leaning", f"Gate weights of {arm.title}", sentences, {"": pd.DataFrame(rows)}, (drawing,))


def ablate(study: Study, arm: Arm) -> Ablation | None:
    """Give what each modality adds, from the arms that have one of them alone; None where one of these was not run."""
    time, image = (study.find(label, arm.share) for label in _twins(arm))
    if time is None or image is None:
        return None
    pairs = [paired_pools(*two) for two in ((arm, image), (arm, time), (time, image))]
    if not all(pairs):
        return None
    positives = np.min([(pool.labels == 1).sum(axis=0) for each in pairs for two in each for pool in two], axis=0)
    differences = [study.bootstrap.class_differences(each, "auroc") for each in pairs]
    return Ablation(differences[0], differences[1], differences[2], positives)


def judge(weight: float, gap: Interval | None) -> str:
    """Say whether gate and ablation agree on which modality matters more; open where the ablation cannot tell.

    Args:
        weight: of the time series in the gate, in [0, 1].
        gap: how much more AUROC the time series alone has than the spectrogram alone.
    """
    if gap is None or not (gap.low > 0 or gap.high < 0):
        return OPEN
    return AGREE if (weight > 0.5) == (gap.low > 0) else APART


def _twins(arm: Arm) -> tuple[str, str]:
    return arm.base.replace("TSG", "T"), arm.base.replace("TSG", "S")


def _gated(arm: Arm) -> Pool | None:
    return next((pool for pool in arm.pools.values() if pool.gates is not None), None)


def _weights(pool: Pool, fold: int) -> Floats:
    assert pool.gates is not None
    rows = pool.folds == fold
    found: Floats = gates_by_class(pool.gates[rows], pool.labels[rows]).by_class[:, 0]
    return found


def _row(
    name: str, records: int, weight: float, weights: Floats, ablation: Ablation | None, place: int
) -> dict[str, object]:
    sd = float(weights.std(ddof=1)) if len(weights) > 1 else float("nan")
    row: dict[str, object] = {
        "class": name,
        "records": records,
        "gate on time": number(weight),
        "mean ± sd over folds": spread(float(weights.mean()), sd) if len(weights) else NONE,
        "lowest to highest fold": f"{weights.min():.2f} to {weights.max():.2f}" if len(weights) else NONE,
    }
    if ablation:
        parts = {
            "time adds": ablation.time_adds,
            "spectrogram adds": ablation.spectrogram_adds,
            "time alone − spectrogram alone": ablation.time_over_spectrogram,
        }
        row |= {title: with_ends(Interval(*part[:, place].tolist()), signed=True) for title, part in parts.items()}
    return row
