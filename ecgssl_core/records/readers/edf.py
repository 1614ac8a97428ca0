"""EDF, EDF+, BDF and BDF+: the ECG channels of a recording, up to ten minutes of it."""

import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, EmptyFile, LimitError
from ecgssl_core.records.assemble import MOST_LEADS, STEPS_MV, name_of
from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.records.edf_channels import ecg_channels, lead_words
from ecgssl_core.records.edf_header import (
    BDF,
    EDF,
    FIXED,
    MOST_SAMPLES,
    EdfHeader,
    EdfSignal,
    edf_number,
    edf_whole,
    parse_edf_header,
)
from ecgssl_core.records.record import Issue
from ecgssl_core.records.units import millivolts
from ecgssl_core.signals.leads import canonical_lead

NAME, GENERAL = "EDF", False
WINDOW_S, MOST_SECONDS = 600, 26 * 3600
_MOST_TIMED = 1 << 20  # data records whose times are looked at one by one
_LEAST_STEP_MV = 1e-9  # 24 bits over 17 µV; less is no range of an ECG
_ONSET = re.compile(rb"([+-]\d{1,9}(?:\.\d{0,9})?)\x14")
_NUMBERS = ((184, 192), (236, 244), (244, 252), (252, 256))


def takes(name: str, content: bytes) -> bool:  # noqa: ARG001 - every reader is asked alike
    """Say whether a file begins as EDF or BDF do, with numbers where their header has numbers."""
    fields = [content[start:end].strip(b" \0") for start, end in _NUMBERS]
    numbers = sum(bool(field) and not field.strip(b"0123456789.+-eE") for field in fields)
    # one damaged number leaves it an EDF, to be refused as such
    has_numbers = numbers >= len(_NUMBERS) - 1
    return len(content) >= FIXED and (content.startswith(BDF) or (content.startswith(EDF) and has_numbers))


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the ECG channels of a recording.

    Of a recording with gaps (EDF+D) the longest part without one is read: missing samples in place of a gap of hours
    would be most of the record. Of channels with several rates, those of the rate that most leads have are read.

    Args:
        name: the file's, among the files.
        files: the whole uploaded set, by name.

    Raises:
        RecordError: the recording is damaged, or holds no ECG.
    """
    content = files[name]
    header = parse_edf_header(name, content)
    found = ecg_channels(header.signals)
    if not found:
        raise EmptyFile(name, "The recording holds other signals and no ECG; give one with an ECG channel.")
    kept = _of_one_rate(found)
    if len(kept) > MOST_LEADS:
        raise LimitError(name, f"The recording has {len(kept)} ECG channels; at most {MOST_LEADS} are read.")
    rate = kept[0].samples / header.seconds
    held, issues = _held(name, header, content)
    first, records = _longest_part(name, header, content, held, rate)
    if records < held:
        told = f"The recording has gaps; only its longest part, of {float(records * header.seconds):g} s, is shown."
        issues.append(Issue("PART", None, "warn", told, "For another part, export it alone."))
    seconds = float(records * header.seconds)
    samples = min(records * kept[0].samples, int(WINDOW_S * rate), MOST_SAMPLES // len(kept))
    if samples < records * kept[0].samples:
        told = f"The recording lasts {seconds:g} s; only its first {float(samples / rate):g} s are shown."
        issues.append(Issue("PART", None, "note", told, "For another part, cut it out and export it alone."))
    channels = [_channel(name, header, content, signal, first, samples) for signal in kept]
    issues += _left_out(header, found, kept) + _turned(kept)
    form, stem = header.form, Path(name).stem
    return Draft(stem, form, float(rate), tuple(channels), header.age, header.sex, issues=tuple(issues))


def _of_one_rate(found: list[EdfSignal]) -> list[EdfSignal]:
    leads = Counter(signal.samples for signal in found if canonical_lead(lead_words(signal.label)))
    channels = Counter(signal.samples for signal in found)
    best = max(channels, key=lambda samples: (leads[samples], channels[samples], samples))
    return [signal for signal in found if signal.samples == best]


def _held(name: str, header: EdfHeader, content: bytes) -> tuple[int, list[Issue]]:
    """Give the whole data records that the file holds of those that it promises."""
    held = (len(content) - header.start) // (header.record_samples * header.width)
    promised, again = header.records, "Copy it again."
    if held == 0:
        raise BrokenFile(name, "The file ends before its first data record does; copy it again.")
    if min(held, promised if promised > 0 else held) * header.seconds > MOST_SECONDS:
        raise LimitError(name, "The recording is longer than 26 hours; cut it into shorter ones.")
    if promised == -1:
        told = f"The recorder did not say how much it recorded; all {held} data records are shown."
        return held, [Issue("PART", None, "warn", told, "Check that the recording was ended properly.")]
    if held < promised:
        told = f"The file promises {promised} data records and holds {held}; only those are shown."
        return held, [Issue("PART", None, "block", told, again)]
    if held > promised:
        told = f"The file holds {held} data records and promises {promised}; only those are shown."
        return promised, [Issue("PART", None, "warn", told, again)]
    return promised, []


def _longest_part(name: str, header: EdfHeader, content: bytes, held: int, rate: Fraction) -> tuple[int, int]:
    """Give the first data record and the number of records of the longest part without a gap."""
    if not header.form.endswith("D"):
        return 0, held
    clock = next((signal for signal in header.signals if signal.is_annotation), None)
    if clock is None:
        raise BrokenFile(name, "The recording has gaps and does not say where; export it as continuous.")
    if held > _MOST_TIMED:
        raise LimitError(name, f"The recording has {held} data records; export it with longer ones.")
    starts = header.start + header.width * (np.arange(held) * header.record_samples + clock.offset)
    found = [_ONSET.match(content, start, start + header.width * clock.samples) for start in starts.tolist()]
    onsets = np.array([float(onset[1]) if onset else np.nan for onset in found])
    if np.isnan(onsets).any():
        raise BrokenFile(name, "A data record does not say when it begins; export it again.")
    jumps = np.abs(np.diff(onsets) - float(header.seconds)) > 0.5 / float(rate)
    edges = np.concatenate([[0], np.flatnonzero(jumps) + 1, [held]])
    longest = int(np.argmax(np.diff(edges)))
    return int(edges[longest]), int(edges[longest + 1] - edges[longest])


def _channel(name: str, header: EdfHeader, content: bytes, signal: EdfSignal, first: int, samples: int) -> Channel:
    counts = _counts(header, content, signal, first, samples)
    lowest, highest = (
        edf_number(name, text, f"physical {which} of channel {signal.shown}")
        for text, which in zip(signal.physical, ("minimum", "maximum"), strict=True)
    )
    least, most = (
        edf_whole(name, text, f"digital {which} of channel {signal.shown}")
        for text, which in zip(signal.digital, ("minimum", "maximum"), strict=True)
    )
    half = 1 << 8 * header.width - 1
    if least > most or not -half <= least <= most <= half:
        told = f"Channel {signal.shown}: the digital range, {least} to {most}, is impossible; export it again."
        raise BrokenFile(name, told)
    lead = lead_words(signal.label)
    if least == most:
        return Channel(lead, counts, None, 1.0)  # no scale is said: bare counts
    gain = (highest - lowest) / (most - least)
    if gain == 0:
        raise BrokenFile(name, f"Channel {signal.shown}: physical minimum and maximum are equal; export it again.")
    values = (counts - least) * float(gain) + float(lowest)
    factor = millivolts(signal.unit)
    if factor is None:
        return Channel(lead, values, None, float(abs(gain)))
    return Channel(lead, values, signal.unit, _step(float(abs(gain)), factor))


def _step(step: float, factor: float) -> float:
    """Give the step, at least 1 nV: writers fit the range to the signal, and that of a quiet lead is nearly nothing."""
    return max(step, STEPS_MV[0] / factor) if step * factor >= _LEAST_STEP_MV else step


def _counts(header: EdfHeader, content: bytes, signal: EdfSignal, first: int, samples: int) -> NDArray[np.float64]:
    """Give the first samples of a channel from a data record on, as they are stored; nothing else is copied."""
    records = -(-samples // signal.samples)
    start = header.start + first * header.record_samples * header.width
    length = records * header.record_samples * header.width
    flat = np.frombuffer(content, np.uint8, length, start).reshape(records, header.record_samples, header.width)
    own = flat[:, signal.offset : signal.offset + signal.samples].reshape(-1, header.width)[:samples]
    wide = np.zeros((samples, 4), np.uint8)
    wide[:, 4 - header.width :] = own  # in the upper bytes, so that the sign comes along
    return (wide.view("<i4")[:, 0] >> 8 * (4 - header.width)).astype(np.float64)


def _left_out(header: EdfHeader, found: list[EdfSignal], kept: list[EdfSignal]) -> list[Issue]:
    issues = []
    shown, ecg = set(kept), set(found)
    slower = [signal.shown for signal in found if signal not in shown]
    others = [signal.shown for signal in header.signals if signal not in ecg and not signal.is_annotation]
    for names, why in ((slower, "sampled at another rate"), (others, "no ECG")):
        if names:
            listed = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
            issues.append(Issue("PART", None, "note", f"Not shown, {why}: {listed}.", ""))
    return issues


def _turned(kept: list[EdfSignal]) -> list[Issue]:
    """Name the channels whose physical minimum is above the maximum, which the format allows."""
    told = "physical minimum above maximum; the sign is as the file says."
    turned = [name_of(lead_words(one.label)) for one in kept if Fraction(one.physical[0]) > Fraction(one.physical[1])]
    return [Issue("QUAL", lead, "note", f"Lead {lead}: {told}", "Check the export.") for lead in turned]
