"""Tables I and II of the paper: its number, ours, the difference, the interval, and whose protocol it is."""

import pandas as pd

from ecgssl_core.evaluation import METRICS
from ecgssl_core.report.arms import Arm
from ecgssl_core.report.card import Section
from ecgssl_core.report.paper import SOURCE, Published, published
from ecgssl_core.report.study import PHAN, Study
from ecgssl_core.report.words import NONE, TITLES, ends, number, ranges

_RECORDS = 43_101
_THEIRS = (
    "The paper scores ten folds of all 43,101 records of the Challenge 2020's training data, divided by record and not "
    "by patient, pretrains on all of them, and chooses epoch and thresholds on the fold that it reports; it gives no "
    "spread. Its published code reads lead I twelve times, and its fused arms start from encoders never loaded. "
    "Another corpus, another size and a protocol that cannot flatter: the difference to the paper measures all of "
    "these together, not a model against a model."
)
_TITLES = {
    "I": "Table I of the paper, beside ours",
    "II": "Table II of the paper, beside ours",
}
_NOTES = {
    "I": "What it quotes of other groups comes in part from the challenge's hidden test data: that compares with "
    "nothing here.",
    "II": "The upper four arms are trained from scratch, the lower four from encoders pretrained without labels.",
}


def paper_section(study: Study, table: str) -> Section | None:
    """Give a table of Phan et al. 2022, a row an arm and metric, in percent as printed there.

    None where no network is of that paper: its numbers would stand beside something else.

    Args:
        study: the runs.
        table: "I" or "II".
    """
    if PHAN not in study.papers:
        return None
    papers = published(table)
    rows = [row for each in papers if not each.is_quoted for row in _rows(each, study)]
    tables = {"": pd.DataFrame(rows)}
    quoted = [_quoted(each) for each in papers if each.is_quoted]
    if quoted:
        tables["Other groups' figures that the paper quotes beside its own"] = pd.DataFrame(quoted)
    note = f"In percent. Source: {SOURCE}, Table {table}. {_NOTES[table]}"
    return Section(f"table_{table}", _TITLES[table], (_THEIRS, note), tables)


def _rows(paper: Published, study: Study) -> list[dict[str, str]]:
    run: list[Arm] = [arm for arm in study.whole if arm.base == paper.setup]
    arms: list[Arm | None] = [*run] or [None]
    return [_row(paper, name, arm, study, _protocol(arm, study)) for arm in arms for name in METRICS]


def _quoted(paper: Published) -> dict[str, str]:
    return {"setup": paper.setup} | {TITLES[name]: number(paper.values[name], 1) for name in METRICS}


def _row(paper: Published, name: str, arm: Arm | None, study: Study, protocol: str) -> dict[str, str]:
    theirs = paper.values[name]
    digits = 1 if paper.table == "I" else 2
    row = {
        "setup": paper.setup if arm is None else arm.label,
        "metric": TITLES[name],
        "paper": number(theirs, digits),
        "ours": NONE,
        "difference": NONE,
        "95 % interval of ours": NONE,
        "protocol": protocol,
    }
    if arm is None:
        return row
    ours = study.estimate(arm).metrics[name]
    apart = None if theirs is None else 100 * ours.value - theirs
    return {
        **row,
        "ours": number(100 * ours.value, digits),
        "difference": number(apart, digits, signed=True),
        "95 % interval of ours": ends(ours, digits, scale=100),
    }


def _protocol(arm: Arm | None, study: Study) -> str:
    if arm is None:
        return "not run"
    records = max(len(pool) for pool in arm.pools.values())
    size = "another corpus/size" if records != _RECORDS else "as many records, other folds"
    exposure = "" if arm.exposure == "none" else f", {arm.exposure}"
    classes = study.estimate(arm).metrics["auroc"].classes
    return f"{size}, patient folds {ranges(arm.folds)}, seeds {ranges(arm.pools)}, {classes} classes{exposure}"
