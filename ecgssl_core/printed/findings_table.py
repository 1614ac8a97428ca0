"""What a model says of each class, as a table of the printed page."""

import html
from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from ecgssl_core.inference.prediction import Finding, Prediction
from ecgssl_core.inference.stated import EVEN, SEEN_IN_TRAINING, by_height, unsupported

from .blocks import GREY, HEAD, TEXT, note, said, table
from .pen import MM
from .said import FEW, found_said
from .typeface import BOLD, printable

_HEADS = ("Class and code", "Probability", "", "Threshold", "Windows", "Held-out", "Set", "Training")
_BAR_MM = 15.0
_WIDTHS = (40.0, 13.0, _BAR_MM + 1.5, 12.0, 13.0, 14.0, 11.0, 9.5)
_SIGNS = {"positive": " ✓", "undecided": " ?"}


class Bar(Flowable):  # type: ignore[misc]
    """A probability as a bar, with the threshold as an upright line and the range over the windows as a thin one."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding, self.width, self.height = finding, _BAR_MM * MM, 6.0

    def wrap(self, *_room: float) -> tuple[float, float]:
        """Give the size, whatever room there is."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the bar."""
        pen, one = self.canv, self.finding
        pen.setFillColor(HexColor("#e6e6e6"))
        pen.rect(0, 1, self.width, 4, stroke=0, fill=1)
        pen.setFillColor(HexColor("#0072B2" if one.status == "positive" else "#9db8c9"))
        pen.rect(0, 1, one.probability * self.width, 4, stroke=0, fill=1)
        pen.setStrokeColor(HexColor("#000000"))
        pen.setLineWidth(0.4)
        pen.line(one.low * self.width, 3, one.high * self.width, 3)
        pen.setLineWidth(1)
        pen.line(one.threshold * self.width, -0.5, one.threshold * self.width, 6.5)


def findings_blocks(prediction: Prediction | None) -> Iterator[Flowable]:
    """Give heading, summary and table, or the sentence why there is none."""
    yield Paragraph("Findings of the model", HEAD)
    if prediction is None:
        yield said("No model was asked.")
        return
    yield said(found_said(prediction))
    if prediction.abstained is not None:
        yield note("The model says nothing of this recording, so there are no probabilities here.")
        return
    if prediction.leads_note is not None:
        yield said(prediction.leads_note)
    if prediction.despite is not None:
        yield said(f"It was made to speak all the same. {prediction.despite}")
    if prediction.seen:
        yield said(SEEN_IN_TRAINING)
    findings = by_height(prediction.findings)
    yield from map(said, unsupported(findings))
    yield Spacer(0, 3)
    yield _table(findings)
    yield note(_legend(prediction))


def _legend(prediction: Prediction) -> str:
    known = any(one.observed_low is not None for one in prediction.findings)
    held_out = (
        "95 % interval of the share of held-out recordings with a like probability that had the class, or of such "
        "statements on any class where this one is too rare."
        if known
        else "the model does not know its interval."
    )
    return (
        f"✓: stated, likely from {EVEN:g} on and else possible; ?: undecided; no sign: below. Probability: calibrated "
        f"on validation records, mean over {prediction.windows} windows; upright line: the threshold, chosen on "
        "validation records; thin line and Windows: lowest and highest over the windows of this recording. "
        f"Held-out: {held_out} Set: the classes that the error rate of the model's card does not let one leave out. "
        "Training: recordings with "
        f"the class that the model learned from; a class with fewer than {FEW} is not assessed."
    )


def _table(findings: Sequence[Finding]) -> Table:
    rows: list[list[Any]] = [list(_HEADS)]
    style: list[tuple[Any, ...]] = []
    for place, one in enumerate(findings, 1):
        name = f'{_plain(one.name)} <font size="5" color="{GREY}">{_plain(one.code)}</font>'
        rows.append([Paragraph(name, TEXT), *_cells(one)])
        if one.status == "not assessed":
            style += [("SPAN", (1, place), (6, place)), ("TEXTCOLOR", (1, place), (1, place), HexColor(GREY))]
        if one.status == "positive":
            style.append(("FONT", (1, place), (1, place), BOLD, 6.5))
    return table(rows, _WIDTHS, style)


def _cells(one: Finding) -> list[Any]:
    if one.status == "not assessed":
        return [printable(one.reason or "Not assessed."), "", "", "", "", "", str(one.support)]
    known = one.observed_low is not None and one.observed_high is not None
    return [
        f"{one.probability:.3f}{_SIGNS.get(one.status, '')}",
        Bar(one),
        f"{one.threshold:.3f}",
        f"{one.low:.2f}–{one.high:.2f}",
        f"{one.observed_low:.2f}–{one.observed_high:.2f}" if known else "–",
        "in set" if one.in_set else "out",
        str(one.support),
    ]


def _plain(text: str) -> str:
    return html.escape(printable(text))
