"""What must stand beside any number: corpus, folds, exposure, thresholds, classes, intervals, seeds, versions, gaps."""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ecgssl_core import __version__
from ecgssl_core.corpus.labels import LabelSet
from ecgssl_core.evaluation import credit_of
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Section
from ecgssl_core.report.finished import Finished
from ecgssl_core.report.scores import LEAST_POSITIVES
from ecgssl_core.report.study import Study
from ecgssl_core.report.words import ranges

_MAY_NOT = (
    "These numbers come from folds of public training data. They rank against no entry of a challenge, whose test data "
    "are hidden and score 0.10 to 0.20 lower, and they say nothing of use in the care of a patient."
)


def protocol_section(study: Study) -> Section:
    """Give what must be printed beside the numbers, and what is missing."""
    return Section(
        "protocol",
        "What stands beside every number",
        (_MAY_NOT, *gaps(study), *study.sentences),
        {"": pd.DataFrame(list(facts(study).items()), columns=["what", "here"])},
    )


def runs_section(study: Study) -> Section:
    """Give the runs that count, and how they were chosen."""
    rows = [
        {
            "arm": each.run.settings.arm,
            "exposure": each.run.exposure,
            "labels": f"{each.run.settings.data.label_share:.0%}",
            "seed": each.run.settings.training.seed,
            "fold": each.run.settings.data.fold,
            "run": each.run.name,
            "preset": each.run.settings.preset,
            "rate": f"{each.run.settings.optimiser.rate:g}",
            "transformations": each.run.variant,
            "among": each.among,
            "why": each.reason,
        }
        for each in study.chosen
    ]
    several = sum(each.among > 1 for each in study.chosen)
    sentences = [
        "Of runs that share arm, exposure, share of the labels, seed and fold, one counts: that with the lowest "
        "log-loss on its validation records, which scoring does not touch. "
        + (f"{several} of {len(rows)} were chosen so." if several else "Here each stands alone.")
    ]
    return Section("runs", "The runs", (*sentences, *_mixed_presets(study.arms)), {"": pd.DataFrame(rows)})


def facts(study: Study) -> dict[str, str]:
    """Give what is the same for all numbers, or differs between them, in words."""
    runs = [each.run for each in study.chosen]
    reference = max((pool for arm in study.whole for pool in arm.pools.values()), key=len)
    sources = Counter(reference.sources.tolist())
    positives = (reference.labels == 1).sum(axis=0)
    counted = (positives >= LEAST_POSITIVES) & (reference.labels == 0).any(axis=0)
    inside = [
        f"{short} {count}"
        for short, count, kept in zip(study.classes.abbreviations, positives, counted, strict=True)
        if kept
    ]
    return {
        "label set": _label_set(study.classes),
        "corpus": f"{_packs(runs)}; {len(reference):,} records of {len(np.unique(reference.patients)):,} patients "
        f"scored: {', '.join(f'{name} {count:,}' for name, count in sources.most_common())}",
        "leads": "12, the 12 distinct ones of the record",
        "folds": f"{_said(runs, 'folds')}; digest {str(runs[0].results.get('folds', ''))[:12] or 'not kept'}",
        "exposure in pretraining": _grouped({arm.title: arm.exposure for arm in study.arms}),
        "thresholds": _said(runs, "thresholds"),
        "calibration": _said(runs, "calibration"),
        "conformal sets": _said(runs, "conformal"),
        "test folds": _said(runs, "test"),
        "macro means": f"over the {counted.sum()} of {len(counted)} classes with at least {LEAST_POSITIVES} positives "
        f"in the pooled folds ({', '.join(inside)}); arms on fewer folds have fewer",
        "intervals": f"95 %, percentiles of {study.bootstrap.replicates:,} bootstrap replicates that draw patients "
        f"within each source (seed {study.bootstrap.seed}), the same for all arms; ± is a spread (standard deviation) "
        "over folds or seeds, no interval",
        "seeds": _grouped({arm.title: ranges(arm.pools) for arm in study.arms}),
        "code": _versions(runs),
    }


def gaps(study: Study) -> list[str]:
    """Say what was not run."""
    count = fold_count(study)
    sentences = [sentence for arm in study.arms for sentence in _missing_folds(arm, count)]
    few = [arm.title for arm in study.arms if len(arm.pools) < 3 and not arm.is_baseline]
    if few:
        sentences.append(f"Fewer than three seeds, so nobody can tell what is luck: {', '.join(few)}.")
    return sentences


def fold_count(study: Study) -> int | None:
    """Give how many folds the corpus was divided into, None where no arm has scored all of its records."""
    kept = {count for arm in study.arms for run in arm.runs if isinstance(count := run.results.get("fold_count"), int)}
    if len(kept) == 1:
        return kept.pop()
    whole = [max(arm.folds) + 1 for arm in study.arms for pool in arm.pools.values() if len(pool) == _labelled(arm)]
    return max(whole, default=None)


def _missing_folds(arm: Arm, count: int | None) -> list[str]:
    sentences = []
    for seed, pool in arm.pools.items():
        folds = set(pool.folds.tolist())
        missing = set(range(count or 0)) - folds
        if missing:
            sentences.append(f"{arm.title}, seed {seed}: {_folds(missing)} not run.")
        elif count is None:
            of_all = f" of {_labelled(arm):,} labelled" if _labelled(arm) else ""
            sentences.append(f"{arm.title}, seed {seed}: only {_folds(folds)} run, {len(pool):,}{of_all} records.")
    return sentences


def _folds(folds: set[int]) -> str:
    return f"{'fold' if len(folds) == 1 else 'folds'} {ranges(folds)}"


def _labelled(arm: Arm) -> int:
    """Give the number of labelled records of the corpus, 0 where the runs did not read all of them."""
    return max(sum(run.results["records"].values()) for run in arm.runs) if arm.share == 1 else 0


def _packs(runs: list[Finished]) -> str:
    names = {}
    for run in runs:
        packs = run.run.provenance().get("packs") or [""]
        name = run.settings.data.pack.replace("\\", "/").rstrip("/").rpartition("/")[2]
        names[name] = str(run.results.get("pack") or packs[0])[:12]
    return ", ".join(f"pack {name or 'not said'} ({digest or 'digest not kept'})" for name, digest in names.items())


def _grouped(values: Mapping[str, str]) -> str:
    """Give each value once, with the names that have it."""
    names = {value: [name for name, own in values.items() if own == value] for value in values.values()}
    return "; ".join(f"{value}: {', '.join(alike)}" for value, alike in names.items())


def _said(runs: list[Finished], key: str) -> str:
    """Give what the runs' own protocols say, each wording once with how many say so."""
    said = Counter(str(run.results["protocol"].get(key, "not said")) for run in runs)
    if len(said) == 1:
        return next(iter(said))
    return "; ".join(f"{text} ({count} runs)" for text, count in said.most_common())


def _versions(runs: list[Finished]) -> str:
    kept = [run.run.provenance() for run in runs]
    made = sorted({f"{one.get('version', '?')} ({str(one.get('revision', ''))[:9] or 'no revision'})" for one in kept})
    return f"runs by {', '.join(made)}; this report by {__version__}"


def _mixed_presets(arms: Iterable[Arm]) -> list[str]:
    mixed = {arm.title: sorted({run.settings.preset for run in arm.runs}) for arm in arms}
    return [
        f"{title} pools runs of several presets: {', '.join(presets)}."
        for title, presets in mixed.items()
        if len(presets) > 1
    ]


def _label_set(classes: LabelSet) -> str:
    credit = credit_of(classes.codes)
    if credit.year:
        return f"{classes.name}, {len(classes)} classes (challenge of {credit.year})"
    return (
        f"{classes.name}, {len(classes)} classes; no challenge has weights for them, so in the challenge metric a "
        f"right class earns 1, and {classes.names[credit.normal]} for every record earns 0"
    )
