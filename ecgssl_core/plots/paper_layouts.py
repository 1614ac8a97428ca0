"""Which lead stands where: the layouts that are printed in hospitals, in the usual order and in that of Cabrera."""

from collections.abc import Sequence
from dataclasses import dataclass

LAYOUTS = {
    "3x4": "3×4 with rhythm strip II",
    "3x4+3": "3×4 with rhythm strips II, V1, V5",
    "6x2": "6×2",
    "12x1": "12×1",
}
_LIMBS = ("I", "II", "III", "aVR", "aVL", "aVF")
# AHA/ACC/HRS 2007, part I: neighbours in the frontal plane stand beside each other
_CABRERA = ("aVL", "I", "-aVR", "II", "aVF", "III")
_CHEST = ("V1", "V2", "V3", "V4", "V5", "V6")
_RHYTHMS = {"3x4": ("II",), "3x4+3": ("II", "V1", "V5")}
_FEWEST = 6  # of the twelve leads; a grid that is emptier hides what there is


@dataclass(frozen=True)
class Place:
    """A lead at its place in a layout; turned upside down where sign is -1, which its label says."""

    lead: str
    sign: int = 1

    @property
    def label(self) -> str:
        """What is written beside the trace."""
        return self.lead if self.sign > 0 else f"−{self.lead}"


def rows_of(layout: str, leads: Sequence[str], cabrera: bool = False) -> tuple[tuple[Place, ...], ...]:
    """Give the places of each row, from the top.

    A record with leads that the layout has no place for, or with too few for it, has each lead in a row of its own:
    nothing that was recorded is left out.

    Args:
        layout: a key of LAYOUTS.
        leads: names of the recorded leads.
        cabrera: limb leads as aVL, I, -aVR, II, aVF, III.

    Raises:
        ValueError: the layout is unknown.
    """
    if layout not in LAYOUTS:
        raise ValueError(f"unknown layout {layout!r}; known are {', '.join(LAYOUTS)}")
    if layout == "12x1" or not fits(layout, leads):
        return tuple((place,) for place in _in_order(leads, cabrera))
    limbs = _CABRERA if cabrera else _LIMBS
    if layout == "6x2":
        rows: list[tuple[str, ...]] = list(zip(limbs, _CHEST, strict=True))
    else:
        rows = list(zip(limbs[:3], limbs[3:], _CHEST[:3], _CHEST[3:], strict=True))
        # the rhythm is read from the first lead where the usual one is missing
        rows += [(lead if lead in leads else leads[0],) for lead in _RHYTHMS[layout]]
    kept = dict.fromkeys(row for row in rows if {place.lead for place in map(_place, row)} & set(leads))
    return tuple(tuple(map(_place, row)) for row in kept)


def beat_rows(cabrera: bool = False) -> tuple[tuple[Place, ...], ...]:
    """Give the three rows of four in which single beats stand."""
    limbs = _CABRERA if cabrera else _LIMBS
    rows = zip(limbs[:3], limbs[3:], _CHEST[:3], _CHEST[3:], strict=True)
    return tuple(tuple(map(_place, row)) for row in rows)


def fits(layout: str, leads: Sequence[str]) -> bool:
    """Tell whether a layout has a place for each of the leads, and enough of them not to stand empty."""
    known = {*_LIMBS, *_CHEST}
    return layout == "12x1" or (set(leads) <= known and len(set(leads)) >= _FEWEST)


def _in_order(leads: Sequence[str], cabrera: bool) -> list[Place]:
    if not cabrera:
        return [Place(lead) for lead in leads]
    turned = [place for place in map(_place, _CABRERA) if place.lead in leads]
    return turned + [Place(lead) for lead in leads if lead not in _LIMBS]


def _place(word: str) -> Place:
    return Place(word[1:], -1) if word.startswith("-") else Place(word)
