"""What may happen to an ECG on its way, done to a record on purpose."""

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.records import Record
from ecgssl_core.records.qrs import qrs_times

Signal = NDArray[np.float32]
Injection = Callable[[Record], Record]


def _changed(change: Callable[[Signal, Record], Signal | None]) -> Injection:
    def inject(record: Record) -> Record:
        signal = record.signal.copy()
        made = change(signal, record)
        return dataclasses.replace(record, signal=signal if made is None else made)

    return inject


def gap(seconds: float) -> Injection:
    """A stretch of V2 is missing."""

    def change(signal: Signal, record: Record) -> None:
        signal[7, 500 : 500 + round(seconds * record.rate)] = np.nan

    return _changed(change)


def still(share: float, rows: slice) -> Injection:
    """Leads stand still for a share of the record."""

    def change(signal: Signal, _: Record) -> None:
        start = signal.shape[1] // 10
        signal[rows, start : start + round(share * signal.shape[1])] = 0

    return _changed(change)


def clipped(share: float) -> Injection:
    """V3 is cut off above and below so that a share of its samples lies at the rails."""

    def change(signal: Signal, _: Record) -> None:
        low, high = np.percentile(signal[8], [50 * share, 100 - 50 * share])
        signal[8] = np.clip(signal[8], low, high)

    return _changed(change)


def scaled(factor: float, rows: slice = slice(None)) -> Injection:
    """Leads are larger or smaller than they say."""

    def change(signal: Signal, _: Record) -> None:
        signal[rows] *= np.float32(factor)

    return _changed(change)


def drifting(millivolts: float) -> Injection:
    """V4 drifts at 0.2 Hz by so many mV from peak to peak."""

    def change(signal: Signal, record: Record) -> None:
        signal[9] += millivolts / 2 * np.sin(2 * np.pi * 0.2 * np.arange(signal.shape[1]) / record.rate)

    return _changed(change)


def humming(share: float, hertz: float) -> Injection:
    """V1 hums with an amplitude that is a share of its spread."""

    def change(signal: Signal, record: Record) -> None:
        wave = np.sin(2 * np.pi * hertz * np.arange(signal.shape[1]) / record.rate)
        signal[6] += share * np.nanstd(signal[6]) * wave

    return _changed(change)


def trembling(millivolts: float) -> Injection:
    """White noise of so many mV in V5."""

    def change(signal: Signal, _: Record) -> None:
        signal[10] += np.random.default_rng(0).normal(0, millivolts, signal.shape[1])

    return _changed(change)


def copied(one: int, other: int) -> Injection:
    """One lead is a copy of another."""

    def change(signal: Signal, _: Record) -> None:
        signal[other] = signal[one]

    return _changed(change)


def renamed(one: int, other: int) -> Injection:
    """Two leads carry each other's name."""

    def change(signal: Signal, _: Record) -> None:
        signal[[one, other]] = signal[[other, one]]

    return _changed(change)


def _swapped(signal: Signal, record: Record) -> Signal:
    counts = np.rint(signal / np.array(record.lsb_mv)[:, None]).astype(np.int16)
    return (counts.byteswap() * np.array(record.lsb_mv)[:, None]).astype(np.float32)


def clocked(factor: float) -> Injection:
    """The header tells a rate that is so many times the true one."""
    return lambda record: dataclasses.replace(record, rate=record.rate * factor)


def shortened(seconds: float) -> Injection:
    """Only the first seconds are there."""
    return lambda record: dataclasses.replace(record, signal=record.signal[:, : round(seconds * record.rate)])


def _printed(fill: float) -> Injection:
    def change(signal: Signal, _: Record) -> None:
        quarter = signal.shape[1] // 4
        for group in range(4):
            rows = slice(3 * group, 3 * group + 3)
            kept = signal[rows, group * quarter : (group + 1) * quarter].copy()
            signal[rows] = fill
            signal[rows, group * quarter : (group + 1) * quarter] = kept

    return _changed(change)


def _averaged(signal: Signal, record: Record) -> Signal:
    beats = np.rint(qrs_times(signal, record.rate) * record.rate).astype(int)
    length = int(np.median(np.diff(beats)))
    starts = [beat - length // 3 for beat in beats if beat >= length // 3 and beat + length < signal.shape[1]]
    mean = np.mean([signal[:, start : start + length] for start in starts], axis=0)
    return np.tile(mean, signal.shape[1] // length).astype(np.float32)


def _pulsed(signal: Signal, record: Record) -> None:
    first, last = round(0.1 * record.rate), round(0.3 * record.rate)
    signal[:, : round(0.4 * record.rate)] = 0
    signal[:, first:last] = 1


def _noise(colour: str) -> Injection:
    def change(signal: Signal, _: Record) -> Signal:
        chance = np.random.default_rng(0)
        noise = chance.normal(size=signal.shape)
        if colour == "brown":
            noise = np.cumsum(noise, axis=1)
            noise -= noise.mean(axis=1, keepdims=True)
        noise *= 0.3 / noise.std(axis=1, keepdims=True)
        noise[2:6] = [noise[1] - noise[0], -(noise[0] + noise[1]) / 2, noise[0] - noise[1] / 2, noise[1] - noise[0] / 2]
        return np.asarray(noise, np.float32)

    return _changed(change)


def _nothing(signal: Signal, _: Record) -> None:
    signal[:] = 0


ALL = slice(None)
# name, what is done, whether it lies above the limit of the check that is for it
INJECTIONS: tuple[tuple[str, Injection, bool], ...] = (
    *((f"gap of {seconds:g} s in V2", gap(seconds), True) for seconds in (0.01, 0.1, 0.5, 2.0)),
    ("V2 flat for 5 %", still(0.05, slice(7, 8)), False),
    *((f"V2 flat for {100 * part:g} %", still(part, slice(7, 8)), True) for part in (0.15, 0.4, 0.6, 1.0)),
    ("all leads flat for 60 %", still(0.6, ALL), True),
    ("V3 cut off, 0.3 %", clipped(0.003), False),
    *((f"V3 cut off, {100 * part:g} %", clipped(part), True) for part in (0.01, 0.03, 0.1)),
    *((f"all leads x {factor:g}", scaled(factor), factor not in (0.2, 5))
      for factor in (0.001, 0.005, 0.2, 5, 200, 1000)),
    *((f"V6 alone x {factor:g}", scaled(factor, slice(11, 12)), True) for factor in (0.001, 1000)),
    *((f"V4 drifts by {size:g} mV", drifting(size), size > 1) for size in (0.5, 1.5, 3.0, 6.0)),
    *((f"V1 hums at {hertz} Hz, {100 * part:g} % of its spread", humming(part, hertz), part > 0.5)
      for hertz in (50, 60) for part in (0.2, 0.8, 2.0)),
    *((f"noise of {1000 * size:g} uV in V5", trembling(size), size > 0.03) for size in (0.02, 0.06, 0.15, 0.5)),
    ("V2 is a copy of V4", copied(9, 7), True),
    ("aVF is a copy of II", copied(1, 5), True),
    ("names of aVL and aVF exchanged", renamed(4, 5), True),
    ("names of I and II exchanged", renamed(0, 1), True),
    ("names of III and V1 exchanged", renamed(2, 6), True),
    ("bytes in the wrong order", _changed(_swapped), True),
    *((f"rate told {factor:g} times the true one", clocked(factor), factor != 1.25)
      for factor in (0.2, 0.5, 1.25, 2, 5)),
    ("3x4 sheet, the rest zero", _printed(0), True),
    ("3x4 sheet, the rest missing", _printed(np.nan), True),
    *((f"{seconds:g} s long", shortened(seconds), True) for seconds in (0.5, 2.0)),
    ("averaged beat, repeated", _changed(_averaged), True),
    ("calibration pulse (a note)", _changed(_pulsed), False),
    ("all zero", _changed(_nothing), True),
    ("white noise", _noise("white"), True),
    ("brown noise", _noise("brown"), True),
)  # fmt: skip
