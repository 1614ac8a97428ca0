"""Which of its two modalities a model leaned on, and what it says where it is made to use one only."""

from collections.abc import Mapping, Sequence

import streamlit as st

from ecgssl_core.inference.card import BundleCard
from ecgssl_core.inference.prediction import Finding, Gates
from ecgssl_core.plots.gates import MODALITIES, window_gate_figure
from ecgssl_core.plots.shifts import Shift, shift_figure
from ecgssl_core.records import Record
from pages.parts.cache import service
from pages.parts.case import Case, case_key
from pages.parts.names import shown_name
from pages.parts.pending import begin
from pages.parts.take import offer_rows
from pages.parts.terms import help_on

_SHOWN = 8  # classes in the figure: those that lie highest in any state
_CLEAR = 0.01  # a mean change of probabilities below which two states are alike


def show_gate(case: Case) -> None:
    """Show the gate weights of the record and of its windows, and what the model says with the gate forced."""
    gates = case.prediction.gates
    if gates is None:
        st.info("This model has no gate: it reads one modality, or joins both without weighing them.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        st.metric("Time series", f"{gates.time:.2f}", width="content", help=help_on("Gate"))
        st.metric("Spectrogram", f"{gates.spectrogram:.2f}", width="content", help=help_on("Spectrogram"))
    if case.prediction.windows > 1:
        _windows(case, gates)
    st.markdown("**What if the gate is forced to one of them?**", help=help_on("Forced gate"))
    forced = case.asked(
        "forced", "Forcing the gate", lambda: service().forced(case.card.folder, case.record), case.prediction.despite
    )
    if forced:
        _forced(case, gates, forced)


def ask_early(record: Record, card: BundleCard) -> None:
    """Have the gate forced while the model is asked, so that the page is drawn once for both."""
    warm = service()
    begin(case_key(record, card, "forced", None), lambda: warm.forced(card.folder, record))


def _windows(case: Case, gates: Gates) -> None:
    spec = case.card.manifest.spec
    window_s, starts = spec.window / spec.rate, case.prediction.window_starts_s
    st.plotly_chart(
        case.drawn("gates", lambda: window_gate_figure(gates.windows, starts, window_s), case.prediction.despite),
        key="gates",
        config={"displayModeBar": False},
        alt=(
            f"Gate weights over {case.prediction.windows} windows: the time series weighs {gates.time:.2f} on average, "
            f"the spectrogram {gates.spectrogram:.2f}."
        ),
    )


def _forced(case: Case, gates: Gates, forced: Mapping[str, Sequence[Finding]]) -> None:
    alone = {key: {one.code: one for one in found} for key, found in forced.items()}
    rows = {
        one.code: (one.probability, *(alone[key][one.code].probability for key in MODALITIES)) for one in case.findings
    }
    most = sorted(case.findings, key=lambda one: -max(rows[one.code]))[:_SHOWN]
    shifts = [Shift(one.name, one.threshold, rows[one.code]) for one in most]
    states = ["as gated", *(f"{name} alone" for name, _ in MODALITIES.values())]
    st.plotly_chart(
        case.drawn("forced", lambda: shift_figure(shifts, states), case.prediction.despite),
        key="forced",
        config={"displayModeBar": False},
        alt="Probability of the highest classes as gated, with the time series alone and with the spectrogram alone.",
    )
    st.markdown(gate_note(gates, case.findings, forced))
    offer_rows(
        "forced",
        [
            {
                "code": one.code,
                "class": one.name,
                "as gated": gated,
                "time series alone": time,
                "spectrogram alone": image,
            }
            for one in case.findings
            for gated, time, image in [rows[one.code]]
        ],
    )


def gate_note(gates: Gates, findings: Sequence[Finding], forced: Mapping[str, Sequence[Finding]]) -> str:
    """Give in words whether the gate and what happens when it is forced tell the same story, and what flips.

    Args:
        gates: weights of the record.
        findings: as gated.
        forced: findings with either modality alone.
    """
    as_gated = {one.code: one for one in findings}
    moved = {
        key: sum(abs(one.probability - as_gated[one.code].probability) for one in found) / max(len(found), 1)
        for key, found in forced.items()
    }
    heavy, light = ("time", "spectrogram") if gates.time >= gates.spectrogram else ("spectrogram", "time")
    name = {key: words for key, (words, _) in MODALITIES.items()}
    figures = f"{moved[heavy]:.3f} with the {name[heavy]} alone, {moved[light]:.3f} with the {name[light]} alone"
    if max(moved.values()) < _CLEAR:
        words = f"Either modality alone says nearly the same (mean change {figures}): the weights decide little here."
    elif moved[heavy] > moved[light]:
        words = (
            f":material/priority_high: **Gate and outcome disagree**: the gate leans on the {name[heavy]}, and yet the "
            f"output moves more without the {name[light]} (mean change {figures})."
        )
    else:
        words = f"Gate and outcome agree: the output moves less with the {name[heavy]} alone (mean change {figures})."
    return " ".join([words, *(_flips(name[key], as_gated, found) for key, found in forced.items())]).strip()


def _flips(name: str, as_gated: Mapping[str, Finding], found: Sequence[Finding]) -> str:
    flips = [one for one in found if one.positive != as_gated[one.code].positive]
    if not flips:
        return ""
    words = ", ".join(
        f"{shown_name(one.name)} {as_gated[one.code].probability:.2f} → {one.probability:.2f}" for one in flips[:4]
    )
    rest = f" and {len(flips) - 4} more" if len(flips) > 4 else ""
    return f"With the {name} alone, these cross their thresholds: {words}{rest}."
