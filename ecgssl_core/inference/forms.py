"""How measurements and reasons travel between processes: a JSON tree and named blocks of numbers, and back."""

from dataclasses import asdict
from typing import Any

from ecgssl_core.records import Intervals, Issue, LeadQuality, Quality
from ecgssl_core.records.intervals import NUMBERS

from .explained import Attribution, LeadSet, Seen, TestedFigures, Timeline
from .messages import Block
from .prediction import Finding

Parts = tuple[dict[str, Any], dict[str, Block]]


def looked_parts(quality: Quality, intervals: Intervals) -> Parts:
    """Give quality and intervals as a tree and blocks."""
    numbers = {name: getattr(intervals, name) for name in NUMBERS}
    measured = {"numbers": numbers, "reasons": intervals.reasons, "leads": intervals.leads}
    # measured are at most ten minutes: places fit 32 bits
    return {"quality": asdict(quality), "intervals": measured}, {"beats": intervals.beats}


def looked_of(tree: dict[str, Any], blocks: dict[str, Block]) -> tuple[Quality, Intervals]:
    """Give what `looked_parts` was given."""
    found, measured = tree["quality"], tree["intervals"]
    leads = tuple(LeadQuality(one["lead"], one["mark"], _issues(one["issues"])) for one in found["leads"])
    quality = Quality(leads, _issues(found["issues"]), found["blocked"])
    beats = blocks["beats"].astype("int64")
    numbers, reasons = measured["numbers"], measured["reasons"]
    return quality, Intervals(**numbers, reasons=reasons, leads=tuple(measured["leads"]), beats=beats)


def seen_parts(found: Seen) -> Parts:
    """Give what a network reads as a tree and blocks."""
    return {"rate": found.rate, "leads": found.leads, "what": found.what}, {"signal": found.signal}


def seen_of(tree: dict[str, Any], blocks: dict[str, Block]) -> Seen:
    """Give what `seen_parts` was given."""
    return Seen(blocks["signal"], tree["rate"], tuple(tree["leads"]), tree["what"])


def attribution_parts(found: Attribution) -> Parts:
    """Give an attribution as a tree and blocks."""
    tree = {name: getattr(found, name) for name in ("code", "leads", "rate", "frames_s", "hertz", "gap")}
    maps = {"signal": found.signal, "spectrogram": found.spectrogram}
    return tree, {name: one for name, one in maps.items() if one is not None}


def attribution_of(tree: dict[str, Any], blocks: dict[str, Block]) -> Attribution:
    """Give what `attribution_parts` was given."""
    return Attribution(
        code=tree["code"],
        leads=tuple(tree["leads"]),
        rate=tree["rate"],
        signal=blocks.get("signal"),
        spectrogram=blocks.get("spectrogram"),
        frames_s=tuple(tree["frames_s"]),
        hertz=tuple(tree["hertz"]),
        gap=tree["gap"],
    )


def timeline_parts(found: Timeline) -> Parts:
    """Give a timeline as a tree and blocks."""
    blocks = {"probabilities": found.probabilities}
    tree = {"codes": found.codes, "starts_s": found.starts_s, "window_s": found.window_s}
    return tree, blocks if found.gates is None else {**blocks, "gates": found.gates}


def timeline_of(tree: dict[str, Any], blocks: dict[str, Block]) -> Timeline:
    """Give what `timeline_parts` was given."""
    codes, starts = tuple(tree["codes"]), tuple(tree["starts_s"])
    return Timeline(codes, starts, tree["window_s"], blocks["probabilities"], blocks.get("gates"))


def lead_set_of(tree: dict[str, Any]) -> LeadSet:
    """Give the lead set whose `asdict` this is."""
    figures = tree["figures"] and TestedFigures(**tree["figures"])
    said = findings_of(tree["findings"])
    return LeadSet(tree["name"], tuple(tree["leads"]), tree["tested"], said, figures, tree["note"])


def findings_of(trees: list[dict[str, Any]]) -> tuple[Finding, ...]:
    """Give the findings whose `asdict` these are."""
    return tuple(Finding(**tree) for tree in trees)


def _issues(trees: list[dict[str, Any]]) -> tuple[Issue, ...]:
    return tuple(Issue(**tree) for tree in trees)
