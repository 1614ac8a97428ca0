"""The pages behind the trace: all findings, intervals and marks with their reasons, and the model's short card."""

import html
from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from ecgssl_core.inference.card import BundleCard
from ecgssl_core.inference.prediction import Finding, Prediction
from ecgssl_core.records import Intervals, Quality, Record
from ecgssl_core.records.intervals import NUMBERS

from .flow import Section
from .pen import MM
from .said import FEW, HOW_MEASURED, INTERVALS, facts, found_said, interval_said, marks_in_words, ordered, reasons_said
from .trace_page import GREY, Subject
from .typeface import BOLD, REGULAR, printable

COLUMN_MM = 129.0
_TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=6.8, leading=8.8)
_SMALL = ParagraphStyle("small", parent=_TEXT, fontSize=6.2, leading=8, textColor=HexColor(GREY))
_HEAD = ParagraphStyle("head", parent=_TEXT, fontName=BOLD, fontSize=9.5, leading=12, spaceBefore=8, spaceAfter=3)
_SEVERITIES = {"block": "blocks", "warn": "warns", "note": "note"}
_BAR_MM = 20.0


class Bar(Flowable):
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
        pen.setFillColor(HexColor("#0072B2" if one.positive else "#9db8c9"))
        pen.rect(0, 1, one.probability * self.width, 4, stroke=0, fill=1)
        pen.setStrokeColor(HexColor("#000000"))
        pen.setLineWidth(0.4)
        pen.line(one.low * self.width, 3, one.high * self.width, 3)
        pen.setLineWidth(1)
        pen.line(one.threshold * self.width, -0.5, one.threshold * self.width, 6.5)


def facts_story(subject: Subject, card: BundleCard | None) -> list[Section]:
    """Give the sections of the pages behind the trace, in order."""
    return [
        Section(tuple(_findings(subject.prediction))),
        Section(tuple(_intervals(subject.intervals)), together=True),
        Section(tuple(_quality(subject.record, subject.quality))),
        Section(tuple(_record(subject.record)), together=True),
        Section(tuple(_model(card))),
    ]


def _findings(prediction: Prediction | None) -> Iterator[Flowable]:
    yield Paragraph("Findings of the model", _HEAD)
    if prediction is None:
        yield _said("No model was asked.")
        return
    yield _said(found_said(prediction))
    if prediction.abstained is not None:
        yield _note("The model says nothing of this recording, so there are no probabilities here.")
        return
    if prediction.seen:
        yield _said("The model was trained on this very recording: this does not tell how it does on new ones.")
    yield Spacer(0, 3)
    yield _finding_table(ordered(prediction.findings))
    yield _note(
        f"✓: reaches its threshold. Probability: calibrated on validation records, mean over {prediction.windows} "
        "windows; upright line: the threshold, chosen on validation records; thin line and Windows: lowest and highest "
        "over the windows of this recording. Conformal: in the set of classes that cannot be ruled out at the error "
        "rate of the model's card. Training: recordings with the class that the model learned from; fewer than "
        f"{FEW} (!) say next to nothing."
    )


def _finding_table(findings: Sequence[Finding]) -> Table:
    heads = ["Class and code", "Probability", "", "Threshold", "Windows", "Conformal", "Training"]
    rows: list[list[Any]] = [heads]
    for one in findings:
        rows.append(
            [
                Paragraph(f'{_plain(one.name)} <font size="5" color="{GREY}">{_plain(one.code)}</font>', _TEXT),
                f"{one.probability:.3f}{' ✓' if one.positive else ''}",
                Bar(one),
                f"{one.threshold:.3f}",
                f"{one.low:.2f}–{one.high:.2f}",
                "in set" if one.in_set else "out",
                f"{one.support}{' !' if one.support < FEW else ''}",
            ]
        )
    widths = [COLUMN_MM - 67 - _BAR_MM - 2, 14, _BAR_MM + 2, 13, 15, 13, 12]
    bold = [("FONT", (1, at), (1, at), BOLD, 6.5) for at, one in enumerate(findings, 1) if one.positive]
    return _table(rows, widths, bold)


def _intervals(intervals: Intervals | None) -> Iterator[Flowable]:
    yield Paragraph("Intervals", _HEAD)
    if intervals is None:
        yield _said("Not measured, because the unit or the rate of the file is unknown.")
        return
    cells = [[INTERVALS[name][0], interval_said(intervals, name)] for name in NUMBERS]
    half = len(cells) // 2
    rows = [[*left, *right] for left, right in zip(cells[:half], cells[half:], strict=True)]
    yield _table([["", "", "", ""], *rows][1:], [30, 20, 34, 20], [], heads=False)
    for names, reason in reasons_said(intervals):
        yield _said(f"Not measurable: {names}. {reason}")
    yield _note(f"{len(intervals.beats)} beats. {HOW_MEASURED}")


def _quality(record: Record, quality: Quality | None) -> Iterator[Flowable]:
    yield Paragraph("Signal quality", _HEAD)
    if quality is None:
        yield _said("Not judged, because the unit of the file is unknown.")
        return
    yield _said(marks_in_words(quality))
    if quality.blocked:
        yield _said(quality.blocked)
    order = list(_SEVERITIES)
    for issue in sorted((*record.issues, *quality.issues), key=lambda one: order.index(one.severity)):
        lead = f"{issue.lead}: " if issue.lead and issue.lead not in issue.sentence else ""
        words = _plain(f"{lead}{issue.sentence} {issue.remedy}".strip())
        yield Paragraph(f"<b>{_SEVERITIES[issue.severity]}</b> {words}", _TEXT)


def _record(record: Record) -> Iterator[Flowable]:
    yield Paragraph("Recording", _HEAD)
    rows = [[name, Paragraph(_plain(value), _TEXT)] for name, value in (("Name", record.name), *facts(record))]
    rows.append(["Signal", Paragraph(f"sha256 {record.digest}", _SMALL)])
    if record.aside:
        rows.append(["Not shown", Paragraph(_plain(", ".join(record.aside)), _TEXT)])
    yield _table(rows, [22, COLUMN_MM - 22], [], heads=False)


def _model(card: BundleCard | None) -> Iterator[Flowable]:
    if card is None:
        return
    yield Paragraph("Model", _HEAD)
    rows = [[name, Paragraph(_plain(value), _TEXT)] for name, value in model_facts(card)]
    yield _table(rows, [22, COLUMN_MM - 22], [], heads=False)


def model_facts(card: BundleCard) -> list[tuple[str, str]]:
    """Give what the model says about itself, as (name, value)."""
    manifest, spec = card.manifest, card.manifest.spec
    training = manifest.training
    dates = sorted(run[:8] for run in training.runs if run[:8].isdigit())
    trained = f"{dates[-1][:4]}-{dates[-1][4:6]}-{dates[-1][6:]}" if dates else "on a date that is not recorded"
    rows = [
        ("Name", f"{manifest.name}, version {manifest.version}, arm {training.arm}"),
        ("sha256", card.sha256),
        ("Trained", f"{trained}; {len(training.seen)} recordings seen, pretraining included"),
        ("Labels", f"{len(manifest.labels.codes)} classes of {manifest.labels.label_set}"),
        ("Input", f"{', '.join(spec.leads)}; windows of {spec.window / spec.rate:g} s at {spec.rate:g} Hz"),
        ("People", f"{training.ages[0]:.0f} to {training.ages[1]:.0f} years"),
        ("Protocol", training.protocol),
        ("Thresholds", manifest.decision.rule),
        ("Conformal", f"leaves out at most a share {manifest.decision.alpha:g} of true cases, on validation records"),
    ]
    return [*rows, *_scores(manifest.scores)]


def _scores(scores: dict[str, Any]) -> Iterator[tuple[str, str]]:
    said = [
        f"{name} {part['value']:.3f} ({part['low']:.3f} to {part['high']:.3f})"
        for name, key in (("macro AUROC", "auroc"), ("macro AUPRC", "auprc"), ("macro F1", "f_measure"))
        if isinstance(part := scores.get("test", {}).get(key), dict)
    ]
    if said:
        count = scores.get("records", {}).get("test")
        yield "Scores", f"{', '.join(said)}, 95 % intervals, on {count} recordings that it never saw"
    if scores.get("remark"):
        yield "Remark", str(scores["remark"])


def _table(rows: list[list[Any]], widths: Sequence[float], more: Sequence[tuple[Any, ...]], heads: bool = True) -> Table:
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, 6.5),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE" if heads else "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, HexColor("#cccccc")),
        ("TOPPADDING", (0, 0), (-1, -1), 0.8),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        *more,
    ]
    if heads:
        style.append(("TEXTCOLOR", (0, 0), (-1, 0), HexColor(GREY)))
    else:
        style.append(("TEXTCOLOR", (0, 0), (0, -1), HexColor(GREY)))
    return Table(rows, [width * MM for width in widths], repeatRows=int(heads), style=style, hAlign="LEFT")


def _plain(text: str) -> str:
    return html.escape(printable(text))


def _said(text: str) -> Paragraph:
    return Paragraph(_plain(text), _TEXT)


def _note(text: str) -> Paragraph:
    return Paragraph(_plain(text), _SMALL)
