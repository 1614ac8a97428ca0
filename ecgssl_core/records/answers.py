"""What a person says where a file does not: its unit, its leads, its rate."""

import math
import re
from dataclasses import dataclass, replace

from ecgssl_core.errors import LeadUnknown, SettingsError
from ecgssl_core.signals.leads import canonical_lead

from .assemble import ASIDE, ASKED, DERIVED, LEFT_OUT, RATES, assemble
from .draft import Channel, Draft
from .record import Record
from .units import millivolts

_UNIT = re.compile(r"\s*(?P<size>[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]{1,2})?)?\s*(?P<name>[^\W\d_]+)\s*")
_OWN_NOTES = (DERIVED, ASIDE, LEFT_OUT)


@dataclass(frozen=True)
class Answers:
    """Answers to the questions that files leave open; each is used only where a file leaves its question open.

    unit_mv: size of one of the file's numbers, in mV.
    leads: names of the file's channels, in their order.
    rate: samples a second.
    """

    unit_mv: float | None = None
    leads: tuple[str, ...] | None = None
    rate: float | None = None


def parse_answers(unit: str | None = None, leads: str | None = None, rate: float | None = None) -> Answers:
    """Give the answers in a person's words.

    Args:
        unit: `mV`, `uV`, `nV`, `V`, or a count's size such as `4.88uV`.
        leads: names between commas.
        rate: samples a second.

    Raises:
        SettingsError: a word means nothing.
    """
    names = None if leads is None else tuple(canonical_lead(lead) or lead.strip() for lead in leads.split(","))
    if names is not None and (not all(names) or len(set(names)) < len(names)):
        raise SettingsError(f"--leads {leads} names a lead twice or leaves one out; give each channel its own name.")
    if rate is not None and not RATES[0] <= rate <= RATES[1]:
        raise SettingsError(f"--rate {rate:g}: an ECG has {RATES[0]:g} to {RATES[1]:g} samples a second.")
    return Answers(None if unit is None else unit_size(unit), names, rate)


def unit_size(text: str) -> float:
    """Give a unit, or a size in it, in mV: 1 for `mV`, 0.001 for `uV`, 0.00488 for `4.88uV`.

    Raises:
        SettingsError: it is no unit of voltage.
    """
    found = _UNIT.fullmatch(text)
    factor = millivolts(found["name"]) if found else None
    size = float(found["size"] or 1) * factor if found and factor is not None else math.nan
    if not 1e-7 <= size <= 1e4:
        raise SettingsError(
            f"{text[:20]!r} is no unit of voltage: say mV, uV, nV, V, or a count's size such as 4.88uV."
        )
    return size


def open_questions(record: Record) -> frozenset[str]:
    """Give the kinds of the questions that the file left open: ASK-UNIT, ASK-LEAD, ASK-RATE."""
    return frozenset(issue.kind for issue in record.issues if issue.kind in ASKED)


def is_scaled(record: Record) -> bool:
    """Tell whether unit and rate are known; without them nothing that is measured on a record means anything."""
    return not {"ASK-UNIT", "ASK-RATE"} & open_questions(record)


def answered(record: Record, answers: Answers) -> Record:
    """Give a record with its open questions answered as far as there are answers; nothing that a file says is changed.

    Raises:
        RecordError: the answers do not fit: another number of leads, or an impossible gain.
    """
    asked = open_questions(record)
    useful = {
        "ASK-UNIT": answers.unit_mv is not None,
        "ASK-LEAD": answers.leads is not None,
        "ASK-RATE": answers.rate is not None,
    }
    if not any(useful[kind] for kind in asked):
        return record
    own = [row for row, lead in enumerate(record.leads) if lead not in record.derived]
    names = [record.leads[row] for row in own]
    if "ASK-LEAD" in asked and answers.leads is not None:
        if len(answers.leads) != len(own):
            told = f"The file has {len(own)} channels, and {len(answers.leads)} leads are named; name each, in order."
            raise LeadUnknown(record.name, told)
        names = list(answers.leads)
    channels = [_told(record, row, name, answers.unit_mv) for row, name in zip(own, names, strict=True)]
    kept = [issue for issue in record.issues if issue.kind not in asked and not issue.sentence.startswith(_OWN_NOTES)]
    rate = (answers.rate if "ASK-RATE" in asked else record.rate) or None
    draft = Draft(record.name, record.format, rate, tuple(channels), record.age, record.sex, record.codes, tuple(kept))
    again = assemble(record.name, draft)
    return replace(again, aside=record.aside, aside_signal=record.aside_signal) if record.aside else again


def _told(record: Record, row: int, name: str, unit_mv: float | None) -> Channel:
    source = record.units[record.leads[row]]
    values, step = record.signal[row].astype(float), record.lsb_mv[row]
    if source != "guessed":
        return Channel(name, values, "mV", step, source)
    if unit_mv is None:
        return Channel(name, values, None, step)
    return Channel(name, values * unit_mv, "mV", step * unit_mv, "user")
