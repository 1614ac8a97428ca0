"""Which run counts where several share arm, exposure, share of the labels, seed and fold."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ecgssl_core.errors import RunError
from ecgssl_core.report.finished import Finished
from ecgssl_core.report.variants import is_whole

# conformal sets are calibrated on one half of the validation patients, so the other half decides where that was kept
_LOSSES = {
    "selection_log_loss": "log-loss on the deciding half of the validation patients",
    "log_loss": "validation log-loss",
}


@dataclass(frozen=True, eq=False)
class Chosen:
    """A run that counts, among how many, and why it does."""

    run: Finished
    among: int
    reason: str


def refuse_mixtures(runs: Sequence[Finished]) -> None:
    """Stop where runs cannot stand in one table.

    Raises:
        RunError: they have different label sets, or were scored on different divisions into folds.
    """
    sets = {run.settings.data.classes for run in runs}
    if len(sets) > 1:
        raise RunError(f"The runs have the label sets {' and '.join(sorted(sets))}; report on each apart.")
    divisions: dict[str, Finished] = {str(run.results.get("folds", "")): run for run in runs}
    if len(divisions) > 1:
        names = " and ".join(run.name for run in list(divisions.values())[:2])
        raise RunError(f"Runs such as {names} were scored on different divisions into folds; report on each apart.")


def choose(runs: Iterable[Finished]) -> list[Chosen]:
    """Give one run for each arm, exposure, share of the labels, seed and fold, in this order.

    Of several the one with the lowest log-loss on validation records counts, or the newest where one of them lacks it.
    """
    places: dict[tuple[str, str, float, int, int], list[Finished]] = defaultdict(list)
    for run in runs:
        places[run.place].append(run)
    return [_best(places[place]) for place in sorted(places)]


def as_published(runs: Sequence[Finished]) -> list[Finished]:
    """Give the runs of each arm whose encoders had all transformations of the paper, or else the commonest ones.

    Runs with other transformations belong to the ablation alone.
    """
    arms: dict[tuple[str, str, float], list[Finished]] = defaultdict(list)
    for run in runs:
        arms[run.place[:3]].append(run)
    return [run for of_arm in arms.values() for run in of_arm if run.variant == main_variant(of_arm)]


def main_variant(runs: Sequence[Finished]) -> str:
    """Give the transformations that an arm is reported with."""
    counts = Counter(run.variant for run in runs)
    return max(counts, key=lambda variant: (is_whole(variant), counts[variant], variant))


def _best(runs: list[Finished]) -> Chosen:
    if len(runs) == 1:
        return Chosen(runs[0], 1, "the only one")
    for name, words in _LOSSES.items():
        losses = {run: loss for run in runs if (loss := run.validation_loss(name)) is not None}
        if len(losses) == len(runs):
            best = min(runs, key=lambda run: (losses[run], run.name))
            return Chosen(best, len(runs), f"lowest {words}, {losses[best]:.4f}")
    return Chosen(max(runs, key=lambda run: run.name), len(runs), "the newest: not all kept a validation log-loss")
