"""What the output of one class leaned on: lead by lead, over a lead's trace and its spectrogram, with its checks."""

from collections.abc import Hashable
from dataclasses import replace
from statistics import fmean

import numpy as np
import streamlit as st

from ecgssl_core.inference.card import BundleCard
from ecgssl_core.inference.deletion import Deletion, check_deletion
from ecgssl_core.inference.explained import Attribution
from ecgssl_core.inference.seen import seen_by
from ecgssl_core.plots.attribution import LeadMap, lead_map_figure, lead_share_figure
from ecgssl_core.records import Record
from ecgssl_core.signals.spectrum import spectrum_of
from pages.parts.cache import service
from pages.parts.case import Case, case_key
from pages.parts.keys import CLASS, CLASS_SHOWN, PAINTED
from pages.parts.pending import already
from pages.parts.take import offer_rows
from pages.parts.terms import help_on

LONGEST_S = 30.0  # of longer records a stretch is looked at
CAVEAT = "A map says what this network used, not what a disease looks like; other networks use other parts."
_START, _LEAD, _DRAWN = "leaned from", "leaned lead", f"{PAINTED} with"


def show_attribution(case: Case) -> None:
    """Show what the output of the chosen class leaned on."""
    names = {one.code: one.name for one in case.findings}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        help_text = help_on("Attribution")
        code = st.selectbox(
            "Class", list(names), format_func=names.__getitem__, key=CLASS, width=320, help=help_text,
            persist_state="session",
        )  # fmt: skip
        start = _start(case.record)
        on_paper = st.toggle(
            "On the paper above", key=PAINTED, help="Colours the traces of the paper by this map.",
            persist_state="session",
        )  # fmt: skip
    st.caption(CAVEAT)
    if st.session_state.get(CLASS_SHOWN, code) != code or (not on_paper and _DRAWN in st.session_state):
        st.rerun()  # the paper and the table stand above: what they show is no longer what was chosen
    found = case.asked(
        "attribute",
        "Working out what it leaned on",
        lambda: service().attribute(case.card.folder, case.record, code, start),
        code,
        start,
    )
    if found is None:
        return
    if on_paper and st.session_state.get(_DRAWN) != _key(case.record, case.card, code, start):
        st.rerun()  # the paper stands above, and was drawn without it
    stretch = _stretch(case.record, start)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _show_leads(found)
        _show_checks(case, found, stretch, start)
    with right:
        _show_lead(case, found, stretch, start)


def painted(record: Record, card: BundleCard) -> Attribution | None:
    """Give what the paper is to be coloured by: the map of the chosen class, where one asked for it and it is there."""
    st.session_state.pop(_DRAWN, None)
    if not st.session_state.get(PAINTED):
        return None
    key = _key(record, card, st.session_state.get(CLASS), _start_now(record))
    found: Attribution | None = already(key)
    if found is not None:
        st.session_state[_DRAWN] = key
    return found


def _key(record: Record, card: BundleCard, code: str | None, start: float) -> Hashable:
    return case_key(record, card, "attribute", code, start)


def _start(record: Record) -> float:
    """Ask from which second a long record is looked at; 0 for one that is looked at whole."""
    if record.seconds <= LONGEST_S:
        return 0.0
    last = float(int(record.seconds - LONGEST_S)) + 1.0
    st.session_state[_START] = min(st.session_state.get(_START, 0.0), last)
    return st.number_input(f"From second (for {LONGEST_S:g} s)", 0.0, last, step=10.0, key=_START, width=180)


def _start_now(record: Record) -> float:
    return float(st.session_state.get(_START, 0.0)) if record.seconds > LONGEST_S else 0.0


def _stretch(record: Record, start: float) -> Record:
    """Give the part of a record that is looked at: all of it, if it is not long."""
    if record.seconds <= LONGEST_S:
        return record
    first, last = round(start * record.rate), round((start + LONGEST_S) * record.rate)
    return replace(record, signal=record.signal[:, first:last], aside_signal=None, aside=())


def _show_leads(found: Attribution) -> None:
    raised, lowered = _sums(found)
    st.plotly_chart(
        lead_share_figure(found.leads, raised, lowered),
        key="leaned leads",
        config={"displayModeBar": False},
        alt="What raised and what lowered the output, lead by lead: "
        + ", ".join(f"{lead} {up + down:+.2f}" for lead, up, down in zip(found.leads, raised, lowered, strict=True)),
    )
    rows = [
        {"lead": lead, "raised (logit)": up, "lowered (logit)": down}
        for lead, up, down in zip(found.leads, raised, lowered, strict=True)
    ]
    offer_rows("attribution by lead", rows)


def _sums(found: Attribution) -> tuple[list[float], list[float]]:
    """Give for each lead the sums of what speaks for and of what speaks against the class, over both maps."""
    maps = [one.reshape(len(found.leads), -1) for one in (found.signal, found.spectrogram) if one is not None]
    whole = np.concatenate(maps, axis=1)
    return whole.clip(min=0).sum(axis=1).tolist(), whole.clip(max=0).sum(axis=1).tolist()


def _show_checks(case: Case, found: Attribution, stretch: Record, start: float) -> None:
    """Say how much of the output the map accounts for, and whether the record loses it without what is marked."""
    st.markdown(f"Completeness gap: **{100 * found.gap:.1f} %** of the output's change.", help=help_on("Completeness"))
    key = ("delete", found.code, start)
    part = _part(found, start) if stretch is not case.record else found
    done = case.asked(
        key[0],
        "Muting what it leaned on",
        lambda: check_deletion(service(), case.card.folder, stretch, part),
        *key[1:],
    )
    if done is not None:
        st.markdown(deletion_words(done), help=help_on("Deletion check"))


def deletion_words(done: Deletion) -> str:
    """Give in Markdown what muting a tenth did to the probability, and whether the map passes."""
    low, high = min(done.chance), max(done.chance)
    verdict = (
        ":material/check: The map passes: what it marks mattered more than chance."
        if done.holds
        else ":material/priority_high: **The map fails here**: a tenth by chance mattered as much. Do not lean on it."
    )
    return (
        f"Deletion: **{done.whole:.3f} → {done.most:.3f}** without the most attributed tenth, "
        f"→ {fmean(done.chance):.3f} ({low:.3f} to {high:.3f}) without a tenth by chance. {verdict}"
    )


def _part(found: Attribution, start: float) -> Attribution:
    """Give the map of the stretch that is looked at, as if it were a record."""
    samples = slice(round(start * found.rate), round((start + LONGEST_S) * found.rate))
    frames = [at for at, moment in enumerate(found.frames_s) if start <= moment < start + LONGEST_S]
    return replace(
        found,
        signal=None if found.signal is None else found.signal[:, samples],
        spectrogram=None if found.spectrogram is None else found.spectrogram[:, :, frames],
        frames_s=tuple(found.frames_s[at] - start for at in frames),
    )


def _show_lead(case: Case, found: Attribution, stretch: Record, start: float) -> None:
    """Show the trace and the spectrogram of one lead, and what was leaned on in either."""
    raised, lowered = _sums(found)
    first = int(np.argmax(np.array(raised) - np.array(lowered)))
    lead = st.selectbox("Lead", found.leads, first, key=_LEAD, width=160, help=help_on("Spectrogram"))
    row = found.leads.index(lead)
    seen, part = seen_by(case.card.manifest, stretch), _part(found, start) if stretch is not case.record else found
    hertz, seconds, magnitude = spectrum_of(seen.signal[row], case.card.manifest.spec)
    image = None if part.spectrogram is None else part.spectrogram[row]
    shown = LeadMap(
        lead,
        start,
        seen.rate,
        seen.signal[row],
        None if part.signal is None else part.signal[row],
        magnitude,
        image,
        (start + seconds).tolist(),
        hertz.tolist(),
    )
    st.plotly_chart(
        lead_map_figure(shown),
        key="leaned lead map",
        config={"displayModeBar": False},
        alt=f"Lead {lead} as the network reads it, its spectrogram, and what raised or lowered the output in each.",
    )
    st.caption(":orange[■] raised the output · :blue[■] lowered it · nothing where neither. Zoom by dragging.")
