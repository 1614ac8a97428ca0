"""How alike two records are to a model that tells persons apart, in the form that pages and the command line share."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ecgssl_core.models.identity import Identity, LeadSetPoints, OperatingPoint
from ecgssl_core.records import Record
from ecgssl_core.signals.lead_sets import given_rows
from ecgssl_core.signals.leads import LIMB

MIX_UP = (
    "To notice mix-ups of recordings; not authentication: it says nothing of who somebody is, and a false-match rate "
    "found on one corpus need not hold on another."
)


_ALL = 12


@dataclass(frozen=True)
class Likeness:
    """What a model says of two records being of one person.

    similarity is the cosine between the directions of their features, None where they are not compared; rate is the
    smallest false-match rate known at which `same person` would be said, with the 95 % interval of what was found on
    `pairs` pairs of two persons; missed is the share of persons whose own two recordings would not match then, with its
    exact interval. None where it would not be said even at a rate of one half, or nothing is known for these leads.
    lead_set names the set of leads that was tried, leads are those compared; sentence says all of it.
    """

    first: str
    second: str
    lead_set: str | None
    leads: tuple[str, ...]
    similarity: float | None
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    missed: float | None
    missed_low: float | None
    missed_high: float | None
    pairs: int
    seen: bool
    sentence: str


def leads_of(record: Record) -> set[str]:
    """Give the leads of a record that hold anything, and those that follow from them."""
    silent = ~(np.nan_to_num(record.signal) != 0).any(axis=1)
    there = {lead for lead, one in zip(record.leads, silent, strict=True) if not one}
    return there | set(LIMB) if {"I", "II"} <= there else there


def compared_on(identity: Identity, first: Record, second: Record) -> tuple[LeadSetPoints | None, tuple[str, ...]]:
    """Give the largest set of leads that both records have and that was tried, and its leads; else all they share."""
    spec = identity.spec
    common = leads_of(first) & leads_of(second) & set(spec.leads)
    tried = [one for one in identity.sets if set(one.leads) <= common]
    best = max(tried, key=lambda one: int(given_rows(spec.leads, one.leads).sum()), default=None)
    if best is None:
        return None, tuple(lead for lead in spec.leads if lead in common)
    given = given_rows(spec.leads, best.leads)
    return best, tuple(lead for lead, one in zip(spec.leads, given, strict=True) if one)


def reached(points: Iterable[OperatingPoint], similarity: float) -> OperatingPoint | None:
    """Give the strictest operating point whose threshold a similarity reaches, None if it reaches none."""
    return min((one for one in points if similarity >= one.threshold), key=lambda one: one.rate, default=None)


def not_compared(first: Record, second: Record, sentence: str) -> Likeness:
    """Give what is said of two records that are not compared, and why."""
    return Likeness(first.name, second.name, None, (), None, None, None, None, None, None, None, 0, False, sentence)


def likeness_of(
    names: tuple[str, str],
    tried: LeadSetPoints | None,
    leads: tuple[str, ...],
    similarity: float,
    *,
    seen: bool,
    same_signal: bool = False,
) -> Likeness:
    """Give what is said of two records.

    Args:
        names: of the records.
        tried: the set of leads that was tried, with its operating points; None for other leads.
        leads: those compared.
        similarity: of the two directions.
        seen: whether one of them was read while the model was made.
        same_signal: whether both are one recording.
    """
    point = None if tried is None or same_signal else reached(tried.points, similarity)
    on = "Compared on all twelve leads." if len(leads) == _ALL else f"Compared on {', '.join(leads)}."
    parts = [on, "One of them was read in the making of the model." if seen else "", _said(tried, point, same_signal)]
    return Likeness(
        first=names[0],
        second=names[1],
        lead_set=None if tried is None else tried.name,
        leads=leads,
        similarity=similarity,
        rate=None if point is None else point.rate,
        rate_low=None if point is None else point.matched_low,
        rate_high=None if point is None else point.matched_high,
        missed=None if point is None else point.missed,
        missed_low=None if point is None else point.missed_low,
        missed_high=None if point is None else point.missed_high,
        pairs=0 if tried is None else tried.impostor_pairs,
        seen=seen,
        sentence=" ".join(part for part in parts if part),
    )


def _said(tried: LeadSetPoints | None, point: OperatingPoint | None, same_signal: bool) -> str:
    if same_signal:
        return "Both are the same recording, which says nothing of persons."
    if tried is None:
        return "These leads were never tried, so nobody knows how often two persons are as alike."
    if not tried.points:
        return f"Only {tried.impostor_pairs:,} pairs of two persons were tried, too few to say how often they match."
    if point is None:
        return (
            f"More than {tried.points[0].rate:.0%} of pairs of two persons are as alike: nothing speaks for one person."
        )
    least = " or less, which too few pairs were tried to tell" if point == tried.points[-1] else ""
    return (
        f"'Same person' would be said at a false-match rate of {point.rate:g}{least} (95 % interval "
        f"{point.matched_low:.2g} to {point.matched_high:.2g} on {tried.impostor_pairs:,} pairs of {tried.persons} "
        f"persons); {point.missed:.0%} ({point.missed_low:.0%} to {point.missed_high:.0%}) of persons' own pairs would "
        "then be missed."
    )
