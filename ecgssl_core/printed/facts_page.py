"""The pages behind the trace: all findings, intervals and marks with their reasons, and the model's short card."""

import html
from collections.abc import Iterator
from typing import Any

from reportlab.platypus import Flowable, Paragraph

from ecgssl_core.inference.card import BundleCard
from ecgssl_core.records import Intervals, Quality, Record
from ecgssl_core.records.intervals import NUMBERS

from .blocks import HEAD, TEXT, named, note, said, table
from .findings_table import findings_blocks
from .flow import Section
from .said import HOW_MEASURED, INTERVALS, facts, interval_said, marks_in_words, reasons_said
from .trace_page import Subject
from .typeface import printable

_SEVERITIES = {"block": "blocks", "warn": "warns", "note": "note"}


def facts_story(subject: Subject, card: BundleCard | None) -> list[Section]:
    """Give the sections of the pages behind the trace, in order."""
    return [
        Section(tuple(findings_blocks(subject.prediction))),
        Section(tuple(_intervals(subject.intervals)), together=True),
        Section(tuple(_quality(subject.record, subject.quality))),
        Section(tuple(_record(subject.record)), together=True),
        Section(tuple(_model(card))),
    ]


def _intervals(intervals: Intervals | None) -> Iterator[Flowable]:
    yield Paragraph("Intervals", HEAD)
    if intervals is None:
        yield said("Not measured, because the unit or the rate of the file is unknown.")
        return
    cells = [[INTERVALS[name][0], interval_said(intervals, name)] for name in NUMBERS]
    half = len(cells) // 2
    rows = [[*left, *right] for left, right in zip(cells[:half], cells[half:], strict=True)]
    yield table(rows, (30, 20, 34, 20), (), heads=False)
    for names, reason in reasons_said(intervals):
        yield said(f"Not measurable: {names}. {reason}")
    yield note(f"{len(intervals.beats)} beats found, those at the edges of the recording included. {HOW_MEASURED}")


def _quality(record: Record, quality: Quality | None) -> Iterator[Flowable]:
    yield Paragraph("Signal quality", HEAD)
    if quality is None:
        yield said("Not judged, because the unit or the rate of the file is unknown.")
        return
    yield said(marks_in_words(quality))
    if quality.blocked:
        yield said(quality.blocked)
    order = list(_SEVERITIES)
    for issue in sorted((*record.issues, *quality.issues), key=lambda one: order.index(one.severity)):
        lead = f"{issue.lead}: " if issue.lead and issue.lead not in issue.sentence else ""
        words = html.escape(printable(f"{lead}{issue.sentence} {issue.remedy}".strip()))
        yield Paragraph(f"<b>{_SEVERITIES[issue.severity]}</b> {words}", TEXT)


def _record(record: Record) -> Iterator[Flowable]:
    yield Paragraph("Recording", HEAD)
    rows = [("Name", record.name), *facts(record), ("Signal", f"sha256 {record.digest}")]
    if record.aside:
        rows.append(("Not shown", ", ".join(record.aside)))
    yield named(rows)


def _model(card: BundleCard | None) -> Iterator[Flowable]:
    if card is None:
        return
    yield Paragraph("Model", HEAD)
    yield named(model_facts(card))


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
