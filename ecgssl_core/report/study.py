"""All that a report is made from: the arms, their estimates, and what was said while they were chosen."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ecgssl_core.corpus.labels import LabelSet, load_label_set
from ecgssl_core.errors import RunError
from ecgssl_core.report.arms import Arm, gather
from ecgssl_core.report.choice import Chosen, as_published, choose, refuse_mixtures
from ecgssl_core.report.finished import Finished
from ecgssl_core.report.intervals import Bootstrap, Estimate

PHAN = "Phan et al. 2022"
_PAPERS = {"xresnet1d50": PHAN, "wav2vec": "Oh et al. 2022"}


@dataclass(frozen=True, eq=False)
class Study:
    """The runs of a report.

    Attributes:
        arms: in the paper's order, runs with other transformations left to the ablation.
        variants: every arm and set of transformations, by (base name, transformations), all labels used.
        chosen: the runs that count in `arms`.
        classes: the label set.
        bootstrap: of all intervals.
        elsewhere: runs that hold a source out as a whole; no arm has them.
        sentences: what could not be read.
    """

    arms: tuple[Arm, ...]
    variants: dict[tuple[str, str], Arm]
    chosen: tuple[Chosen, ...]
    classes: LabelSet
    bootstrap: Bootstrap
    elsewhere: tuple[Finished, ...] = ()
    sentences: tuple[str, ...] = ()
    _estimates: dict[Arm, Estimate] = field(default_factory=dict)

    @property
    def whole(self) -> tuple[Arm, ...]:
        """The arms that used all labels; where none did, all of them."""
        return tuple(arm for arm in self.arms if arm.share == 1) or self.arms

    @property
    def networks(self) -> tuple[Arm, ...]:
        """Those of them that are no baselines; with none, all of them."""
        return tuple(arm for arm in self.whole if not arm.is_baseline) or self.whole

    @property
    def papers(self) -> tuple[str, ...]:
        """Whose networks these are, in the order of their papers: baselines alone stand beside the first."""
        found = {run.settings.encoder.series for arm in self.arms if not arm.is_baseline for run in arm.runs}
        return tuple(paper for series, paper in _PAPERS.items() if series in found) or (PHAN,)

    def estimate(self, arm: Arm) -> Estimate:
        """Give the pooled figures of an arm on the mean over its seeds, computed once."""
        if arm not in self._estimates:
            self._estimates[arm] = self.bootstrap.estimate(list(arm.pools.values()))
        return self._estimates[arm]

    def find(self, label: str, share: float = 1) -> Arm | None:
        """Give the arm of a name and share of the labels."""
        return next((arm for arm in self.arms if arm.label == label and arm.share == share), None)


def make_study(runs: Sequence[Finished], sentences: Sequence[str], replicates: int) -> Study:
    """Choose the runs that count, and pool them.

    Raises:
        RunError: the runs cannot stand in one table.
    """
    refuse_mixtures(runs)
    elsewhere = tuple(run for run in runs if run.source)
    runs = [run for run in runs if not run.source]
    if not runs:
        raise RunError("All of these runs hold a source out; report on them together with runs of folds.")
    classes = load_label_set(runs[0].settings.data.classes)
    chosen = choose(as_published(runs))
    return Study(
        arms=tuple(gather(chosen, classes.codes)),
        variants=_variants(runs, classes.codes),
        chosen=tuple(chosen),
        classes=classes,
        bootstrap=Bootstrap(classes.codes, replicates),
        elsewhere=elsewhere,
        sentences=tuple(sentences),
    )


def _variants(runs: Sequence[Finished], codes: tuple[str, ...]) -> dict[tuple[str, str], Arm]:
    groups: dict[str, list[Finished]] = defaultdict(list)
    for run in runs:
        groups[run.variant].append(run)
    found = {}
    for variant, alike in groups.items():
        for arm in gather(choose(alike), codes):
            if arm.share == 1 and variant:
                found[arm.label, variant] = arm
    return found
