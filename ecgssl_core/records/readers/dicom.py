"""DICOM waveforms: the rhythm of an ECG object, in the units and leads that its codes say."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, EmptyFile, LimitError, UnknownFormat
from ecgssl_core.records.assemble import RATES, name_of
from ecgssl_core.records.averaged import rhythm_issues
from ecgssl_core.records.dicom_groups import WaveChannel, WaveGroup, waves
from ecgssl_core.records.dicom_leads import lead_of
from ecgssl_core.records.dicom_structure import has_mark, open_body
from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.records.record import Issue
from ecgssl_core.signals.leads import canonical_lead, supplementary_lead

NAME, GENERAL = "DICOM", False
WINDOW_S, MOST_SECONDS, MOST_SAMPLES = 600, 26 * 3600, 1 << 25
_FORMS = {(16, "SS"): "i2", (16, "US"): "u2", (32, "SL"): "i4", (32, "UL"): "u4"}
_WAVEFORM = "1.2.840.10008.5.1.4.1.1.9."
# waveform objects that are ECGs or may hold one; others are voice, pulse, breathing, EEG
_KINDS = {
    f"{_WAVEFORM}1.1": "12-lead ECG",
    f"{_WAVEFORM}1.2": "general ECG",
    f"{_WAVEFORM}1.3": "ambulatory ECG",
    f"{_WAVEFORM}1.4": "general 32-bit ECG",
    f"{_WAVEFORM}2.1": "hemodynamic",
    f"{_WAVEFORM}3.1": "electrophysiology",
}
_AVERAGED = ("MEDIAN", "AVERAGE", "AVG", "MEAN", "REPRESENTATIVE", "TEMPLATE", "BEAT")
_SHORT_S = 2.5  # a derived group that is shorter and has no name is an averaged beat
_DOUBTFUL = ("TEST DATA", "DISCONNECTED", "QUESTIONABLE", "INVALID", "UNCALIBRATED", "UNZEROED")
_FILLED_S = 0.1
_MOST_GAIN = 1e9


def takes(name: str, content: bytes) -> bool:  # noqa: ARG001 - every reader is asked alike
    """Say whether a file is a DICOM object, of whatever kind."""
    return has_mark(content)


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the rhythm of an ECG object; an averaged beat only where there is nothing else, and never to be scored.

    Args:
        name: the file's, among the files.
        files: the whole uploaded set, by name.

    Raises:
        RecordError: the object is damaged, holds no ECG, or stores it in a form that is not read.
    """
    body = open_body(name, files[name])
    if body.kind:
        _check_kind(name, body.kind)
    found = waves(name, body)
    _check_kind(name, found.kind)
    group, issues = _chosen(name, found.groups)
    stored = _stored(name, group)
    if len(stored) < group.samples:
        told = f"The recording lasts {group.seconds:g} s; only its first part is shown."
        issues.append(Issue("PART", None, "note", told, "For another part, cut it out and export it alone."))
    channels = []
    for at, channel in enumerate(group.channels):
        made = _channel(name, group, channel, stored[:, at].astype(np.int64), at + 1)
        channels.append(made)
        issues += _doubts(_called(made.lead, at + 1), channel)
    form = f"DICOM {_KINDS[found.kind]}"
    return Draft(Path(name).stem, form, group.rate, tuple(channels), found.age, found.sex, issues=tuple(issues))


def _check_kind(name: str, kind: str) -> None:
    if kind not in _KINDS:
        raise EmptyFile(name, "The DICOM object is an image, a report or another signal; give one with an ECG.")


def _chosen(name: str, groups: tuple[WaveGroup, ...]) -> tuple[WaveGroup, list[Issue]]:
    """Give the group with most leads among the rhythms, else among the averaged beats."""
    rhythms = [group for group in groups if not _is_averaged(group)]
    leads = [
        len({canonical_lead(lead_of(name, channel, at + 1)) for at, channel in enumerate(group.channels)})
        for group in rhythms or groups
    ]
    best = max(range(len(leads)), key=lambda at: (leads[at], (rhythms or groups)[at].seconds, -at))
    return (rhythms or groups)[best], rhythm_issues(len(rhythms), "that with most leads", "warn")


def _is_averaged(group: WaveGroup) -> bool:
    label = group.label.upper()
    if "RHYTHM" in label:
        return False
    is_short = group.originality == "DERIVED" and group.seconds < _SHORT_S
    return is_short or any(word in label for word in _AVERAGED)


def _stored(name: str, group: WaveGroup) -> NDArray[np.integer]:
    """Give the stored numbers (samples, channels) where they lie, of ten minutes at most."""
    if group.bits == 8 or (group.bits, group.form) not in _FORMS:
        raise UnknownFormat(name, f"Samples of {group.bits} bits in this form are not read; export 16 bits.")
    if group.samples <= 0 or group.count <= 0:
        raise BrokenFile(name, f"The waveform has {group.count} channels, {group.samples} samples; export it again.")
    promised = group.samples * group.count * group.bits // 8
    if promised != len(group.content):
        told = f"The waveform is said to take {promised} bytes and takes {len(group.content)}; copy it again."
        raise BrokenFile(name, told)
    if len(group.channels) != group.count:
        told = f"The waveform has {group.count} channels, {len(group.channels)} are described; export it again."
        raise BrokenFile(name, told)
    if group.rate is not None and not RATES[0] <= group.rate <= RATES[1]:
        raise BrokenFile(name, f"The sampling rate is {group.rate:g} Hz; an ECG has {RATES[0]:g} to {RATES[1]:g} Hz.")
    if group.seconds > MOST_SECONDS:
        raise LimitError(name, "The recording is longer than 26 hours; cut it into shorter ones.")
    window = group.samples if group.rate is None else int(WINDOW_S * group.rate)
    samples = min(group.samples, window, MOST_SAMPLES // group.count)
    return np.frombuffer(group.content, _stored_type(group)).reshape(group.samples, group.count)[:samples]


def _stored_type(group: WaveGroup) -> np.dtype[np.integer]:
    return np.dtype(("<" if group.is_little else ">") + _FORMS[group.bits, group.form])


def _channel(name: str, group: WaveGroup, channel: WaveChannel, stored: NDArray[np.int64], number: int) -> Channel:
    lead = lead_of(name, channel, number)
    called = _called(lead, number)
    filling = _filling(group, stored)
    bits = group.bits if channel.bits is None else channel.bits
    if not 1 < bits <= group.bits:
        raise BrokenFile(name, f"Channel {called} has {bits} of {group.bits} bits; export it again.")
    counts = _signed(stored, stored[~filling], bits, group)
    if counts is None:
        raise BrokenFile(name, f"Channel {called} has numbers of more than its {bits} bits; export it again.")
    skew = channel.sample_skew or channel.time_skew * (group.rate or 0.0)
    if not abs(skew) < len(stored):
        raise BrokenFile(name, f"Channel {called} begins {skew:g} samples off the others; export it again.")
    values = _shifted(np.where(filling, np.nan, counts), round(skew))
    if channel.sensitivity is None:
        return Channel(lead, values, None, 1.0)  # no scale is said: bare counts
    gain = channel.sensitivity * (1.0 if channel.correction is None else channel.correction)
    baseline = channel.baseline or 0.0
    if not 0 < abs(gain) < _MOST_GAIN:
        raise BrokenFile(name, f"Channel {called}: a sensitivity of {gain:g} is impossible; export it again.")
    if not abs(baseline) <= 1.5 * abs(gain) * (1 << bits):
        raise BrokenFile(name, f"Channel {called}: a baseline of {baseline:g} is impossible; export it again.")
    return Channel(lead, values * gain + baseline, channel.unit, abs(gain))


def _signed(
    stored: NDArray[np.int64], plain: NDArray[np.int64], bits: int, group: WaveGroup
) -> NDArray[np.float64] | None:
    """Give the numbers with their sign, also where a writer of fewer bits than there is room for left it out.

    The standard wants the sign in all bits (PS3.3 C.10.9.1.7). None where numbers have more bits than are said, or some
    have their sign and some have not.
    """
    half = 1 << bits - 1
    lowest, highest = (int(plain.min()), int(plain.max())) if plain.size else (0, 0)
    is_signed = group.form in ("SS", "SL")
    if is_signed and lowest >= 0 and half <= highest < 2 * half and bits < group.bits:
        return np.where(stored >= half, stored - 2 * half, stored).astype(np.float64)
    fits = -half <= lowest and highest < half if is_signed else highest < 2 * half
    return stored.astype(np.float64) if fits else None


def _filling(group: WaveGroup, stored: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which samples are filling.

    A filling that lies among the other samples, often 0, can be told from a sample only where it lasts.
    """
    kind = _stored_type(group)
    if len(group.padding) < kind.itemsize:
        return np.zeros(stored.shape, bool)
    filling = int(np.frombuffer(group.padding, kind, 1)[0])
    hits: NDArray[np.bool_] = stored == filling
    others = stored[~hits]
    if not hits.any() or not others.size or not others.min() <= filling <= others.max():
        return hits
    edges = np.flatnonzero(np.diff(np.concatenate([[0], hits.view(np.int8), [0]])))
    lengths = edges[1::2] - edges[::2]
    hits[hits] = np.repeat(lengths >= max(_FILLED_S * (group.rate or 0), 10), lengths)
    return hits


def _shifted(values: NDArray[np.float64], skew: int) -> NDArray[np.float64]:
    """Give the samples at the times at which the group's others were taken; what is missing then is missing."""
    moved = np.full(values.shape, np.nan)
    moved[max(skew, 0) : len(values) + min(skew, 0)] = values[max(-skew, 0) : len(values) - max(skew, 0)]
    return moved


def _called(lead: str, number: int) -> str:
    """Give the name of a channel in a sentence: that of a lead, but no text of a recorder's, of whatever it may be."""
    return name_of(lead) if canonical_lead(lead) or supplementary_lead(lead) else f"number {number}"


def _doubts(name: str, channel: WaveChannel) -> list[Issue]:
    issues, lead = [], None if name.startswith("number") else name
    doubt = next((each for each in channel.status if each in _DOUBTFUL), None)
    if doubt is not None:
        told = f"Lead {name} is marked {doubt.lower()} by its recorder."
        issues.append(Issue("QUAL", lead, "warn", told, "Check the recording."))
    if channel.sensitivity is not None and channel.sensitivity * (channel.correction or 1.0) < 0:
        told = f"Lead {name} is stored upside down (negative sensitivity)."
        issues.append(Issue("QUAL", lead, "block", told, "Check the export."))
    return issues
