"""One record of the map: as paper, with its labels, with what an arm said of it, and the way to Inspect."""

import pandas as pd
import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.plots.paper_ecg import Drawn, paper_ecg
from ecgssl_core.records import Reading, Record
from pages.parts.asked import Asked
from pages.parts.keys import UPLOAD
from pages.parts.names import plain_text, shown_name
from pages.parts.pack_map import PackMap, pack_record
from pages.parts.paper_ecg import describe
from pages.parts.paper_sheet import Looks, mount_sheet

_LIKELIEST = 6  # classes that are told


def show_record(asked: Asked, whole: PackMap, rows: list[int]) -> None:
    """Show the record that is chosen among those selected, or among all.

    Args:
        asked: the runs, for what their arms said of it.
        whole: the map.
        rows: of the selected records; none: all can be chosen.
    """
    keys = whole.table["key"]
    row = st.selectbox(
        "Record",
        rows or whole.shown.tolist(),
        0 if rows else None,
        format_func=lambda at: f"{plain_text(keys[at])} · {whole.table['labels'][at]}",
        key=f"map_record {len(rows)} {rows[0] if rows else ''}",
        placeholder="Point at one above, or type its name",
    )
    if row is None:
        return
    record = pack_record(whole, row)
    sheet = paper_ecg([Drawn(record.signal, record.rate, record.leads)], "3x4")
    mount_sheet(sheet, Looks(describe(record, sheet, "3x4"), of=record.digest[:16]), key="map_paper")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{shown_name(record.name)}** · {whole.table['labels'][row]}", width="content")
        if st.button(
            "Open in Inspect", key="map_inspect", icon=":material/cardiology:", on_click=_hand_over, args=(record,)
        ):
            st.switch_page("pages/inspect.py")
    _said(asked, str(keys[row]))


def _hand_over(record: Record) -> None:
    """Make a record what Inspect shows, in this session alone."""
    st.session_state[f"{UPLOAD} kept"] = Reading((record,), ())


def _said(asked: Asked, key: str) -> None:
    """Show what the arm with most to say said of a record, where it was scored on it."""
    try:
        facts = asked.facts()
        said = asked.said(facts["paper"][-1], key) if facts else None
    except EcgError as error:
        st.caption(shown_name(str(error), 300))
        return
    if facts and said:
        st.caption(f"{facts['paper'][-1]}, by the run that never saw this record:")
        table = pd.DataFrame(said[:_LIKELIEST])
        columns = {
            "probability": st.column_config.ProgressColumn(min_value=0.0, max_value=1.0, format="%.3f"),
            "threshold": st.column_config.NumberColumn(format="%.3f"),
        }
        st.dataframe(
            table, hide_index=True, column_config=columns, alt="Likeliest classes of the record.", key="map_said"
        )
