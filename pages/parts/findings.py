"""What a model says of a record: each class with its probability, threshold, range over the windows and support."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from ecgssl_core.inference.prediction import Finding, Prediction
from ecgssl_core.inference.stated import (
    SEEN_IN_TRAINING,
    by_height,
    how_many_stated,
    rounded_said,
    stated_word,
    unsupported,
)
from pages.parts.keys import CLASS, CLASS_SHOWN
from pages.parts.names import shown_name

FEW = 10  # positives in training below which a class is named rare
_MARKS = {"positive": "●", "undecided": "◐", "negative": "○", "not assessed": "–"}
_NAMED = 4  # classes that the first line names
_SENTENCE = 300
_HERE = Path(__file__).parent
_HEADS = {
    "Class": "What the model may say, with its SNOMED CT code; a click shows what the output leaned on.",
    "Output": "Likely, possible, undecided, below or not assessed.",
    "Probability": "Calibrated; the upright line is the threshold, the thin one the range over the windows.",
    "Threshold": "What the probability must reach for the class to be stated.",
    "Windows": "The smallest and the largest probability over the windows of this recording.",
    "Held-out": "The share of held-out records with a similar output that had the class, as a 95 % interval.",
    "Set": "In: the class cannot be ruled out at the error rate on the model's card.",
    "Training": "Records with this class that the model learned from; below ten it is not assessed.",
}
HELP = (
    "**Probability**: calibrated on validation records; the bar shows it, its upright line is the threshold, its thin "
    "line the range over the windows of this record.  \n"
    "**Threshold**: chosen on validation records, never on those that the model is scored on.  \n"
    "**Windows**: the smallest and the largest probability over the windows of this record.  \n"
    "**Held-out**: of the records that the model never saw, and that got a similar probability, the share that had the "
    "class, with its 95 % interval; where too few of them are on this class, of statements on any class.  \n"
    "**Set**: the conformal set holds every class that cannot be ruled out at the error rate stated on the model's "
    "card.  \n"
    "**Training**: records with this class that the model learned from; the fewer, the less its output says.  \n"
    "**Output**: a class is stated as likely from a probability of a half on, and as possible below that; undecided or "
    "not assessed for a reason that stands with the chosen class; else below. [More](terms#stated)"
)

_table = st.components.v2.component(
    "ecg_findings",
    html=(
        '<div class="findings"><table><caption></caption><thead><tr>'
        + "".join(
            f'<th scope="col"><span class="head" tabindex="0" data-help="{words}" aria-description="{words}">'
            f"{head}</span></th>"
            for head, words in _HEADS.items()
        )
        + '</tr></thead><tbody></tbody></table><button type="button" class="more" aria-expanded="false"></button></div>'
    ),
    css=(_HERE / "findings.css").read_text(),
    js=(_HERE / "findings.js").read_text(),
)


def show_findings(prediction: Prediction) -> None:
    """Show the classes of a prediction, the one farthest above its threshold first, or why there are none."""
    if prediction.abstained is not None:
        st.warning(shown_name(prediction.abstained, _SENTENCE), icon=":material/do_not_disturb_on:")
        return
    if prediction.despite is not None:
        words = f"**Predicted against the rules.** {shown_name(prediction.despite, _SENTENCE)}"
        st.warning(f"{words} Everything that leaves this page says so.", icon=":material/report:")
    ordered = by_height(prediction.findings)
    st.markdown(headline(ordered), help=HELP)
    if prediction.leads_note is not None:
        st.caption(f":material/ecg: {shown_name(prediction.leads_note, _SENTENCE)}")
    if against := unsupported(ordered):
        st.caption("  \n".join(f":material/straighten: {shown_name(sentence, _SENTENCE)}" for sentence in against))
    code = st.session_state[CLASS_SHOWN] = chosen_class(ordered)
    _table(
        key="findings",
        data={"rows": [_row(finding) for finding in ordered], "caption": "Findings of the model", "chosen": code},
        on_chosen_change=_choose,
    )
    windows = f"{prediction.windows} window{'s' * (prediction.windows != 1)}"
    st.caption(
        f"Output of {shown_name(prediction.model_name)} over {windows}; model {prediction.model_sha256[:12]}. "
        "Not reviewed by a physician. A click on a class shows below what its output leaned on."
    )
    if prediction.seen:
        st.info(SEEN_IN_TRAINING, icon=":material/school:")


def chosen_class(ordered: Sequence[Finding]) -> str:
    """Give the code of the class that a person looks into; the first if none was chosen."""
    codes = [finding.code for finding in ordered]
    if st.session_state.get(CLASS) not in codes:
        st.session_state[CLASS] = codes[0]
    code: str = st.session_state[CLASS]
    return code


def headline(ordered: Sequence[Finding]) -> str:
    """Give in a paragraph of Markdown what is stated and how often that held, what is open or unsaid."""
    stated = [finding for finding in ordered if finding.status == "positive"]
    undecided = [finding for finding in ordered if finding.status == "undecided"]
    silent = [finding for finding in ordered if _silent(finding)]
    words = []
    if stated:
        first, *others = stated
        words.append(
            f"**{shown_name(first.name)}** {stated_word(first)}: {rounded_said(first.probability)}{_held(first)}."
        )
        if others:
            words.append(f"Also stated: {_named(others)}.")
    if undecided:
        words.append(f"Undecided: {_named(undecided)}.")
    if not stated and not undecided:
        words.append(f"{how_many_stated(0, len(ordered) - len(silent))}.")
    if silent:
        words.append(f"Not assessed: {len(silent)} of {len(ordered)} classes.")
    return " ".join(words)


def _held(finding: Finding) -> str:
    """Give how often such an output held, in words; nothing where the model does not know."""
    if finding.observed is None or finding.observed_low is None or finding.observed_high is None:
        return ""
    share = f"of held-out {{}} with a similar output a share of {finding.observed:.2f}"
    interval = f"95 % interval {finding.observed_low:.2f} to {finding.observed_high:.2f}"
    if finding.observed_of == "class":
        return f"; {share.format('ECGs')} had it ({interval}, {finding.observed_n} ECGs)"
    return (
        f"; {share.format('statements')} was true ({interval}, {finding.observed_n} statements on any class: too few "
        "were on this one)"
    )


def _named(findings: Sequence[Finding]) -> str:
    names = ", ".join(f"**{shown_name(one.name)}** {rounded_said(one.probability)}" for one in findings[:_NAMED])
    return names + (f" and {len(findings) - _NAMED} more" if len(findings) > _NAMED else "")


def _silent(finding: Finding) -> bool:
    return finding.status == "not assessed"


def _row(finding: Finding) -> dict[str, Any]:
    known = finding.observed_low is not None and finding.observed_high is not None
    return {
        "code": finding.code,
        "name": finding.name,
        "status": finding.status,
        "word": f"{_MARKS[finding.status]} {stated_word(finding)}",
        "reason": finding.reason or "",
        "probability": finding.probability,
        "exact": repr(finding.probability),
        "threshold": finding.threshold,
        "low": finding.low,
        "high": finding.high,
        "positive": finding.positive,
        "held": f"{finding.observed_low:.2f} – {finding.observed_high:.2f}" if known else "–",
        "in_set": finding.in_set,
        "support": finding.support,
        "few": finding.support < FEW,
    }


def _choose() -> None:
    code = st.session_state["findings"].get("chosen")
    if code:
        st.session_state[CLASS] = code
