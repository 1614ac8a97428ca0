"""From named columns of numbers to a draft: which is time, which only counts, which are leads, and in which unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import EmptyFile, LimitError
from ecgssl_core.signals.leads import canonical_lead, supplementary_lead

from .assemble import MOST_LEADS, SHOWN
from .draft import Channel, Draft
from .record import Issue, Sex
from .time_axis import Clock, clock, is_time, seconds_a_unit
from .units import millivolts

FEWEST = 50  # samples: a second at the lowest rate
_BRACKETS = re.compile(r"(.*?)[\s_]*[(\[{]\s*([^()\[\]{}]{1,12}?)\s*[)\]}]")
_SUFFIX = re.compile(r"(.+?)[\s_/]+([nNuUµμmM][vV]|m?s|msec|sec|us|µs|ns)")
_COUNTS = ("", "index", "idx", "n", "no", "nr", "#", "sample", "samples", "sample number", "sample no", "row", "frame")
_GENERIC = re.compile(
    r"(e[ck]g|lead|channel|ch|signal|sig|val|values?|voltage|volts?|amplitude|data|samples?|raw|ml|mcl|cm|filtered|v)"
    r"([ _\-.]*([ivx]{1,4}|\d{1,3})|[ _\-.]+[a-z]{1,3}\d?)?",
    re.IGNORECASE,
)
_STEP_MV = 1e-6
_LOOKED_AT = 1 << 16  # samples from which a step is estimated


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table, or one row of an array.

    name: in the file's words; empty where it has none.
    values: (samples,), NaN where a cell is blank.
    unit: where the file says it elsewhere than in the name.
    of_day: whether the values are seconds, made of times of day.
    """

    name: str
    values: NDArray[np.float64]
    unit: str | None = None
    of_day: bool = False


@dataclass(frozen=True)
class Told:
    """What a file says beside its numbers; None where it says nothing."""

    rate: float | None = None
    unit: str | None = None
    age: float | None = None
    sex: Sex | None = None


def draft_of(file: str, form: str, columns: Sequence[Column], told: Told) -> Draft:
    """Give the draft of a table, in which nothing is presumed that it does not say.

    Args:
        file: its name, for sentences.
        form: its format, as people are shown it.
        columns: of one length.
        told: what it says beside them.

    Raises:
        RecordError: it is no table of a signal, or has more columns than an ECG.
    """
    found = [_understood(column) for column in columns]
    timing = next((column for column in found if column.of_day or is_time(column.name)), None)
    rows = max((len(column.values) for column in columns), default=0)
    if rows < FEWEST:
        raise EmptyFile(file, f"The file holds {rows} samples of a signal; an ECG has at least {FEWEST}.")
    rest = [column for column in found if not _is_beside(column, found)]
    time = Clock(None) if timing is None else _clock(timing)
    leads, outside = _signals(file, rest, told.rate is not None or time.rate is not None)
    rate, doubts = _rate(told.rate, time)
    return Draft(
        name=Path(file).stem,
        form=form,
        rate=rate,
        channels=tuple(_channel(column, told.unit) for column in leads),
        age=told.age,
        sex=told.sex,
        issues=(*time.issues, *doubts, *_left_out(outside)),
    )


def named_unit(name: str) -> tuple[str, str | None]:
    """Give a column's bare name and the unit in it: `I (mV)`, `II [uV]`, `V1_mV`, `time (s)`."""
    plain = " ".join(name.split())
    found = _BRACKETS.fullmatch(plain) or _SUFFIX.fullmatch(plain)
    return (found[1].strip(), found[2].strip()) if found else (plain, None)


def is_lead(name: str) -> bool:
    """Say whether a bare name is one of a standard, Frank, posterior or right-sided lead."""
    return bool(canonical_lead(name) or supplementary_lead(name))


def smallest_step(values: NDArray[np.float64], unit: str | None) -> float:
    """Estimate the smallest step of a signal, in its unit, as the least difference between two of its values.

    What has no known unit is taken as at least a hundred-thousandth of its largest value: bare floating-point numbers
    may differ by any small amount, and no converter of an ECG is finer than that.
    """
    kinds = np.unique(values[:_LOOKED_AT])
    kinds = kinds[np.isfinite(kinds)]
    largest = float(np.abs(kinds).max(initial=0.0))
    gaps = np.diff(kinds)
    gaps = gaps[gaps > 1e-12 * largest]
    least = float(f"{gaps.min():.6g}") if len(gaps) else 0.0  # without the noise of binary fractions
    factor = None if unit is None else millivolts(unit)
    if factor is None:
        return max(least, 1e-5 * largest) or 1e-3
    return min(max(least, _STEP_MV / factor), 1.0 / factor)


def _understood(column: Column) -> Column:
    bare, unit = named_unit(column.name)
    if is_lead(column.name) or (is_time(column.name) and unit is None):
        bare, unit = " ".join(column.name.split()), None
    return replace(column, name=bare, unit=unit or column.unit)


def _is_beside(column: Column, columns: list[Column]) -> bool:
    """Say whether a column is time, or only counts: no signal rises by the same amount from end to end."""
    if column.of_day or is_time(column.name):
        return True
    steps = np.diff(column.values)
    if column.name.casefold() in _COUNTS and (steps == 1).all():
        return True
    bare = not any(other.name for other in columns)
    mean = float(steps.mean()) if bare and len(steps) and np.isfinite(steps).all() else 0.0
    return mean > 0 and bool((np.abs(steps - mean) <= 0.01 * mean).all())


def _signals(file: str, columns: list[Column], timed: bool) -> tuple[list[Column], list[Column]]:
    """Give the columns that may be leads, and the rest; a table that names nothing of an ECG is none."""
    if any(is_lead(column.name) for column in columns):
        kept = [column for column in columns if is_lead(column.name) or may_be_signal(column)]
    else:
        bare = not any(column.name for column in columns)
        kept = columns if bare or timed else [column for column in columns if may_be_signal(column)]
    if not kept:
        raise EmptyFile(file, "The table names no lead and no signal; give its columns their leads' names.")
    if len(kept) > MOST_LEADS:
        raise LimitError(file, f"The file holds {len(kept)} columns of numbers; at most {MOST_LEADS} leads are read.")
    return kept, [column for column in columns if column not in kept]


def may_be_signal(column: Column) -> bool:
    """Say whether a column that is no known lead may be a signal: it has no name, a general one, or a voltage."""
    voltage = column.unit is not None and millivolts(column.unit) is not None
    return voltage or not column.name or column.name.startswith("=") or bool(_GENERIC.fullmatch(column.name))


def _clock(column: Column) -> Clock:
    return clock(column.values, 1.0 if column.of_day else seconds_a_unit(column.unit or column.name))


def _rate(told: float | None, time: Clock) -> tuple[float | None, list[Issue]]:
    if told is None or time.rate is None:
        return (told if time.rate is None else time.rate), []
    if abs(told / time.rate - 1) <= 0.01:
        return told, []
    sentence = f"The file says {told:g} Hz, and its time column {time.rate:g} Hz."
    return None, [Issue("QUAL", None, "warn", sentence, "Say the rate: on the page, or with --rate.")]


def _channel(column: Column, unit: str | None) -> Channel:
    unit = column.unit if column.unit is not None else unit
    return Channel(column.name, column.values, unit, smallest_step(column.values, unit))


def _left_out(columns: list[Column]) -> list[Issue]:
    if not columns:
        return []
    names = ", ".join(column.name[:SHOWN] for column in columns[:4]) + (", …" if len(columns) > 4 else "")
    return [Issue("PART", None, "note", f"Left out, named like no lead: {names}.", "")]
