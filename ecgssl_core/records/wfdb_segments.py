"""WFDB records in several segments, one after another; gaps, and leads absent from a segment, are missing samples."""

from collections.abc import Mapping

import numpy as np

from ecgssl_core.errors import BrokenFile, LimitError, PartialFile

from .assemble import MOST_SAMPLES, said
from .draft import Channel, Draft
from .record import Issue
from .wfdb_header import Segments, is_segmented, parse_header
from .wfdb_signals import read_signals


def read_segments(name: str, whole: Segments, files: Mapping[str, bytes]) -> Draft:
    """Give the ECG that a header of segments describes.

    Args:
        name: of the header's file, for sentences.
        whole: what it says.
        files: the whole uploaded set, by name; no other file is opened.

    Raises:
        RecordError: a segment is missing, damaged, itself divided, or does not fit the others.
    """
    parts: list[tuple[int, int, Draft]] = []
    start = 0
    for segment in whole.segments:
        if segment.name and segment.samples:  # a layout segment has no samples, a gap has no name
            parts.append((start, segment.samples, _segment(name, f"{segment.name}.hea", whole, segment.samples, files)))
        start += segment.samples
    if not parts:
        raise BrokenFile(name, "The record's segments hold no sample; export it again.")
    leads = tuple(dict.fromkeys(channel.lead for _, _, draft in parts for channel in draft.channels))
    if start * len(leads) > MOST_SAMPLES:
        raise LimitError(name, "The record is longer than may be opened at once; give some of its segments.")
    channels = tuple(_joined(name, lead, start, parts) for lead in leads)
    first = parts[0][2]
    gaps = start - sum(samples for _, samples, _ in parts)
    issues = dict.fromkeys(issue for _, _, draft in parts for issue in draft.issues)
    told = f"The record is joined from {len(parts)} segments" + (f", with gaps of {gaps} samples." if gaps else ".")
    notes = (*issues, Issue("PART", None, "warn" if gaps else "note", told, ""))
    form = f"{first.form} in segments"
    return Draft(whole.name, form, whole.rate, channels, first.age, first.sex, whole.codes or first.codes, notes)


def _segment(name: str, file: str, whole: Segments, samples: int, files: Mapping[str, bytes]) -> Draft:
    if file not in files:
        raise PartialFile(name, f"The segment {file} is missing; give all segments together with the header.")
    if is_segmented(files[file]):
        raise BrokenFile(name, "A segment of the record is itself divided into segments; export it again.")
    header = parse_header(file, files[file])
    if header.rate != whole.rate:
        raise BrokenFile(
            name, f"The segment {file} has {header.rate:g} Hz, the record {whole.rate:g} Hz; export again."
        )
    draft = read_signals(file, header, files)
    if len(draft.channels[0].values) != samples:
        held = len(draft.channels[0].values)
        raise BrokenFile(name, f"The segment {file} holds {held} samples, the record says {samples}; export it again.")
    return draft


def _joined(name: str, lead: str, samples: int, parts: list[tuple[int, int, Draft]]) -> Channel:
    values = np.full(samples, np.nan)
    units, steps = set(), []
    for start, length, draft in parts:
        for channel in draft.channels:
            if channel.lead == lead:
                values[start : start + length] = channel.values
                units.add(channel.unit)
                steps.append(channel.step)
    if len(units) > 1:
        raise BrokenFile(name, f"Lead {said(lead)} has another unit in another segment; export the record again.")
    return Channel(lead, values, units.pop(), max(steps))
