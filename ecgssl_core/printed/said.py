"""What a printed sheet says of a record, in words: no number without its unit, no QTc without its formula."""

from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.inference.stated import how_many_stated
from ecgssl_core.records import Intervals, Quality, Record, open_questions
from ecgssl_core.records.intervals import NUMBERS

UNCONFIRMED = "UNCONFIRMED – not reviewed by a physician"
NOT_MEASURED = "–"
STATUSES = ("positive", "undecided", "not assessed")
FEW = 10  # positives in training below which a class is named rare
WANTED_HZ = 500.0  # of a diagnostic recording; below it fine detail may be lost
INTERVALS = {
    "heart_rate_per_min": ("Rate", "/min"),
    "pr_ms": ("PR", "ms"),
    "qrs_ms": ("QRS", "ms"),
    "qt_ms": ("QT", "ms"),
    "qtc_bazett_ms": ("QTc Bazett", "ms"),
    "qtc_fridericia_ms": ("QTc Fridericia", "ms"),
    "qrs_axis_deg": ("QRS axis", "°"),
    "p_axis_deg": ("P axis", "°"),
}
HOW_MEASURED = (
    "Over all leads, from the earliest onset to the latest end, median over the beats; the rate is the mean. "
    "QTc Bazett = QT / √RR, QTc Fridericia = QT / ∛RR, RR in seconds."
)
_MARKS = {"good": "✓", "warn": "!", "bad": "✗"}
_WORDS = {"good": "nothing noticed", "warn": "doubtful", "bad": "not usable"}
_SOURCES = {"file": "from the file", "user": "as a person said", "guessed": "guessed"}


def facts(record: Record) -> list[tuple[str, str]]:
    """Give what is known of the recording, as (name, value)."""
    who = [record.sex or "", "" if record.age is None else f"{record.age:g} years"]
    sources = ", ".join(_SOURCES[source] for source in sorted(set(record.units.values())))
    steps = sorted({step * 1000 for step in record.lsb_mv})
    step = " to ".join(f"{one:.3g}" for one in dict.fromkeys([*steps[:1], *steps[-1:]]))
    return [
        ("Person", ", ".join(filter(None, who)) or "age and sex not given"),
        ("Recorded", "time not kept: the readers take no dates from a file"),
        ("Format", record.format),
        ("Leads", leads_said(record)),
        ("Length", length_said(record)),
        ("Unit", f"mV, {sources}; smallest step {step} µV"),
    ]


def length_said(record: Record) -> str:
    """Give how long the recording is; where its file does not say its rate, as what it is drawn."""
    if "ASK-RATE" in open_questions(record):
        drawn = f"drawn as if {record.rate:g} made a second"
        return f"{record.signal.shape[1]} samples; the file does not say how many make a second, {drawn}"
    return f"{record.seconds:.1f} s at {record.rate:g} samples a second"


def leads_said(record: Record) -> str:
    """Give how many leads there are, and which of them were computed from others."""
    count = len(record.leads)
    words = f"{count} lead{'s' * (count != 1)}"
    return f"{words}, {', '.join(record.derived)} derived from I and II" if record.derived else words


def filters_said(record: Record, columns: bool) -> str:
    """Give what was done to the traces, how columns follow one another, and what a low sampling rate may hide."""
    words = "As recorded: no filter applied here; each lead about its own median."
    if columns:
        words += " Columns follow one another in time."
    if record.rate < WANTED_HZ:
        words += f" {record.rate:g} samples a second (below {WANTED_HZ:g}): notches and spikes may be lost."
    return words


def interval_said(intervals: Intervals, name: str) -> str:
    """Give an interval with its unit, or – where it cannot be measured."""
    value = getattr(intervals, name)
    if value is None:
        return NOT_MEASURED
    unit = INTERVALS[name][1]
    return f"{value:.0f}{'' if unit == '°' else ' '}{unit}".replace("-", "−")


def reasons_said(intervals: Intervals) -> list[tuple[str, str]]:
    """Give, for each reason why something cannot be measured, the names of what is missing, and the reason."""
    groups: dict[str, list[str]] = {}
    for name in NUMBERS:
        if getattr(intervals, name) is None:
            groups.setdefault(intervals.reasons.get(name, "No reason was given."), []).append(INTERVALS[name][0])
    return [(", ".join(names), reason) for reason, names in groups.items()]


def marks_in_words(quality: Quality) -> str:
    """Give which leads are doubtful or not usable, in words."""
    by_mark = {mark: [lead.lead for lead in quality.leads if lead.mark == mark] for mark in ("bad", "warn")}
    said = [f"{', '.join(names)}: {_WORDS[mark]}" for mark, names in by_mark.items() if names]
    if not said:
        return "Nothing was noticed in any lead."
    good = sum(lead.mark == "good" for lead in quality.leads)
    return "; ".join([*said, f"nothing noticed in the other {good}" if good else ""]).strip("; ") + "."


def marks_said(quality: Quality) -> list[tuple[str, str, str]]:
    """Give each lead with its mark as a sign and as a word."""
    return [(lead.lead, _MARKS[lead.mark], _WORDS[lead.mark]) for lead in quality.leads]


def quality_said(quality: Quality) -> str:
    """Give the quality in one sentence."""
    if quality.blocked:
        return quality.blocked
    good = all(lead.mark == "good" for lead in quality.leads)
    return "Nothing was noticed in any lead." if good else "! doubtful, ✗ not usable: reasons on the last page."


def found_said(prediction: Prediction) -> str:
    """Give in one sentence what is stated and what the model leaves open, or why it says nothing."""
    if prediction.abstained is not None:
        return prediction.abstained
    count = {status: sum(one.status == status for one in prediction.findings) for status in STATUSES}
    said = how_many_stated(count["positive"], len(prediction.findings))
    open_ones = [f"{count[status]} {status}" for status in STATUSES[1:] if count[status]]
    return f"{said}; {', '.join(open_ones)}." if open_ones else f"{said}."
