"""The sampling rate that a time column tells: in seconds, milliseconds or times of day; asked where it tells none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .assemble import RATES
from .record import Issue

_SECONDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sekunden"), 1.0),
    **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds", "millis"), 1e-3),
    **dict.fromkeys(("us", "µs", "μs", "usec", "microsecond", "microseconds"), 1e-6),
    **dict.fromkeys(("ns", "nsec", "nanosecond", "nanoseconds"), 1e-9),
}
_NAMES = {
    *("time", "t", "times", "timestamp", "timestamps", "time stamp", "elapsed", "elapsed time", "sample time"),
    *("datetime", "date", "time axis", "zeit", "temps", "tiempo", "tempo"),
}
_OF_DAY = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,9})?)")
_DAY = 86400.0
_UNEVEN, _LOOSE = 0.01, 0.005  # as shares: of the step that steps may vary by, of the rate that may be unsure


@dataclass(frozen=True)
class Clock:
    """What a time column tells: a rate, or none where it contradicts itself, and what is odd about it."""

    rate: float | None
    issues: tuple[Issue, ...] = ()


def is_time(name: str) -> bool:
    """Say whether a column's bare name is that of a time column, or of a unit of time."""
    plain = " ".join(re.sub(r"[_\-.]+", " ", name).split()).casefold()
    return plain in _NAMES or (len(plain) > 1 and plain in _SECONDS)


def seconds_a_unit(word: str) -> float | None:
    """Give the length of a unit of time in seconds, or None for what is no unit of time."""
    return _SECONDS.get(word.strip().strip(".").casefold())


def of_day(texts: Sequence[str]) -> NDArray[np.float64] | None:
    """Give times written as 12:00:00.002, 0:00.002 or with a date before them as seconds; None if one is no time.

    A date is not read: where it changes, a day has passed.
    """
    seconds = np.empty(len(texts))
    days, date = 0.0, None
    for row, text in enumerate(texts):
        found = _OF_DAY.search(text)
        if found is None:
            return None
        if date is not None and text[: found.start()] != date:
            days += _DAY
        date = text[: found.start()]
        seconds[row] = days + 3600 * int(found[1] or 0) + 60 * int(found[2]) + float(found[3].replace(",", "."))
    return seconds


def clock(times: NDArray[np.float64], unit: float | None) -> Clock:
    """Give the rate of evenly sampled times.

    Args:
        times: (samples,), at least two.
        unit: of the times, in seconds; None where the file does not say: an ECG's 50 to 4000 samples a second leave
            at most one of s, ms, µs and ns. Steps of exactly one, which may just count samples, tell no rate then.
    """
    steps = np.diff(times)
    if not np.isfinite(steps).all():
        return _odd("The time column has gaps, so it tells no sampling rate.")
    if (steps < 0).any():
        return _odd(f"The time column runs backwards after {int(np.argmax(steps < 0)) + 1} samples.")
    span = float(times[-1] - times[0])
    if not span > 0 or (unit is None and np.all(steps == 1)):
        return Clock(None)
    factor = unit if unit is not None else _only_unit(span / len(steps))
    if factor is None:
        return Clock(None)
    median = float(np.median(steps))
    usual = steps[steps <= 2.5 * median] if median > 0 else steps  # without gaps
    mean, quantum = float(usual.mean()), _quantum(usual)
    unsure = max(quantum, float(np.spacing(np.abs(times).max()))) / span
    rate = 1 / (mean * factor)
    if unsure > _LOOSE:
        return Clock(None)
    whole = round(rate)
    rate = float(whole) if abs(rate - whole) <= rate * unsure * 1.01 + 1e-9 else rate
    return Clock(rate, tuple(_unevenness(steps, mean, quantum)))


def _only_unit(step: float) -> float | None:
    fitting = [unit for unit in (1.0, 1e-3, 1e-6, 1e-9) if 1 / RATES[1] <= step * unit <= 1 / RATES[0]]
    return fitting[0] if len(fitting) == 1 else None


def _quantum(steps: NDArray[np.float64]) -> float:
    """Give the resolution in which times are written: 1 ms where steps are 2 or 3 ms."""
    mean = float(steps.mean())
    kinds = np.unique(np.round(steps / mean, 4))
    return float(np.diff(kinds).min() * mean) if len(kinds) > 1 else 0.0


def _unevenness(steps: NDArray[np.float64], mean: float, quantum: float) -> list[Issue]:
    away = np.abs(steps - mean)
    if away.max() > 1.5 * mean:
        row = int(np.argmax(away)) + 1
        sentence = f"The time column jumps after {row} samples: some are missing, and time is wrong from there."
        return [Issue("QUAL", None, "warn", sentence, "Export the record without gaps.")]
    spread = float(steps.std() / mean)
    if spread <= _UNEVEN or away.max() <= quantum * 1.01:
        return []
    sentence = f"The time column is uneven: its steps vary by {spread:.0%}; the rate is their mean."
    return [Issue("QUAL", None, "warn", sentence, "Export the record with evenly spaced samples.")]


def _odd(sentence: str) -> Clock:
    return Clock(None, (Issue("QUAL", None, "warn", sentence, "Say the rate: on the page, or with --rate."),))
