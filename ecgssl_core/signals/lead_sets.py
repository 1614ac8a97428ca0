"""Sets of leads: those that models are tested with, and any other by its leads."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import SettingsError, nearest
from ecgssl_core.signals.leads import LEADS, LIMB, canonical_lead

LeadSets = tuple[tuple[str, tuple[str, ...]], ...]

# those of the challenge of 2021, and one lead (the six limb leads hold no more than I and II do)
LEAD_SETS: LeadSets = (
    ("12 leads", LEADS),
    ("6 limb leads", LEADS[:6]),
    ("4 leads", ("I", "II", "III", "V2")),
    ("3 leads", ("I", "II", "V2")),
    ("2 leads", ("I", "II")),
    ("lead I", ("I",)),
    ("lead II", ("II",)),
)
_CHEST: LeadSets = (("chest leads", LEADS[6:]),)
_SINGLE: LeadSets = tuple((f"lead {lead}", (lead,)) for lead in LEADS)
_GROUPS = {"protocol": LEAD_SETS, "chest": _CHEST, "single": _SINGLE}


def parse_leads(text: str) -> tuple[str, ...]:
    """Give the standard leads that a text such as `I,II` names, each once, in its order.

    Raises:
        SettingsError: a word of it names no standard lead, or there is none.
    """
    words = [word.strip() for word in text.split(",")]
    found = [canonical_lead(word) for word in words]
    for word, lead in zip(words, found, strict=True):
        if lead is None:
            raise SettingsError(f"There is no lead {word!r}: {nearest(word, list(LEADS))}")
    return tuple(dict.fromkeys(lead for lead in found if lead is not None))


def find_sets(words: Sequence[str]) -> LeadSets:
    """Give the sets that words name: `protocol`, `chest`, `single`, or leads such as `I,V5`; each set once.

    Raises:
        SettingsError: a word is neither.
    """
    found: dict[frozenset[str], tuple[str, tuple[str, ...]]] = {}
    for word in words:
        for name, leads in _GROUPS.get(word) or (_named(parse_leads(word)),):
            found.setdefault(frozenset(leads), (name, leads))
    return tuple(found.values())


def _named(leads: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    known = {frozenset(one): (name, one) for sets in _GROUPS.values() for name, one in sets}
    return known.get(frozenset(leads), (f"leads {', '.join(leads)}", leads))


def set_name(leads: Sequence[str]) -> str:
    """Give what a set of leads is called."""
    return _named(tuple(leads))[0]


def given_rows(all_leads: Sequence[str], leads: Sequence[str]) -> NDArray[np.bool_]:
    """Say of each of a network's leads whether it is given by a set: as one of it, or as following from I and II."""
    filled = {*leads, *(LIMB if {"I", "II"} <= set(leads) else ())}
    return np.array([lead in filled for lead in all_leads])
