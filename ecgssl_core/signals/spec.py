"""What a network reads, and how any record is brought into that form (NumPy only)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.signals.filters import highpass
from ecgssl_core.signals.leads import LEADS, complete_limb_leads
from ecgssl_core.signals.resample import resample

Signal = NDArray[np.float32]


@dataclass(frozen=True)
class InputSpec:
    """The input of a network: leads, rate, windows, filter, spectrogram, and the statistics that standardise it.

    Lengths are in samples at `rate` Hz; means and standard deviations hold one number a lead, of training records only
    (mV for the series, mV of magnitude for the spectrogram). With `fewer_leads` any of the leads may be missing: it is
    then silent, 0 mV throughout.
    """

    leads: tuple[str, ...] = LEADS
    rate: float = 100.0
    window: int = 250
    stride: int = 125
    highpass_hz: float = 0.0
    stft_window: int = 25
    stft_overlap: int = 12
    log_spectrogram: bool = False
    fewer_leads: bool = False
    time_mean: tuple[float, ...] = field(default=(0.0,) * 12)
    time_std: tuple[float, ...] = field(default=(1.0,) * 12)
    spectrogram_mean: tuple[float, ...] = field(default=(0.0,) * 12)
    spectrogram_std: tuple[float, ...] = field(default=(1.0,) * 12)

    def as_json(self) -> dict[str, Any]:
        """Give the specification as plain numbers and lists."""
        return asdict(self)

    @classmethod
    def from_json(cls, tree: dict[str, Any]) -> Self:
        """Give the specification that `as_json` wrote.

        Raises:
            TypeError: a key is unknown.
        """
        known: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in tree.items()}
        return cls(**known)

    def with_statistics(self, **statistics: tuple[float, ...]) -> Self:
        """Give the same specification with other means and standard deviations."""
        return replace(self, **statistics)  # type: ignore[arg-type]


def arrange(signal: Signal, rate: float, leads: tuple[str, ...], spec: InputSpec) -> Signal:
    """Give the record in the network's leads, in their order, and at its rate.

    Args:
        signal: (leads, samples), in mV.
        rate: samples a second.
        leads: name of each row of signal.
        spec: what the network reads.

    Returns:
        (network's leads, samples at spec.rate), in mV.

    Raises:
        ValueError: a lead that the network needs is neither there nor follows from those there.
    """
    if spec.fewer_leads:  # a silent lead is a missing one, and may follow from others
        signal, leads = _without_silent(signal, leads)
    signal, leads, _ = complete_limb_leads(signal, leads)
    missing = [lead for lead in spec.leads if lead not in leads]
    if missing and not spec.fewer_leads:
        raise ValueError(f"leads {', '.join(missing)} are missing and cannot be derived")
    there = [lead for lead in spec.leads if lead in leads]
    found = resample(signal[[leads.index(lead) for lead in there]], rate, spec.rate)
    if not missing:
        return found
    whole = np.zeros((len(spec.leads), found.shape[1]), np.float32)
    whole[[spec.leads.index(lead) for lead in there]] = found
    return whole


def arrange_given(signal: Signal, rate: float, leads: tuple[str, ...], given: Sequence[str], spec: InputSpec) -> Signal:
    """Give what `arrange` gives of a record that has but these of its leads, whatever the network was made for.

    The others are silent, unless they follow from I and II.

    Raises:
        ValueError: the record has none of them.
    """
    rows = [row for row, lead in enumerate(leads) if lead in given]
    if not rows:
        raise ValueError(f"none of the leads {', '.join(given)} is there")
    return arrange(signal[rows], rate, tuple(leads[row] for row in rows), replace(spec, fewer_leads=True))


def _without_silent(signal: Signal, leads: tuple[str, ...]) -> tuple[Signal, tuple[str, ...]]:
    """Give only the rows that hold anything but 0."""
    rows = np.flatnonzero(signal.any(axis=1))
    return signal[rows], tuple(leads[row] for row in rows)


def filtered(signal: Signal, spec: InputSpec) -> Signal:
    """Give an arranged record as the network's filter leaves it."""
    return highpass(signal, spec.rate, spec.highpass_hz) if spec.highpass_hz else signal


def window_starts(samples: int, spec: InputSpec) -> NDArray[np.int64]:
    """Give the first sample of each window of a record, in order.

    Windows follow each other by the stride; one more ends at the last sample, so that no part of the record goes unread
    (the published code drops the tail). A record shorter than a window has one.
    """
    last = max(samples - spec.window, 0)
    starts = np.arange(0, last + 1, spec.stride)
    return starts if starts[-1] == last else np.append(starts, last)


def cut_windows(signal: Signal, spec: InputSpec) -> Signal:
    """Give the windows of an arranged record.

    Args:
        signal: (leads, samples) at spec.rate, in mV.
        spec: what the network reads.

    Returns:
        (windows, leads, spec.window), in mV; a record shorter than a window is followed by zeros.
    """
    signal = filtered(signal, spec)
    if signal.shape[1] < spec.window:
        signal = np.pad(signal, ((0, 0), (0, spec.window - signal.shape[1])))
    return np.stack([signal[:, start : start + spec.window] for start in window_starts(signal.shape[1], spec)])


def prepare(signal: Signal, rate: float, leads: tuple[str, ...], spec: InputSpec) -> Signal:
    """Give the windows of any record, as a network reads them.

    Args:
        signal: (leads, samples), in mV.
        rate: samples a second.
        leads: name of each row of signal.
        spec: what the network reads.

    Returns:
        (windows, leads, spec.window), in mV.

    Raises:
        ValueError: a lead that the network needs is neither there nor follows from those there.
    """
    return cut_windows(arrange(signal, rate, leads, spec), spec)
