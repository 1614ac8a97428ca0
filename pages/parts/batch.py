"""Many records at once: a row for each, and what a person takes away of all of them."""

from pathlib import Path

import pandas as pd
import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.records import Reading
from pages.parts.cache import predicted_all
from pages.parts.out import batch_rows, offer_json
from pages.parts.questions import told


def show_batch(reading: Reading, model: Path) -> None:
    """Show what the model says of every record of an upload, to be sorted and downloaded."""
    st.subheader(f"All {len(reading.records)} records", anchor=False)
    try:
        predictions = predicted_all([told(record) for record in reading.records], model)
    except EcgError as error:
        st.error(str(error))
        return
    table = pd.DataFrame(batch_rows(predictions))
    st.dataframe(table, hide_index=True, alt="What the model says of each record.", key="batch")
    with st.container(horizontal=True):
        offer_json(predictions, reading.refused)
        st.download_button("Table", table.to_csv(index=False), "findings.csv", "text/csv", icon=":material/download:")
