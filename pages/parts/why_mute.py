"""What the model says with parts of the record muted: stretches that were brushed on the paper, or whole leads."""

import streamlit as st

from ecgssl_core.inference.explained import Span
from ecgssl_core.plots.shifts import Shift, shift_figure
from pages.parts.cache import service
from pages.parts.case import Case
from pages.parts.keys import BRUSHED, CLASS, MUTED
from pages.parts.names import shown_name
from pages.parts.take import offer_rows
from pages.parts.terms import help_on

_ALL = "all leads"
_SHOWN = 6
_LEAD, _FROM, _TO = "mute lead", "mute from", "mute to"


def show_mute(case: Case) -> None:
    """Let stretches and leads be muted; show the probabilities before and after."""
    st.markdown(
        "Brush a stretch on the paper above, or name one: it is held at its lead's median, and the model asked again.",
        help=help_on("Occlusion"),
    )
    spans = _spans(case)
    _take_brushed(case, spans)
    _ask(case)
    if not spans:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for place, span in enumerate(spans):
            st.button(
                _words(span, case.record.seconds),
                key=f"unmute {place}",
                icon=":material/close:",
                help="Give this part back.",
                on_click=_drop,
                args=(case.record.digest, place),
            )
    found = case.asked(
        "occluded", "Asking again", lambda: service().occluded(case.card.folder, case.record, spans), tuple(spans)
    )
    if found is None:
        return
    after = {one.code: one.probability for one in found.findings}
    # predicted against the rules, no class is assessed: then all are shown
    said = [one for one in case.findings if one.status != "not assessed"] or case.findings
    most = sorted(said, key=lambda one: -max(one.probability, after[one.code]))[:_SHOWN]
    chosen = next((one for one in case.findings if one.code == st.session_state.get(CLASS)), said[0])
    change = after[chosen.code] - chosen.probability
    left, right = st.columns([1, 3], gap="large", vertical_alignment="center")
    left.metric(
        shown_name(chosen.name), f"{after[chosen.code]:.3f}", f"{change:+.3f} from {chosen.probability:.3f}", "off"
    )
    right.plotly_chart(
        shift_figure(
            [Shift(one.name, one.threshold, (one.probability, after[one.code])) for one in most], ["as it is", "muted"]
        ),
        key="muted",
        config={"displayModeBar": False},
        alt=f"Probabilities before and after muting; {chosen.name} moves by {change:+.3f}.",
    )
    rows = [
        {"code": one.code, "class": one.name, "as it is": one.probability, "muted": after[one.code]}
        for one in case.findings
    ]
    offer_rows("muted", rows)


def _spans(case: Case) -> list[Span]:
    """Give what is muted in this record."""
    kept: dict[str, list[Span]] = st.session_state.setdefault(MUTED, {})
    return kept.setdefault(case.record.digest, [])


def _ask(case: Case) -> None:
    """Ask for a lead and a stretch, for those who cannot brush."""
    seconds, leads = case.record.seconds, (_ALL, *case.card.manifest.spec.leads)
    st.session_state[_TO] = min(st.session_state.get(_TO, seconds), seconds)
    st.session_state[_FROM] = min(st.session_state.get(_FROM, 0.0), seconds)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        lead = st.selectbox("Lead", leads, 1, key=_LEAD, width=140)
        start = st.number_input("From, s", 0.0, seconds, step=0.1, key=_FROM, width=150, format="%.2f")
        end = st.number_input("To, s", 0.0, seconds, step=0.1, key=_TO, width=150, format="%.2f")
        span = Span(None if lead == _ALL else lead, start, end)
        st.button(
            "Mute",
            key="mute",
            icon=":material/volume_off:",
            on_click=_add,
            args=(case.record.digest, span),
            disabled=end <= start,
            help="Holds this stretch of the lead at its median, and asks the model again.",
        )
        st.button("Give all back", key="unmute", on_click=_clear, args=(case.record.digest,), type="tertiary")


def _take_brushed(case: Case, spans: list[Span]) -> None:
    """Mute what was brushed on the paper since the last look."""
    brushed: Span | None = st.session_state.pop(BRUSHED, None)
    if brushed is None:
        return
    start, end = sorted(min(max(at, 0.0), case.record.seconds) for at in (brushed.start_s, brushed.end_s))
    lead = brushed.lead if brushed.lead in case.card.manifest.spec.leads else None
    if end > start and Span(lead, start, end) not in spans:
        spans.append(Span(lead, start, end))


def _words(span: Span, seconds: float) -> str:
    where = f"lead {shown_name(span.lead)}" if span.lead else _ALL
    return where if span.start_s <= 0 and span.end_s >= seconds else f"{where} {span.start_s:.2f} to {span.end_s:.2f} s"


def _add(digest: str, span: Span) -> None:
    spans = st.session_state[MUTED][digest]
    if span not in spans:
        spans.append(span)


def _clear(digest: str) -> None:
    st.session_state[MUTED][digest].clear()


def _drop(digest: str, place: int) -> None:
    del st.session_state[MUTED][digest][place]
