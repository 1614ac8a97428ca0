"""The model card, in Markdown, from what the manifest says."""

from collections import Counter
from collections.abc import Sized
from typing import Any

from ecgssl_core.models.manifest import Band, Manifest
from ecgssl_core.settings import Settings

from .card_leads import leads_text

METRIC_NAMES = {
    "auroc": "macro AUROC",
    "auprc": "macro AUPRC",
    "accuracy": "accuracy (all classes right)",
    "f_measure": "macro F1",
    "f_beta_2": "macro F2",
    "g_beta_2": "macro G2",
    "challenge_metric": "challenge metric 2020",
}

_USE = """## What it is for

Research and teaching: to try the workbench on real recordings, and as a starting point for models of one's own.

**It must not be used** for the care of a patient, to diagnose, to screen, to sort or to alarm, nor to compare persons.
It is no medical device, and nobody has validated it on any hospital's recordings. It knows only the classes below and
calls everything else by their names; {outside} are outside of what it
was tested on. A class with few positives in training says next to nothing."""
_OUTSIDE = "children, other lead placements and damaged recordings"
_PACED = "10370003"

_DATA = """## Data, licences, citations

- PhysioNet/Computing in Cardiology Challenge 2020 (CPSC 2018, PTB, PTB-XL, Georgia), CC BY 4.0: Perez Alday et al.
  2020, Physiol. Meas. 41:124003; PTB-XL: Wagner et al. 2020, Sci. Data 7:154; CPSC 2018: Liu et al. 2018; PTB:
  Bousseljot et al. 1995; PhysioNet: Goldberger et al. 2000.
- Without labels, in pretraining only: CODE-15 % and SaMi-Trop (Ribeiro et al. 2021, CC BY 4.0), the Challenge
  2011 (Silva et al. 2011, ODC-By 1.0), LUDB (Kalyakulina et al. 2020, ODC-By 1.0), where the runs name them.
- Method: {method}.
- Weights: Apache-2.0, as the program."""


_METHODS = {
    "xresnet1d50": "Phan et al. 2022 (arXiv:2210.06297), self-distillation after Caron et al. 2021 (arXiv:2104.14294)",
    "wav2vec": "Oh et al. 2022 (arXiv:2203.06889), frames and transformer after Baevski et al. 2020 (arXiv:2006.11477)",
}


def card_text(manifest: Manifest, settings: Settings, pack: Sized) -> str:
    """Give the card.

    Args:
        manifest: of the model.
        settings: of the fine-tuning.
        pack: the labelled pack.
    """
    scores = manifest.scores
    records = scores["records"]
    parts = [
        f"# {manifest.name}",
        f"Arm {manifest.training.arm}, {_after(manifest)}: {len(manifest.labels.codes)} classes of the label set "
        f"{manifest.labels.label_set} from {_leads(manifest)}, in windows of "
        f"{manifest.spec.window / manifest.spec.rate:g} s at {manifest.spec.rate:g} Hz.",
        _USE.format(outside=_OUTSIDE if _PACED in manifest.labels.codes else f"paced rhythms, {_OUTSIDE}"),
        _DATA.format(method=_METHODS[manifest.encoder.series]),
        "## Protocol",
        f"{_records(records, len(pack), settings)}: {records['train']} to train, {records['validation']} to calibrate "
        f"and to choose thresholds, {records['test']} (fold {scores['fold']}) to score. {len(manifest.training.seen)} "
        f"records were seen in all, pretraining included; their hashes are in model.json. "
        f"{_sentence(manifest.training.protocol)} Scored once is meant of each run: what was settled between runs is "
        f"said under Scores. "
        f"Trained on people of {manifest.training.ages[0]:g} to {manifest.training.ages[1]:g} years (98 %).",
        f"Runs: {', '.join(manifest.training.runs)}; preset {settings.preset}, seed {settings.training.seed}.",
        "## Scores",
        f"Fold {scores['fold']}: this network was not {_kept_from(settings)}, calibrated or given its thresholds on "
        f"it. {scores['remark']}".rstrip(),
        f"Classes in the macro mean: {scores['test']['classes_counted']}, many with very few positives.",
        _metrics(scores["test"]),
        _gates(scores.get("gates")),
        _pooled(scores.get("pooled")),
        leads_text(manifest),
        "## Classes",
        _counted(manifest),
        _classes(manifest),
        f"Thresholds: {_sentence(manifest.decision.rule)} {_shared(manifest)}".rstrip(),
        _trust(manifest),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _after(manifest: Manifest) -> str:
    return f"after {_METHODS[manifest.encoder.series].partition(' (')[0]}"


def _leads(manifest: Manifest) -> str:
    any_of = "any of " if manifest.spec.fewer_leads else ""
    return f"{any_of}{len(manifest.spec.leads)} leads"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


def _records(records: dict[str, int], count: int, settings: Settings) -> str:
    """Give how many records of the pack were used, and why the others were not."""
    used = records["train"] + records["validation"] + records["test"]
    every = settings.data.label_share == 1.0 and not settings.data.source
    why = "have none of the labels below" if every else "have none of the labels below, or were held back"
    rest = f" (the other {count - used} {why}, and were left out)" if used < count else ""
    return f"Labelled pack of {count} records, {used} of them used{rest}"


def _kept_from(settings: Settings) -> str:
    pure = settings.data.encoders and settings.data.exposure != "transductive"
    return "pretrained, trained" if pure else "trained"


def _counted(manifest: Manifest) -> str:
    """Give over which folds the columns of the table of classes are counted."""
    scores = manifest.scores
    scored = f"over test fold {scores['fold']}"
    if "pooled" in scores:
        folds = ", ".join(map(str, scores["pooled"]["folds"]))
        scored = f"over the test folds {folds} together, each record scored by the model that never saw it"
    return f"Positives in training, and thresholds: of the released network. Positives scored, and AUROC: {scored}."


def _shared(manifest: Manifest) -> str:
    """Give how many classes have the shared threshold, and why."""
    value, count = Counter(manifest.decision.thresholds).most_common(1)[0]
    if count < 2:
        return ""
    return (
        f"So {count} of {len(manifest.decision.thresholds)} classes have the shared threshold of {value:.3f}: among "
        f"{manifest.scores['records']['validation']} validation records few classes have 10 positives, and a threshold "
        "chosen on a handful of cases would be chance's."
    )


def _metrics(found: dict[str, Any]) -> str:
    rows = [
        f"| {name} | {found[key]['value']:.3f} | {found[key]['low']:.3f} – {found[key]['high']:.3f} |"
        for key, name in METRIC_NAMES.items()
    ]
    return "\n".join(["| metric | value | 95 % interval |", "|---|---|---|", *rows])


def _gates(means: dict[str, float] | None) -> str:
    if means is None:
        return ""
    weights = f"{means['time']:.3f} to the time series and {means['spectrogram']:.3f} to the spectrogram"
    return f"On the mean over this fold's records the gate gives {weights}."


def _pooled(found: dict[str, Any] | None) -> str:
    if found is None:
        return ""
    means = found["mean_over_folds"]
    return (
        f"The same recipe on folds {', '.join(map(str, found['folds']))}, {found['records']} records, each scored by a "
        f"model that never saw it; macro means over the {found['classes_counted']} classes with at least 10 positives "
        f"(mean over folds, each over the classes it has: AUROC {means['auroc']:.3f}, AUPRC {means['auprc']:.3f}):\n\n"
        f"{_metrics(found)}"
    )


def _classes(manifest: Manifest) -> str:
    best = manifest.scores.get("pooled", manifest.scores)["per_class"]
    rows = [
        f"| {row['name']} | {row['code']} | {support} | {row['positives']} | {_number(row['auroc'])} "
        f"| {threshold:.3f} |"
        for row, support, threshold in zip(best, manifest.training.support, manifest.decision.thresholds, strict=True)
    ]
    head = "| class | code | positives in training | positives scored | AUROC | threshold |"
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


def _trust(manifest: Manifest) -> str:
    """Give what stands behind `observed`, `undecided` and `unlike the records that the model knows`."""
    reliability, band, distribution = (
        manifest.decision.reliability,
        manifest.decision.band,
        manifest.distribution,
    )
    parts = []
    if reliability is not None:
        rows = [
            f"| {one.low_edge:g} – {one.high_edge:g} | {one.said} | {one.true} | {one.true / one.said:.3f} "
            f"| {one.low:.3f} – {one.high:.3f} |"
            for one in reliability.pooled
        ]
        head = "| probability | statements | true | share | 95 % interval |\n|---|---|---|---|---|\n"
        parts += [
            "## How sure",
            f"How often statements of a probability were true, over all classes, on {reliability.records} records: "
            f"{reliability.source}. A class with at least 30 records in a bin has a table of its own in model.json.",
            head + "\n".join(rows),
        ]
    if band is not None:
        parts.append(
            f"Undecided is what lies between two probabilities of each class: below the first lies a share of "
            f"{band.alpha:g} of the true cases, above the second one of {band.alpha:g} of the others, from the "
            f"{band.source}; positive also takes the threshold. {_checked(band)}"
            "Classes with fewer than 10 positives in training are not assessed: their numbers are shown, and marked."
        )
    if distribution is not None:
        parts.append(
            f"Unlike the records that the model knows is a record further than {distribution.limit:.3f} from the "
            f"{distribution.source}. It is a brake, and no certificate: "
            "docs/results/out-of-distribution.md says what it does not see."
        )
    return "\n\n".join(parts)


def _checked(band: Band) -> str:
    if band.missed is None or band.false is None or band.undecided is None:
        return ""
    return (
        f"Made without a fold and tried on it, such bands called {band.missed:.1%} of the true cases absent and "
        f"{band.false:.1%} of the others present, and left {band.undecided:.1%} undecided (classes with 10 positives). "
    )


def _number(value: float | None) -> str:
    return "–" if value is None or value != value else f"{value:.3f}"
