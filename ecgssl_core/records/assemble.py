"""From a draft to a Record, the same for all formats: units to mV, names to leads, limits kept, questions asked."""

import math

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, EmptyFile, LeadUnknown, LimitError, UnknownFormat
from ecgssl_core.signals.leads import LEADS, canonical_lead, complete_limb_leads, supplementary_lead

from .draft import Channel, Draft
from .record import OLDEST, Issue, Record, UnitSource
from .units import millivolts

MOST_LEADS, MOST_SAMPLES = 32, 1 << 25
RATES = (50.0, 4000.0)
STEPS_MV = (1e-6, 1.0)  # between 1 and 10^6 counts a mV
PRESUMED_RATE = 500.0  # only drawn with, where the file says none
NOT_ECG = (
    "RESP",
    "PLETH",
    "ABP",
    "ART",
    "CVP",
    "PAP",
    "SPO2",
    "EEG",
    "EMG",
    "EOG",
    "TEMP",
    "EVENT",
    "STATUS",
    "MARKER",
)
SHOWN = 60  # characters of a name
DERIVED, ASIDE, LEFT_OUT = "Derived from I and II", "Set aside", "Left out"
ASKED = ("ASK-UNIT", "ASK-LEAD", "ASK-RATE")

Rows = NDArray[np.float32]


def assemble(file: str, draft: Draft) -> Record:
    """Give the record that a draft describes.

    Standard leads come first, in the usual order; missing limb leads are derived from I and II and marked; Frank,
    posterior and right-sided leads are kept aside; channels that are no ECG are left out and named. Where the file does
    not say its unit, its leads or its rate, the record carries a question (ASK-UNIT, ASK-LEAD, ASK-RATE) that forbids
    predictions until `answered`.

    Args:
        file: the file's name, for sentences.
        draft: what its reader understood.

    Raises:
        RecordError: the draft contradicts itself, holds no ECG, or more than may be read.
    """
    channels, outside = _ecg_only(draft.channels)
    if not channels:
        raise EmptyFile(file, "The file holds no ECG channel; give a file with at least one lead.")
    _check_limits(file, draft, channels)
    ordered = _in_order(file, channels)
    aside = [name for name, _ in ordered if supplementary_lead(name)] if _standard(ordered) else []
    main = [(name, channel) for name, channel in ordered if name not in aside]
    beside = [(name, channel) for name, channel in ordered if name in aside]
    leads = tuple(name for name, _ in main)
    sources = {name: _source(channel) for name, channel in main}
    told = _millivolts(file, main)
    signal, all_leads, derived = complete_limb_leads(told, leads) if _both(sources) else (told, leads, ())
    steps = {name: _step(file, name, channel) for name, channel in main}
    both = max(steps.get("I", 0.0), steps.get("II", 0.0))
    order = sorted(range(len(all_leads)), key=lambda row: _place(all_leads[row]))
    leads = tuple(all_leads[row] for row in order)
    return Record(
        name=draft.name[:SHOWN],
        signal=np.ascontiguousarray(signal[order]),
        rate=PRESUMED_RATE if draft.rate is None else float(draft.rate),
        leads=leads,
        units={lead: sources.get(lead, sources.get("I", "file")) for lead in leads},
        lsb_mv=tuple(steps.get(lead, both) for lead in leads),
        age=None if draft.age is None or not 0 <= draft.age < math.inf else min(float(draft.age), OLDEST),
        sex=draft.sex,
        format=draft.form,
        codes=draft.codes,
        issues=(*draft.issues, *_questions(draft, sources), *_notes(derived, aside, outside)),
        derived=derived,
        aside=tuple(aside),
        aside_signal=_millivolts(file, beside) if beside else None,
    )


def _ecg_only(channels: tuple[Channel, ...]) -> tuple[list[Channel], list[str]]:
    """Give the channels that may be leads, and the names of the others."""
    kept = [channel for channel in channels if _may_be_ecg(channel)]
    return kept, [channel.lead[:SHOWN] for channel in channels if not _may_be_ecg(channel)]


def _may_be_ecg(channel: Channel) -> bool:
    if canonical_lead(channel.lead) or supplementary_lead(channel.lead):
        return True
    words = channel.lead.upper().replace("-", " ").replace("_", " ").split()
    is_voltage = channel.unit is None or not channel.unit.strip() or millivolts(channel.unit) is not None
    return is_voltage and not any(word.startswith(NOT_ECG) for word in words)


def _check_limits(file: str, draft: Draft, channels: list[Channel]) -> None:
    lengths = {len(channel.values) for channel in channels}
    if len(channels) > MOST_LEADS:
        raise LimitError(file, f"The file holds {len(channels)} channels; at most {MOST_LEADS} are read.")
    if len(lengths) > 1:
        raise BrokenFile(
            file, f"The leads have {min(lengths)} to {max(lengths)} samples, not one length; export again."
        )
    if not max(lengths):
        raise BrokenFile(file, "The record holds no sample; export it again.")
    if max(lengths) * len(channels) > MOST_SAMPLES:
        raise LimitError(file, "The record is longer than may be opened at once; cut it into shorter ones.")
    if draft.rate is not None and not RATES[0] <= draft.rate <= RATES[1]:
        raise BrokenFile(file, f"The sampling rate is {draft.rate:g} Hz; an ECG has {RATES[0]:g} to {RATES[1]:g} Hz.")


def _in_order(file: str, channels: list[Channel]) -> list[tuple[str, Channel]]:
    """Give the channels under their leads' names, standard leads first."""
    turned = [_upright(channel) for channel in channels]
    names = _numbered([name_of(channel.lead) for channel in turned])
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise LeadUnknown(file, f"Two leads are called {said(twice)}; export the record with each lead's own name.")
    if not all(name.isprintable() and len(name) <= SHOWN for name in names):
        raise UnknownFormat(file, "A lead's name is no text; export the record again.")
    return sorted(zip(names, turned, strict=True), key=lambda pair: _place(pair[0]))


def _upright(channel: Channel) -> Channel:
    """Give a lead that a Cabrera layout stores with its sign changed, as it is usually drawn."""
    bare = channel.lead.strip().removeprefix("-")
    if bare == channel.lead.strip() or canonical_lead(bare) != "aVR":
        return channel
    return Channel("aVR", -channel.values, channel.unit, channel.step, channel.unit_source)


def name_of(lead: str) -> str:
    """Give a lead's standard name where it has one, else its own words, else a question mark."""
    return canonical_lead(lead) or supplementary_lead(lead) or " ".join(lead.split()) or "?"


def said(lead: str) -> str:
    """Give a lead's name for a sentence, without a file's own sentences: its first two words, at most 20 letters."""
    return " ".join(name_of(lead).split()[:2])[:20]


def _numbered(names: list[str]) -> list[str]:
    """Give names in which no unknown lead is like another: two called ECG become ECG 1 and ECG 2."""
    return [
        name if canonical_lead(name) or names.count(name) == 1 else f"{name} {names[: at + 1].count(name)}"
        for at, name in enumerate(names)
    ]


def _place(name: str) -> int:
    return LEADS.index(name) if name in LEADS else len(LEADS)


def _standard(ordered: list[tuple[str, Channel]]) -> bool:
    return any(name in LEADS for name, _ in ordered)


def _source(channel: Channel) -> UnitSource:
    known = channel.unit is not None and millivolts(channel.unit) is not None
    return channel.unit_source if known else "guessed"


def _both(sources: dict[str, UnitSource]) -> bool:
    """Say whether I and II are there, in units that are known alike or unknown alike."""
    return (sources.get("I") == "guessed") == (sources.get("II") == "guessed")


def _factor(channel: Channel) -> float:
    return (millivolts(channel.unit) if channel.unit is not None else None) or 1.0


def _millivolts(file: str, channels: list[tuple[str, Channel]]) -> Rows:
    rows = np.stack([channel.values * _factor(channel) for _, channel in channels])
    if np.isinf(rows).any() or np.abs(np.nan_to_num(rows)).max() > np.finfo(np.float32).max:
        raise BrokenFile(file, "A sample is infinite or beyond any voltage; export the record again.")
    return rows.astype(np.float32)


def _step(file: str, name: str, channel: Channel) -> float:
    step = abs(channel.step * _factor(channel))
    known = _source(channel) != "guessed"
    if not 0 < step < math.inf or (known and not STEPS_MV[0] / 1.001 <= step <= STEPS_MV[1] * 1.001):
        raise BrokenFile(file, f"The gain of lead {said(name)} is impossible for an ECG; export the record again.")
    return step


def _questions(draft: Draft, sources: dict[str, UnitSource]) -> list[Issue]:
    asked = []
    unsaid = [lead for lead, source in sources.items() if source == "guessed"]
    if unsaid:
        first = said(unsaid[0])
        which = f"lead {first} is" if len(unsaid) == 1 else f"{len(unsaid)} leads ({first}, …) are"
        sentence = f"The file does not say in which unit {which}; drawn as if in mV."
        asked.append(Issue("ASK-UNIT", unsaid[0], "block", sentence, "Say it: on the page, or with --unit."))
    if not any(lead in LEADS for lead in sources):
        sentence = "The file does not say which lead this is."
        if len(sources) > 1:
            sentence = f"The file does not say which leads its {len(sources)} channels are."
        asked.append(Issue("ASK-LEAD", None, "block", sentence, "Name them: on the page, or with --leads."))
    if draft.rate is None:
        sentence = f"The file does not say its sampling rate; drawn as if {PRESUMED_RATE:g} Hz."
        asked.append(Issue("ASK-RATE", None, "block", sentence, "Say it: on the page, or with --rate."))
    return asked


def _notes(derived: tuple[str, ...], aside: list[str], outside: list[str]) -> list[Issue]:
    notes = []
    if derived:
        notes.append(Issue("PART", None, "note", f"{DERIVED}: {', '.join(derived)}.", ""))
    if aside:
        notes.append(Issue("PART", None, "note", f"{ASIDE}: {', '.join(aside)}; no model reads them.", ""))
    if outside:
        names = ", ".join(outside[:4]) + (", …" if len(outside) > 4 else "")
        notes.append(Issue("PART", None, "note", f"{LEFT_OUT}, no ECG: {names}.", ""))
    return notes
