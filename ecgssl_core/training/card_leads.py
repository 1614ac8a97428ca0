"""What a model was tested with besides all of its leads: from the scores of its runs to its manifest and its card."""

from ecgssl_core.corpus.labels import LabelSet
from ecgssl_core.models.manifest import Ends, Manifest, TestedSet
from ecgssl_core.report.intervals import Bootstrap
from ecgssl_core.report.lead_figures import MARGIN, ScoredSets, set_figures, sets_tree
from ecgssl_core.report.scores import LEAST_POSITIVES, REPLICATES
from ecgssl_core.runs import RunDir

_WAY = {
    True: "The model was trained to read records that lack leads.",
    False: "The model was made for all of its leads; what it says with fewer is for looking at only.",
}


def tested_sets(runs: list[RunDir], classes: LabelSet) -> tuple[TestedSet, ...]:
    """Give how the models of these runs did on their test folds by the leads that they were given.

    Empty unless every run was scored by lead sets. Classes with fewer than 10 positives enter no macro mean of several
    runs; of one run all that have a positive do.

    Args:
        runs: finished fine-tunings of one recipe.
        classes: their label set.

    Raises:
        RunError: two of them scored the same fold, or a table of one is damaged.
    """
    scored = [found for run in runs if (found := _scored(run)) is not None]
    if len(scored) < len(runs):
        return ()
    minimum = LEAST_POSITIVES if len(runs) > 1 else 1
    sets = set_figures(Bootstrap(classes.codes, REPLICATES, minimum=minimum), scored)
    return tuple(TestedSet.model_validate(tree) for tree in sets_tree(classes, sets))


def leads_text(manifest: Manifest) -> str:
    """Give the card's part on leads; empty where the model was tested with all of them only."""
    if not manifest.tested:
        return ""
    head = "| given | leads | AUROC | AUPRC | AUROC less that of all | that is |\n|---|---|---|---|---|---|\n"
    first = manifest.tested[0]
    return "\n\n".join(
        [
            "## By the leads that are given",
            f"{_WAY[manifest.spec.fewer_leads]} Macro means over {first.classes_counted} classes on {first.records} "
            "records of the test folds, each scored by a model that had not seen it; the other leads are silent, limb "
            "leads that follow from I and II are worked out, and thresholds and calibration are those of all leads. "
            "Differences are paired, with 95 % intervals over patients; equal is what lies within "
            f"{MARGIN:g} with its whole interval. I and II hold all that the six limb leads do: where the two differ, "
            "the difference is an artefact of the model.",
            head + "\n".join(_row(one) for one in manifest.tested),
            "The AUROC of each class with each set, and its difference to all leads, is in model.json under `tested`.",
        ]
    )


def _scored(run: RunDir) -> ScoredSets | None:
    sets, frame, found, settings = run.lead_scores(), run.predictions(), run.results(), run.settings()
    if sets is None or frame is None or found is None:
        return None
    test = frame[frame["split"] == "test"]
    return ScoredSets(settings.training.seed, settings.data.fold, test, found["decision"]["thresholds"], sets)


def _row(one: TestedSet) -> str:
    less = "–" if one.less is None else _ends(one.less["auroc"], signed=True)
    leads = ", ".join(one.leads)
    return f"| {one.name} | {leads} | {_ends(one.auroc)} | {_ends(one.auprc)} | {less} | {one.verdict or '–'} |"


def _ends(found: Ends, signed: bool = False) -> str:
    form = "+.3f" if signed else ".3f"
    if found.value is None:
        return "–"
    if found.low is None or found.high is None:
        return f"{found.value:{form}}"
    return f"{found.value:{form}} [{found.low:{form}}, {found.high:{form}}]"
