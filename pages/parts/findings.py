"""What a model says of a record: each class with its probability, threshold, range over the windows and support."""

from pathlib import Path
from typing import Any

import streamlit as st

from ecgssl_core.inference.prediction import Finding, Prediction
from pages.parts.names import shown_name

FEW = 10  # positives in training below which a class is named rare
_HERE = Path(__file__).parent
_HEADS = ("Class", "Probability", "Threshold", "Windows", "Conformal set", "In training")
HELP = (
    "**Probability**: calibrated on validation records; the bar shows it, its upright line is the threshold, its thin "
    "line the range over the windows of this record.  \n"
    "**Threshold**: chosen on validation records, never on those that the model is scored on.  \n"
    "**Conformal set**: every class that cannot be ruled out at the error rate stated on the model's card.  \n"
    "**In training**: records with this class that the model learned from; the fewer, the less its output says."
)

_table = st.components.v2.component(
    "ecg_findings",
    html=(
        '<div class="findings"><table><caption></caption><thead><tr>'
        + "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
        + '</tr></thead><tbody></tbody></table><button type="button" aria-expanded="false"></button></div>'
    ),
    css=(_HERE / "findings.css").read_text(),
    js=(_HERE / "findings.js").read_text(),
)


def show_findings(prediction: Prediction) -> None:
    """Show the classes of a prediction, the one farthest above its threshold first, or why there are none."""
    if prediction.abstained is not None:
        st.warning(shown_name(prediction.abstained, longest=300), icon=":material/do_not_disturb_on:")
        return
    ordered = sort_findings(prediction.findings)
    st.markdown(summary(ordered), help=HELP)
    _table(key="findings", data={"rows": [_row(finding) for finding in ordered], "caption": "Findings of the model"})
    st.caption(
        f"Output of {shown_name(prediction.model_name)} over {prediction.windows} windows; "
        f"model {prediction.model_sha256[:12]}. Not reviewed by a physician."
    )
    if prediction.seen:
        st.info(
            "The model was trained on this very recording: what it says here does not tell how it does on new ones.",
            icon=":material/school:",
        )


def sort_findings(findings: tuple[Finding, ...]) -> list[Finding]:
    """Give the findings by probability over threshold, the highest first."""
    return sorted(findings, key=lambda finding: -finding.probability / max(finding.threshold, 1e-9))


def summary(ordered: list[Finding]) -> str:
    """Give one line of Markdown: which classes reach their thresholds."""
    reached = [finding for finding in ordered if finding.positive]
    if not reached:
        return f"None of {len(ordered)} classes reaches its threshold."
    names = ", ".join(f"**{shown_name(finding.name)}** {finding.probability:.2f}" for finding in reached[:4])
    rest = f" and {len(reached) - 4} more" if len(reached) > 4 else ""
    verb = "reaches its threshold" if len(reached) == 1 else "reach their thresholds"
    return f"{len(reached)} of {len(ordered)} classes {verb}: {names}{rest}."


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "probability": finding.probability,
        "exact": repr(finding.probability),
        "threshold": finding.threshold,
        "low": finding.low,
        "high": finding.high,
        "positive": finding.positive,
        "in_set": finding.in_set,
        "support": finding.support,
        "few": finding.support < FEW,
    }
