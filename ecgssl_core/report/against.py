"""Every arm against one that a person chooses: paired differences with Holm's correction over all of the table."""

from collections.abc import Sequence

from ecgssl_core.errors import RunError
from ecgssl_core.plots.differences import difference_figure
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Drawing, Section
from ecgssl_core.report.compared import compare_arms, compared_rows, too_few
from ecgssl_core.report.cross_checks import LEVEL
from ecgssl_core.report.study import Study

FEWEST = 2  # arms of a comparison


def named_arm(study: Study, title: str) -> Arm:
    """Give the arm of a title.

    Raises:
        RunError: these runs have none.
    """
    found = next((arm for arm in study.arms if arm.title == title), None)
    if found is None:
        raise RunError(f"There is no arm {title} among these runs; choose another.")
    return found


def against_section(study: Study, baseline: str, metrics: Sequence[str]) -> Section:
    """Give the differences of all other arms to one, metric by metric.

    Args:
        study: the runs.
        baseline: title of the arm that the others are compared with.
        metrics: names of metrics, in the order of the table.

    Raises:
        RunError: no arm has that title, or none shares a record with it.
    """
    second = named_arm(study, baseline)
    compared = [each for arm in study.arms if arm is not second and (each := compare_arms(study, arm, second))]
    if not compared:
        raise RunError(f"No other arm was scored on records of {baseline}; choose runs of two arms and the same folds.")
    rows, marks = compared_rows(compared, metrics)
    sentences = (
        f"How much higher each arm is than {baseline}, on the records that both have, seed by seed, in the same "
        f"replicates of patients. It holds up where p stays below {LEVEL} after Holm's correction over all "
        f"{len(rows)} of this table. Arms and metrics are chosen here with the scores in sight: such a table is a "
        "lead to follow, not a test that was announced; those are in the report.",
        *too_few(len(rows), study),
    )
    drawing = Drawing(
        "against", f"Difference of each arm to {baseline}, with its interval.", difference_figure(marks), 480
    )
    return Section("against", f"Differences to {baseline}", sentences, {"": rows}, (drawing,))
