"""The embedding map: records as points, coloured by what is known of them; point at some and see their ECGs."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ecgssl_core.corpus.pack import find_packs
from ecgssl_core.inference.card import BundleCard
from ecgssl_core.inference.embeddings import embeddings_folder
from ecgssl_core.plots.embedding_map import embedding_figure
from ecgssl_core.runs import data_root
from pages.parts.asked import Asked, choose_class
from pages.parts.embedding_work import offer_embedding
from pages.parts.map_record import show_record
from pages.parts.model_choice import choose_model, show_no_model
from pages.parts.names import plain_text
from pages.parts.no_pack import show_no_pack
from pages.parts.pack_map import PackMap, groups_of, read_map
from pages.parts.pending import awaited
from pages.parts.plain_csv import plain_csv
from pages.parts.terms import help_on

SOURCE, FOLD, CLASS, VERDICT = "Source", "Fold", "Class", "Right or wrong"


def show_map(asked: Asked) -> None:
    """Draw a pack of the runs under a released model, and the record that is pointed at."""
    root = data_root()
    packs = {path.name: path for path in find_packs(root)}
    if not packs:
        show_no_pack("draw")
        return
    places = st.columns(3, vertical_alignment="bottom")
    with places[0]:
        of_runs = asked.runs[0].settings.data.pack.rsplit("/", 1)[-1]
        names = sorted(packs, key=lambda name: (name != of_runs, name))
        name = st.selectbox(
            "Pack", names, format_func=plain_text, key="map_pack", bind="query-params", help=help_on("Embedding map")
        )
    with places[1]:
        card = choose_model()
    if card is None:
        show_no_model()
        return
    folder = embeddings_folder(root, packs[name], card.sha256)
    if not offer_embedding(root, packs[name], card.folder, folder):
        return
    label_set = asked.runs[0].settings.data.classes
    key = ("map", str(folder), folder.stat().st_mtime_ns, label_set)
    whole = awaited(key, f"Reading the map of {plain_text(name)}", lambda: read_map(packs[name], folder, label_set))
    if whole is not None:
        _colour(asked, whole, card)


def _colour(asked: Asked, whole: PackMap, card: BundleCard) -> None:
    kind = st.segmented_control(
        "Colour by",
        (SOURCE, FOLD, CLASS, VERDICT),
        default=SOURCE,
        required=True,
        key="map_colour",
        bind="query-params",
    )
    facts = asked.facts() if kind == VERDICT else {"codes": whole.classes.codes, "names": whole.classes.names}
    if facts is None:
        return
    groups = whole.table[kind.lower()] if kind in (SOURCE, FOLD) else _by_class(asked, whole, facts, kind)
    if groups is not None:
        st.fragment(_draw)(asked, whole, groups, card)


def _by_class(asked: Asked, whole: PackMap, facts: Mapping[str, Any], kind: str) -> pd.Series | None:
    left, right = st.columns(2)
    with left:
        code = choose_class(facts, mean="", first=whole.commonest)
    place = whole.classes.codes.index(code)
    if kind == CLASS:
        words = {1: whole.classes.names[place], 0: "without it", -1: "not known"}
        return pd.Series([words[label] for label in whole.labels[:, place].tolist()])
    arm = right.selectbox("Arm", facts["networks"], len(facts["networks"]) - 1, key="map_arm")
    said = asked.verdicts(arm, code)
    return None if said is None else whole.table["key"].map(said).fillna("not scored")


def _draw(asked: Asked, whole: PackMap, groups: pd.Series, card: BundleCard) -> None:
    if len(whole.shown) < len(whole.table):
        st.caption(f"{len(whole.shown):,} of {len(whole.table):,} records are drawn, taken by chance.")
    seen = f"The model {plain_text(card.name)} was trained on part of its own corpus: see its card."
    st.caption(f"Point at a record, or draw round several. What the network takes for alike lies close. {seen}")
    state = st.plotly_chart(
        embedding_figure(groups_of(whole, groups)),
        key="map",
        on_select="rerun",
        selection_mode=("points", "box", "lasso"),
        alt=f"Map of {len(whole.shown):,} records of {plain_text(whole.pack.name)} in groups of colour and shape.",
    )
    rows = selected_rows(state)
    if rows:
        of = whole.table.iloc[rows]
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{len(rows):,} record{'s' * (len(rows) > 1)}** inside", width="content")
            st.download_button(
                "Keys as CSV", plain_csv(of), "selected.csv", "text/csv", key="map_keys", on_click="ignore",
                icon=":material/download:", type="tertiary",
            )  # fmt: skip
        st.dataframe(of, hide_index=True, height=220, alt="Records inside of the selection.", key="map_selected")
    show_record(asked, whole, rows)


def selected_rows(state: Any) -> list[int]:
    """Give the rows of the pack that are selected on the map, each once, in the pack's order."""
    points = state["selection"]["points"] if state else []
    return sorted({int(point["customdata"][0]) for point in points if point.get("customdata")})
