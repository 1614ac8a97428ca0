"""Philips' Sierra ECG XML, versions 1.03 and 1.04: all leads in one base64 text, most often compressed."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from ecgssl_core.errors import BrokenFile, EmptyFile, LimitError, UnknownFormat
from ecgssl_core.records import xli
from ecgssl_core.records.ages import years_between
from ecgssl_core.records.calibration import without_pulse
from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.records.record import Issue, Sex
from ecgssl_core.records.xml_tree import Node, parse, root_of
from ecgssl_core.records.xml_values import day_of, number, packed, whole
from ecgssl_core.signals.leads import LEADS, canonical_lead

NAME, GENERAL = "Philips Sierra XML", False
_ROOT, _NAMESPACES = "restingecgdata", {"http://www3.medical.philips.com", ""}
_VERSION = re.compile(r"1\.0[34](\.[0-9]{1,2})?")
_TWELVE = {"STD-12", "10-WIRE"}  # acquisition types of which 1.03 does not name the leads: the standard order
_SEXES: dict[str, Sex] = {"male": "male", "female": "female"}
_MOST_LEADS, _MOST_SECONDS = 32, 600
_LIMB_TOLERANCE = 2  # counts


def takes(name: str, content: bytes) -> bool:  # noqa: ARG001 - all readers are asked alike
    """Say whether a file is Philips': its outermost element is `restingecgdata`, in Philips' namespace."""
    namespace, root = root_of(content)
    return root == _ROOT and namespace in _NAMESPACES


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the rhythm of a Philips export; representative beats are left alone.

    Args:
        name: the file's, among the files.
        files: by name; no other file is opened.

    Raises:
        RecordError: the file is damaged, hostile, of an unknown version, or holds no ECG.
    """
    root = parse(name, files[name], _ROOT)
    version = root.word("documentinfo", "documentversion")
    if not _VERSION.fullmatch(version):
        raise UnknownFormat(name, "This version of Philips' XML is not known, only 1.03 and 1.04; export it as one.")
    strip = root.at("waveforms", "parsedwaveforms")
    if strip is None or not strip.text.strip():
        raise EmptyFile(name, "The file holds measurements and no rhythm; export it with its waveforms.")
    about = root.at("dataacquisition", "signalcharacteristics") or Node("", {})
    rate = number(_said(strip, about, "samplespersecond", "samplingrate"))
    leads = _leads(strip, about)
    counts = _counts(name, strip, about, leads, rate)
    size = number(_said(strip, about, "resolution", "signalresolution"))  # of a count, in µV
    if size is not None and size <= 0:
        raise BrokenFile(name, "The file's resolution is no positive number; export the record again.")
    unit = None if size is None else "uV"
    rows = (row.astype(np.float64) * (size or 1.0) for row in counts)
    channels = tuple(Channel(lead, row, unit, size or 1.0) for lead, row in zip(leads, rows, strict=True))
    kept, pulse = without_pulse(channels, rate)
    issues = (*_offset_issues(strip, about), *pulse)
    patient = root.at("patient", "generalpatientdata") or Node("", {})
    sex = _SEXES.get(patient.word("sex").lower())
    return Draft(Path(name).stem, f"{NAME} {version}", rate, kept, _age(root, patient), sex, (), issues)


def _said(strip: Node, about: Node, *words: str) -> str:
    """Give what the waveform says of itself (1.04), else what its acquisition says (1.03)."""
    found = (strip.attributes.get(word, "").strip() or about.word(word) for word in words)
    return next((text for text in found if text), "")


def _leads(strip: Node, about: Node) -> list[str]:
    """Give the names of as many leads as the file states; empty ones where it names neither them nor a known set."""
    names = strip.attributes.get("leadlabels", "").replace(",", " ").split()
    stated = whole(strip.attributes.get("numberofleads", ""))
    if names:
        missing = max((stated or 0) - len(names), 0)
        return [*names[:stated], *[""] * min(missing, _MOST_LEADS + 1)] if stated and stated > 0 else names
    stated = stated or whole(about.word("numberchannelsallocated"))
    number_of = min(max(stated or 0, 0), _MOST_LEADS + 1)
    known = about.word("acquisitiontype") in _TWELVE or about.word("leadset") in _TWELVE
    return list(LEADS) if known and number_of == len(LEADS) else [""] * number_of


def _counts(name: str, strip: Node, about: Node, leads: list[str], rate: float | None) -> list[xli.Counts]:
    """Give the counts of each lead, no more of them than the file says."""
    milliseconds = number(strip.attributes.get("durationperchannel", ""))
    if not leads or milliseconds is None or rate is None or milliseconds * rate <= 0:
        raise BrokenFile(name, "The file does not say its leads, its length or its rate; export it again.")
    if len(leads) > _MOST_LEADS or milliseconds > 1000 * _MOST_SECONDS or rate > 1e5:
        raise LimitError(name, f"The file promises more than {_MOST_LEADS} leads or {_MOST_SECONDS} s; export less.")
    samples = round(milliseconds * rate / 1000)
    bits = whole(_said(strip, about, "bitspersample", "nbitspersample"))
    signed = _said(strip, about, "signalsigned").lower()
    if bits != 16 or signed == "false" or strip.attributes.get("dataencoding") != "Base64":
        raise UnknownFormat(name, "The samples are not signed integers of 16 bits in base64; nothing else is read.")
    content = packed(name, "all leads", strip.text)
    method = strip.attributes.get("compression") or strip.attributes.get("compressmethod") or "Uncompressed"
    if strip.attributes.get("compressflag", "True").lower() == "false" or method == "Uncompressed":
        return _plain(name, content, leads, samples)
    if method != "XLI":
        raise UnknownFormat(name, "The samples are compressed in a way that is not known; export them uncompressed.")
    return _compressed(name, content, leads, samples)


def _compressed(name: str, content: bytes, leads: list[str], samples: int) -> list[xli.Counts]:
    known = [canonical_lead(lead) for lead in leads]
    if known[:2] != ["I", "II"]:
        raise UnknownFormat(name, "The compressed leads do not begin with I and II, which the others are made of.")
    rows = xli.decode(name, content, len(leads), samples)
    whole_rows = xli.restore_limb_leads({lead: row for lead, row in zip(known, rows, strict=True) if lead})
    return [whole_rows[lead] if lead else row for lead, row in zip(known, rows, strict=True)]


def _plain(name: str, content: bytes, leads: list[str], samples: int) -> list[xli.Counts]:
    """Give uncompressed leads, one behind the other; whether limb leads are whole is seen from the leads themselves."""
    if len(content) != 2 * samples * len(leads):
        held = len(content) // (2 * len(leads))
        raise BrokenFile(name, f"The file promises {samples} samples a lead and holds {held}; export it again.")
    rows = list(np.frombuffer(content, "<i2").reshape(len(leads), samples))
    known = [canonical_lead(lead) for lead in leads]
    if {"I", "II", "III"} <= set(known):
        one, two, three = (rows[known.index(lead)].astype(np.int64) for lead in ("I", "II", "III"))
        if np.median(np.abs(two - one - three)) > _LIMB_TOLERANCE:
            raise BrokenFile(
                name, "Lead III is not II less I, so the limb leads are not whole; export them compressed."
            )
    return rows


def _offset_issues(strip: Node, about: Node) -> list[Issue]:
    if not number(_said(strip, about, "signaloffset")):
        return []
    sentence = "The file names an offset of its samples; it is not applied."
    return [Issue("QUAL", None, "warn", sentence, "Compare the baseline with a print.")]


def _age(root: Node, patient: Node) -> float | None:
    """Give the age in years; `defaultage` is a setting of the machine and nobody's age."""
    stated = number(patient.word("age", "years"))
    born = _day(patient.word("age", "dateofbirth") or patient.word("dateofbirth"))
    day = _day(root.said("date", "dataacquisition"))
    if stated is not None:
        return stated
    return years_between(born, day) if born is not None and day is not None else None


def _day(text: str) -> date | None:
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    return day_of(found[1], found[2], found[3]) if found else None
