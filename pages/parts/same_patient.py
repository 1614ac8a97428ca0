"""Whether two records are of one patient: how alike they are, and how often two people are as alike."""

from typing import Any

import pandas as pd
import streamlit as st

from ecgssl_core.errors import BundleError, EcgError
from ecgssl_core.inference.card import BundleCard, find_models, identifying_model, read_card
from ecgssl_core.inference.likeness import MIX_UP, Likeness
from ecgssl_core.records import Record
from pages.parts.cache import identity, service
from pages.parts.keys import MODEL
from pages.parts.lead_on import lead_on
from pages.parts.names import shown_name
from pages.parts.pending import awaited
from pages.parts.table_file import offer_table
from pages.parts.terms import help_on

_NONE = "–"


def show_same_patient(first: Record, second: Record) -> Likeness | None:
    """Show how alike two records are to the model that tells persons apart; None where there is none, or not yet."""
    try:
        name = st.session_state.get(MODEL) or st.query_params.get(MODEL)  # chosen further down the page
        chosen = next((path for path in find_models() if path.name == name), None)
        folder, remark = identifying_model(usual=chosen)
    except BundleError as error:
        st.info(shown_name(str(error), 400), icon=":material/deployed_code:")
        with st.container(horizontal=True):
            lead_on("models", "Models", ":material/deployed_code:")
            lead_on("train", "Train", ":material/model_training:")
        return None
    if remark:
        st.caption(shown_name(remark, 300))
    try:
        card = read_card(folder)
        key = ("alike", identity(first), identity(second), card.sha256)
        found = awaited(key, "Comparing the two", lambda: service().alike(folder, first, second))
    except EcgError as error:
        st.error(shown_name(str(error), 300), icon=":material/error:")
        return None
    if found is not None:
        _show(found, card)
    return found


def _show(found: Likeness, card: BundleCard) -> None:
    if found.similarity is None:
        st.warning(shown_name(found.sentence, 400), icon=":material/do_not_disturb_on:")
        return
    with st.container(horizontal=True, gap="medium"):
        _metric("Similarity", f"{found.similarity:+.3f}".replace("-", "−"))
        _metric("False-match rate", _NONE if found.rate is None else f"{found.rate:g}")
        _metric("Lead set", found.lead_set or f"{len(found.leads)} leads, not tried")
    st.markdown(shown_name(found.sentence, 600))
    st.caption(f":material/info: {MIX_UP}")
    if card.manifest.identity is not None:
        with st.expander(f"How well {shown_name(card.folder.name)} tells persons apart"):
            _show_tried(card.folder.name, card.manifest.identity.figures)


def _metric(term: str, value: str) -> None:
    st.metric(term, value, width="content", help=help_on(term))


def _show_tried(name: str, figures: dict[str, Any]) -> None:
    """Show, by set of leads, how the model did on two recordings of a person, and on two crops of one."""
    rows = pd.DataFrame([row for leads, one in figures["sets"].items() for row in _rows(leads, one)])
    st.markdown(
        f"{figures['persons']} persons with two recordings, the earlier one in the gallery "
        f"({shown_name(figures['order'], 100)}), and {figures['deciding']} others on whom thresholds were chosen; "
        "nobody of them trained. The weaker test is two crops of one record: same day, same electrodes. 95 % "
        "intervals, exact for ranks, and from draws of persons for the equal error rate."
    )
    st.dataframe(rows, hide_index=True, alt=f"Ranks and error rates of {len(rows)} tests, by set of leads.")
    offer_table(rows, f"{name}-persons")


def _rows(name: str, one: dict[str, Any]) -> list[dict[str, str]]:
    tests = (("two recordings", one["recordings"]), ("two crops of one record, weaker", one["crops of one recording"]))
    return [
        {
            "leads": name,
            "test": what,
            "persons": str(found["probes"]),
            "gallery": str(found["gallery"]),
            "nearest is right": _share(found["rank_among_all"]["1"], found["rank_among_all_interval"]["1"]),
            "among five nearest": _share(found["rank_among_all"]["5"], found["rank_among_all_interval"]["5"]),
            "equal error rate": _share(found["eer"], found["eer_interval"]),
            **{f"right among {size}": f"{shares[0]:.2f}" for size, shares in found["rank_by_size"].items()},
        }
        for what, found in tests
        if "rank" in found
    ]


def _share(value: float, interval: list[float]) -> str:
    return f"{value:.2f} ({interval[0]:.2f} – {interval[1]:.2f})"
