"""What a file leaves open is asked with pictures to choose from; the answer holds for the session."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.plots.candidates import channel_pictures, unit_picture
from ecgssl_core.records import Answers, Record, answered, open_questions, parse_answers
from ecgssl_core.records.answers import unit_size
from ecgssl_core.records.candidates import LeadChoice, UnitChoice, lead_choices, unit_choices
from pages.parts.keys import ANSWERS
from pages.parts.names import plain_text, shown_name
from pages.parts.pending import remembered

_HALF = "PART"  # the kind of an issue of which a part of the recording is missing
_RATES = (500, 250, 1000, 360, 300, 257, 200, 400, 128, 100)


def told(record: Record) -> Record:
    """Give the record with the answers that were given to its questions in this session.

    Raises:
        RecordError: the answers do not fit.
    """
    return answered(record, _given(record))


def settled(record: Record, others: Sequence[Record] = ()) -> Record:
    """Give the record with the answers that were given; show what is still asked.

    Answers are kept for the session, for this record, and for others of its form where a person says so.

    Args:
        record: as it was read.
        others: all records of the upload.
    """
    if not open_questions(record):
        return record
    given, now = _given(record), record
    try:
        now = told(record)
    except EcgError as error:
        st.error(shown_name(str(error), 300))
        _forget((record.digest,))
        given = Answers()
    if given != Answers():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Parts of what is shown are as you said, not as the file says.", width="content")
            words = {"key": f"forget {record.digest}", "type": "tertiary"}
            st.button("Ask me again", on_click=_forget, args=((record.digest,),), **words)
    if open_questions(now):
        with st.container(border=True):
            st.markdown("**The file leaves something open.** It is shown, and nothing is predicted until you say it.")
            for issue in now.issues:
                if issue.kind == _HALF and issue.severity != "note":
                    words = f"{shown_name(issue.sentence, 300)} {shown_name(issue.remedy, 300)}"
                    st.warning(words, icon=":material/hourglass_empty:")
            _ask(now, given, _keys(record, others))
    return now


def as_likely(record: Record) -> Record:
    """Give a record whose unit is still asked as it is in the likeliest one, to be drawn; any other as it is."""
    if "ASK-UNIT" not in open_questions(record):
        return record
    likely = next((one for one in _units(record) if one.likely), None)
    if likely is None:
        return record
    return replace(answered(record, Answers(unit_mv=likely.size_mv)), units=record.units, issues=record.issues)


def _units(record: Record) -> tuple[UnitChoice, ...]:
    return remembered(("units", record.digest, record.leads), lambda: tuple(unit_choices(record)))


def _ask(record: Record, given: Answers, keys: tuple[str, ...]) -> None:
    asked = open_questions(record)
    if len(keys) > 1:
        label = f"The same holds for all {len(keys)} files of this form"
        keys = keys if st.checkbox(label, value=False, key=f"alike {keys[0]}") else keys[:1]
    if "ASK-LEAD" in asked:
        _ask_leads(record, keys, given)
    if "ASK-UNIT" in asked:
        _ask_unit(record, keys, given)
    if "ASK-RATE" in asked:
        _ask_rate(record, keys, given)


def _keys(record: Record, others: Sequence[Record]) -> tuple[str, ...]:
    """Give the digests of a record and of those that leave the same open in the same form, its own first."""
    form = (record.format, record.leads, open_questions(record))
    alike = [other.digest for other in others if (other.format, other.leads, open_questions(other)) == form]
    return tuple(dict.fromkeys([record.digest, *alike]))


def _given(record: Record) -> Answers:
    answers: Answers = st.session_state.get(ANSWERS, {}).get(record.digest, Answers())
    return answers


def _ask_unit(record: Record, keys: tuple[str, ...], given: Answers) -> None:
    choices = _units(record)
    lead = next(row for row, name in enumerate(record.leads) if record.units[name] == "guessed")
    name = plain_text(record.leads[lead])
    name = f"channel {name.removeprefix('?').strip()}" if name.startswith("?") else f"lead {name}"
    st.markdown(f"In which unit are its numbers? This is {shown_name(name)} in each, from −2 to 2 mV.")
    for one, column in zip(choices, st.columns(len(choices)), strict=True):
        unit = one.unit.replace("u", "µ")
        spans = f"spans {one.span_mv:,.0f} mV" if one.span_mv >= 100 else f"spans {one.span_mv:.3g} mV"
        column.caption(f"{unit}: {spans}")
        column.plotly_chart(  # each over its button, so that they stay together on a narrow screen
            unit_picture(record.signal[lead], record.rate, one.size_mv),
            config={"displayModeBar": False},
            key=f"units {one.unit} {keys[0]}",
            alt=f"Two and a half seconds of {name} if its numbers are in {unit}: it {spans}.",
        )
        label = unit + (" · likely" if one.likely else "")
        answer = replace(given, unit_mv=one.size_mv)
        column.button(label, key=f"unit {one.unit} {keys[0]}", on_click=_keep, args=(keys, answer), width="stretch")
    words = st.text_input("Or say what one of its numbers is", key=f"size {keys[0]}", placeholder="4.88uV")
    if words:
        try:
            size = unit_size(words)
        except EcgError as error:
            st.error(shown_name(str(error), 300))
        else:
            answer = replace(given, unit_mv=size)
            st.button("Take this size", key=f"take size {keys[0]}", on_click=_keep, args=(keys, answer))


def _ask_leads(record: Record, keys: tuple[str, ...], given: Answers) -> None:
    own = [row for row, lead in enumerate(record.leads) if lead not in record.derived]
    st.markdown(f"Which leads are its {len(own)} channels?" if len(own) > 1 else "Which lead is this?")
    names = [plain_text(record.leads[row]) for row in own]
    titles = [f"{at + 1}" + (f": {name}" if not name.startswith("?") else "") for at, name in enumerate(names)]
    st.plotly_chart(
        channel_pictures(record.signal[own], record.rate, titles),
        config={"displayModeBar": False},
        key=f"leads {keys[0]}",
        alt=f"Two and a half seconds of each of the {len(own)} channels, each on a scale of its own.",
    )
    choices = lead_choices(record)
    fitting = [choice for choice in choices if choice.fits or choice.miss is None] or list(choices)
    for choice in fitting:
        _offer_order(choice, keys, given)
    if len(fitting) < len(choices):
        with st.expander("Other orders, which these channels do not fit"):
            for choice in choices[len(fitting) :]:
                _offer_order(choice, keys, given)
    words = st.text_input(
        "Or name them yourself, in order, with commas", key=f"names {keys[0]}", placeholder="I, II, V1"
    )
    if words:
        try:
            leads = parse_answers(leads=words).leads
            answered(record, Answers(leads=leads))
        except EcgError as error:
            st.error(shown_name(str(error), 300))
        else:
            st.button(
                "Take these names", key=f"take {keys[0]}", on_click=_keep, args=(keys, replace(given, leads=leads))
            )


def _offer_order(choice: LeadChoice, keys: tuple[str, ...], given: Answers) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        answer = replace(given, leads=choice.leads)
        st.button(choice.name, key=f"order {choice.name} {keys[0]}", on_click=_keep, args=(keys, answer))
        st.caption(f"{', '.join(choice.leads)} · {_proof(choice)}", width="content")


def _ask_rate(record: Record, keys: tuple[str, ...], given: Answers) -> None:
    samples = record.signal.shape[1]
    st.markdown("How many samples make a second?")
    labels = {rate: f"{rate} Hz: {samples / rate:.4g} s long" for rate in _RATES}
    rate = st.selectbox("Samples a second", _RATES, format_func=labels.__getitem__, key=f"rates {keys[0]}")
    st.button("Take this rate", key=f"rate {keys[0]}", on_click=_keep, args=(keys, replace(given, rate=float(rate))))


def _proof(choice: LeadChoice) -> str:
    if choice.miss is None:
        return "no sum of leads to check it by"
    return f"III = II − I and its like {'hold' if choice.fits else 'fail'}: they miss by {100 * choice.miss:.0f} %"


def _keep(keys: tuple[str, ...], answers: Answers) -> None:
    st.session_state.setdefault(ANSWERS, {}).update(dict.fromkeys(keys, answers))


def _forget(keys: tuple[str, ...]) -> None:
    for key in keys:
        st.session_state.get(ANSWERS, {}).pop(key, None)
