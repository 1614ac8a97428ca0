"""HL7's annotated ECG (aECG, 2004): digits with an origin and a scale a lead, and a time axis beside them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from ecgssl_core.errors import BrokenFile, EmptyFile, LimitError
from ecgssl_core.records.ages import years_between
from ecgssl_core.records.assemble import name_of
from ecgssl_core.records.averaged import rhythm_issues
from ecgssl_core.records.calibration import without_pulse
from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.records.record import Issue, Sex
from ecgssl_core.records.units import millivolts
from ecgssl_core.records.xml_tree import Node, parse, root_of
from ecgssl_core.records.xml_values import number, told_lead

NAME, GENERAL = "HL7 aECG", False
_ROOT, _NAMESPACES = "AnnotatedECG", {"urn:hl7-org:v3", ""}
_SUBJECT = ("componentOf", "timepointEvent", "componentOf", "subjectAssignment", "subject", "trialSubject")
_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6}
_SEXES: dict[str, Sex] = {"M": "male", "F": "female"}
_REPORTED_AGE = "21612-7"  # LOINC
_MOST_DIGITS = 16 << 20  # characters of one lead, which are split into words in memory
_MOMENT = re.compile(r"([0-9]{8})([0-9]{6})?(?:\.[0-9]+)?(?:[+-][0-9]{4})?")


@dataclass(frozen=True)
class _Strip:
    """A set of sequences that were recorded together."""

    series: Node
    rate: float | None
    leads: tuple[Node, ...]
    averaged: bool

    @property
    def length(self) -> tuple[float, int]:
        """How long it seems, for choosing: by its digits, which are not read yet."""
        longest = max((len(lead.word("value", "digits")) for lead in self.leads), default=0)
        return longest / (self.rate or 1.0), len(self.leads)


def takes(name: str, content: bytes) -> bool:  # noqa: ARG001 - all readers are asked alike
    """Say whether a file is an aECG: its outermost element is `AnnotatedECG`, in HL7's namespace."""
    namespace, root = root_of(content)
    return root == _ROOT and namespace in _NAMESPACES


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the longest rhythm of an aECG; where it holds none, its averaged beat, which forbids predictions.

    Args:
        name: the file's, among the files.
        files: by name; no other file is opened.

    Raises:
        RecordError: the file is damaged, hostile, or holds no ECG.
    """
    root = parse(name, files[name], _ROOT)
    strip, issues = _chosen(name, root)
    channels = []
    for lead in strip.leads:
        channel = _channel(name, lead)
        channels.append(channel)
        if (number(lead.said("value", "value", "scale")) or 1.0) < 0:
            title = name_of(channel.lead)
            sentence = f"Lead {told_lead(channel.lead)} is stored upside down (negative scale)."
            issues.append(Issue("QUAL", title, "block", sentence, "Check the export."))
    issues += _length_issues(strip, len(channels[0].values))
    kept, pulse = without_pulse(tuple(channels), strip.rate)
    person = root.at(*_SUBJECT, "subjectDemographicPerson") or Node("", {})
    sex = _SEXES.get(person.said("code", "administrativeGenderCode"))
    return Draft(Path(name).stem, NAME, strip.rate, kept, _age(root, person), sex, (), (*issues, *pulse))


def _chosen(name: str, root: Node) -> tuple[_Strip, list[Issue]]:
    strips = [strip for series in root.all("component", "series") for strip in _strips(name, series, averaged=False)]
    for series in root.all("component", "series", "derivation", "derivedSeries"):
        strips += _strips(name, series, averaged=True)
    rhythms = [strip for strip in strips if not strip.averaged]
    if not strips:
        raise EmptyFile(name, "The file holds annotations and no rhythm; export it with its waveforms.")
    longest = max(rhythms or strips, key=lambda strip: strip.length)
    return longest, rhythm_issues(len(rhythms), "the longest")


def _strips(name: str, series: Node, averaged: bool) -> list[_Strip]:
    """Give the sequence sets of a series that have leads."""
    beat = averaged or series.said("code", "code").upper() == "REPRESENTATIVE_BEAT"
    found = []
    for group in series.all("component", "sequenceSet"):
        sequences = group.all("component", "sequence")
        times = [each for each in sequences if _is_time(each)]
        leads = tuple(each for each in sequences if not _is_time(each) and each.at("value", "digits") is not None)
        if leads:
            found.append(_Strip(series, _rate(name, times[0]) if times else None, leads, beat))
    return found


def _is_time(sequence: Node) -> bool:
    return sequence.said("code", "code").upper().startswith("TIME_")


def _rate(name: str, time: Node) -> float | None:
    """Give samples a second; None where the time axis has no increment, or one without a unit of time."""
    step, unit = time.said("value", "value", "increment"), _SECONDS.get(time.said("unit", "value", "increment"))
    if not step or unit is None:
        return None
    seconds = number(step)
    if seconds is None or not 1e-7 < seconds * unit < 10:
        raise BrokenFile(name, "The time between two samples is impossible for an ECG; export the record again.")
    return round(1 / (seconds * unit), 6)


def _channel(name: str, lead: Node) -> Channel:
    """Give a lead's samples, origin and scale applied, in the unit of the scale."""
    code = lead.said("code", "code")
    title = "-aVR" if code.upper().endswith("_AVRNEG") else code
    where = f"lead {told_lead(title.removeprefix('-'))}"
    words = lead.word("value", "digits")
    if len(words) > _MOST_DIGITS:
        raise LimitError(
            name, f"The samples of {where} are longer than may be opened at once; export a shorter record."
        )
    try:
        digits = np.array(words.split(), dtype=np.float64)
    except ValueError as error:
        raise BrokenFile(name, f"The samples of {where} are no numbers; export the record again.") from error
    if not np.isfinite(digits).all() or (digits.size and np.abs(digits).max() > 2.0**53):
        raise BrokenFile(name, f"A sample of {where} is no number of an ECG; export the record again.")
    scale, unit = _quantity(name, where, lead, "scale")
    origin, origin_unit = _quantity(name, where, lead, "origin")
    if scale == 0:
        raise BrokenFile(name, f"The scale of {where} is zero; export the record again.")
    if scale is None:
        return Channel(title, digits, None, 1.0)
    return Channel(title, _origin(name, where, origin, origin_unit, unit) + digits * scale, unit or None, abs(scale))


def _quantity(name: str, where: str, lead: Node, part: str) -> tuple[float | None, str]:
    text = lead.said("value", "value", part)
    value = number(text)
    if text and value is None:
        raise BrokenFile(name, f"The {part} of {where} is no number; export the record again.")
    return value, lead.said("unit", "value", part)


def _origin(name: str, where: str, origin: float | None, origin_unit: str, unit: str) -> float:
    """Give the value of digit 0 in the unit of the scale."""
    if not origin or origin_unit == unit:
        return origin or 0.0
    own, scales = millivolts(origin_unit), millivolts(unit)
    if own is None or scales is None:
        raise BrokenFile(name, f"The origin of {where} has another unit than its scale; export the record again.")
    return origin * own / scales


def _length_issues(strip: _Strip, samples: int) -> list[Issue]:
    """Compare the samples with the time that the series states; moments are given to the second."""
    begin, end = (_moment(strip.series.said("value", "effectiveTime", edge)) for edge in ("low", "high"))
    if strip.rate is None or strip.averaged or begin is None or end is None:
        return []
    stated, held = (end - begin).total_seconds(), samples / strip.rate
    if stated <= 0 or abs(held - stated) <= max(1.0, 0.01 * stated):
        return []
    sentence = f"The file says that it lasts {stated:g} s, and its samples last {held:.4g} s."
    return [Issue("QUAL", None, "warn", sentence, "Check the sampling rate, and whether a part is missing.")]


def _age(root: Node, person: Node) -> float | None:
    """Give the age by the birth date at the time of recording, else the one that was reported."""
    born = _moment(person.said("value", "birthTime"))
    moments = (root.said("value", "effectiveTime", edge) for edge in ("center", "low", "high"))
    day = next((found for found in map(_moment, moments) if found), None)
    if born is not None and day is not None:
        return years_between(born.date(), day.date())
    for told in root.all("controlVariable", "relatedObservation"):
        if told.said("code", "code") == _REPORTED_AGE and told.said("unit", "value") == "a":
            return number(told.said("value", "value"))
    return None


def _moment(text: str) -> datetime | None:
    found = _MOMENT.fullmatch(text)
    if not found:
        return None
    try:
        return datetime.strptime(found[1] + (found[2] or "000000"), "%Y%m%d%H%M%S")
    except ValueError:
        return None
