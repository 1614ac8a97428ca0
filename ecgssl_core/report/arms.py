"""Arms, the rows of a table: the chosen runs of one name and one share of the labels, pooled seed by seed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ecgssl_core.report.choice import Chosen
from ecgssl_core.report.finished import PURE, Finished
from ecgssl_core.report.pooling import Pool, pool

# the paper's order; others come after these, by name
ORDER = ("T", "S", "TSC", "TSG", "SSL-T", "SSL-S", "SSL-TSC", "SSL-TSG")
BASELINES = ("inactive", "silent", "all-one", "best-constant", "prevalence", "age-sex", "features")


@dataclass(frozen=True, eq=False)
class Arm:
    """The chosen runs of one name, exposure and share of the labels, by seed and fold.

    Attributes:
        base: its name in the settings, such as SSL-TSG.
        exposure: what pretraining may have seen.
        share: share of the training patients whose labels were used.
        variant: transformations of the encoders' pretraining.
        runs: one for each seed and fold.
        codes: the classes.
    """

    base: str
    exposure: str
    share: float
    variant: str
    runs: tuple[Finished, ...]
    codes: tuple[str, ...]

    @property
    def label(self) -> str:
        """Its name in tables; an exposure other than fold-pure is part of it."""
        return self.base if self.exposure in PURE else f"{self.base} ({self.exposure})"

    @property
    def title(self) -> str:
        """Its name with the share of the labels, where that is not all."""
        return self.label if self.share == 1 else f"{self.label} · {self.share:.0%} of labels"

    @property
    def is_baseline(self) -> bool:
        """Whether no network was trained."""
        return self.base in BASELINES

    @cached_property
    def pools(self) -> dict[int, Pool]:
        """Give, for each seed, the records of its folds together."""
        seeds: dict[int, list[Finished]] = defaultdict(list)
        for run in self.runs:
            seeds[run.settings.training.seed].append(run)
        return {
            seed: pool([(run.test, run.results["decision"]["thresholds"]) for run in seeds[seed]], self.codes)
            for seed in sorted(seeds)
        }

    @property
    def folds(self) -> set[int]:
        """Give the folds that it was scored on, with any seed."""
        return {run.settings.data.fold for run in self.runs}

    def at(self, seed: int, fold: int) -> Finished | None:
        """Give the run of a seed and fold."""
        return next((run for run in self.runs if run.place[3:] == (seed, fold)), None)


def gather(chosen: Sequence[Chosen], codes: tuple[str, ...]) -> list[Arm]:
    """Give the arms in the paper's order, each with the share of the labels falling.

    Raises:
        RunError: two runs of an arm scored the same record.
    """
    groups: dict[tuple[str, str, float], list[Finished]] = defaultdict(list)
    for each in chosen:
        groups[each.run.place[:3]].append(each.run)
    arms = [Arm(*key, runs[0].variant, tuple(runs), codes) for key, runs in groups.items()]
    return sorted(arms, key=lambda arm: (*rank_of(arm.base), arm.exposure not in PURE, arm.exposure, -arm.share))


def rank_of(base: str) -> tuple[int, int, str]:
    """Give where an arm of that name stands among others: the paper's first and in its order, the baselines last."""
    for part, names in enumerate((ORDER, BASELINES)):
        if base in names:
            return 2 * part, names.index(base), ""
    return 1, 0, base
