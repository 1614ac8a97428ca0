"""Rate, intervals and axes of two records side by side, with their differences and units."""

from typing import Any

import pandas as pd
import streamlit as st

from ecgssl_core.records import Intervals
from ecgssl_core.records.intervals import NUMBERS
from pages.parts.interval_row import NONE, WORDS

TURN = 360


def show_interval_differences(first: Intervals, second: Intervals) -> None:
    """Show what was measured on two records and how far it is apart; what is missing has its reason below."""
    rows = interval_differences(first, second)
    shown = [{**row, **{key: _words(row, key) for key in ("first", "second")}, "change": _change(row)} for row in rows]
    table = pd.DataFrame(shown)[["measure", "first", "second", "change"]]
    st.table(table.set_axis(["Measure", "First", "Second", "Second − first"], axis=1).set_index("Measure"))
    for place, found in (("First", first), ("Second", second)):
        reasons: dict[str, list[str]] = {}
        for row in rows:
            if row[place.lower()] is None:
                reasons.setdefault(found.reasons.get(row["name"], ""), []).append(row["measure"])
        for reason, names in reasons.items():
            st.caption(f"{place}, not measurable: {', '.join(names)}. {reason}")


def interval_differences(first: Intervals, second: Intervals) -> list[dict[str, Any]]:
    """Give a row a measure of two records: name, measure, unit, first, second, difference; None where missing.

    The difference of two axes is the shorter way round.
    """
    rows = []
    for name in NUMBERS:
        label, unit, _ = WORDS[name]
        # rounded first: what a person reads must add up
        measured = (getattr(first, name), getattr(second, name))
        one, other = (None if value is None else round(value) for value in measured)
        apart = None if one is None or other is None else other - one
        if apart is not None and name.endswith("_deg"):
            apart = (apart + TURN // 2) % TURN - TURN // 2
        rows.append({"name": name, "measure": label, "unit": unit, "first": one, "second": other, "difference": apart})
    return rows


def _words(row: dict[str, Any], key: str) -> str:
    return NONE if row[key] is None else _united(f"{row[key]:d}", row["unit"])


def _change(row: dict[str, Any]) -> str:
    return NONE if row["difference"] is None else _united(f"{row['difference']:+d}", row["unit"])


def _united(number: str, unit: str) -> str:
    return f"{number} {unit}".replace(" °", "°").replace("-", "−").replace("+0 ", "0 ").replace("+0°", "0°")
