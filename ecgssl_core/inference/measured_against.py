"""What is measured against what is stated: a class that a measured interval does not support is marked, and stays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ecgssl_core.records import Intervals, Record, measure

from .prediction import Finding


@dataclass(frozen=True)
class Rule:
    """A class wants the measures (any one of them) above or below a limit; women may have a limit of their own."""

    measures: tuple[str, ...]
    side: Literal["above", "below", "at least", "at most"]
    limit: float
    limit_women: float | None = None


_NAMES = {
    "heart_rate_per_min": ("rate", "/min"),
    "pr_ms": ("PR", "ms"),
    "qrs_ms": ("QRS", "ms"),
    "qtc_bazett_ms": ("QTc Bazett", "ms"),
    "qtc_fridericia_ms": ("QTc Fridericia", "ms"),
    "qrs_axis_deg": ("QRS axis", "°"),
}
# Kusumoto et al. 2019 (ACC/AHA/HRS, bradycardia and conduction delay): first-degree AV block is a PR above 200 ms
_LONG_PR = Rule(("pr_ms",), "above", 200)
# the old limit of 60, by which the corpora are labelled; Kusumoto et al. 2019 take 50
_SLOW = Rule(("heart_rate_per_min",), "below", 60)
# Page et al. 2016 (ACC/AHA/HRS, supraventricular tachycardia): a sinus rate above 100
_FAST = Rule(("heart_rate_per_min",), "above", 100)
# Rautaharju et al. 2009 (AHA/ACCF/HRS, part IV): 450 ms in men, 460 in women; the longer of two formulas decides
_LONG_QT = Rule(("qtc_bazett_ms", "qtc_fridericia_ms"), "at least", 450, 460)
# Surawicz et al. 2009 (AHA/ACCF/HRS, part III): 120 ms for a complete block, 110 for one not said to be complete
_COMPLETE = Rule(("qrs_ms",), "at least", 120)
_BLOCK = Rule(("qrs_ms",), "at least", 110)
# the same: left from -30° on, and -45° for the left anterior fascicle
_LEFT = Rule(("qrs_axis_deg",), "at most", -30)
_FASCICLE = Rule(("qrs_axis_deg",), "at most", -45)
RULES = {
    "270492004": _LONG_PR,  # 1st degree AV block
    "164947007": _LONG_PR,  # prolonged PR interval
    "427084000": _FAST,  # sinus tachycardia
    "426177001": _SLOW,  # sinus bradycardia
    "426627000": _SLOW,  # bradycardia
    "111975006": _LONG_QT,  # prolonged QT interval
    "713427006": _COMPLETE,  # complete right bundle branch block
    "733534002": _COMPLETE,  # complete left bundle branch block
    "164909002": _BLOCK,  # left bundle branch block
    "59118001": _BLOCK,  # right bundle branch block
    "39732003": _LEFT,  # left axis deviation
    "445118002": _FASCICLE,  # left anterior fascicular block
}


def against_measured(findings: Sequence[Finding], record: Record) -> tuple[Finding, ...]:
    """Give the findings, those stated with a sentence where an interval measured on the record does not support them.

    Probability, threshold and status stay as they are. Nothing is measured where no stated class has a rule.
    """
    if not any(_has_rule(one) for one in findings):
        return tuple(findings)
    measured = measure(record)
    return tuple(
        replace(one, unsupported=unsupported_by(one, measured, record.sex == "female")) if _has_rule(one) else one
        for one in findings
    )


def unsupported_by(finding: Finding, measured: Intervals, female: bool) -> str | None:
    """Give the sentence that what is measured does not support a class that has a rule, None where it does."""
    rule = RULES[finding.code]
    limit = rule.limit_women if female and rule.limit_women is not None else rule.limit
    names = " and ".join(_NAMES[name][0] for name in rule.measures)
    unit = _NAMES[rule.measures[0]][1]
    wanted = f"it takes {rule.side} {_united(f'{limit:g}', unit)}"
    # whole numbers, as they are shown: what a person reads must agree with what is said of it
    values = [round(value) for name in rule.measures if (value := getattr(measured, name)) is not None]
    if not values:
        return f"{finding.name}: {names} cannot be measured here, so that nothing measured supports it; {wanted}."
    if any(_within(value, rule.side, limit) for value in values):
        return None
    numbers = " and ".join(map(str, values))
    return f"{finding.name}: not supported by the measured {names} of {_united(numbers, unit)}; {wanted}."


def _within(value: float, side: str, limit: float) -> bool:
    if value == limit:
        return side in {"at least", "at most"}
    return value < limit if side in {"below", "at most"} else value > limit


def _united(number: str, unit: str) -> str:
    return f"{number} {unit}".replace(" °", "°").replace("-", "−")


def _has_rule(finding: Finding) -> bool:
    return finding.status == "positive" and finding.code in RULES
