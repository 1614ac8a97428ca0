"""What the model says of a record, why, and what of it can be taken away."""

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.inference.card import BundleCard
from ecgssl_core.records import Reading, Record
from pages.parts.batch import show_batch
from pages.parts.cache import predicted
from pages.parts.case import Case
from pages.parts.findings import show_findings
from pages.parts.names import shown_name
from pages.parts.out import offer_json
from pages.parts.why import show_why


def show_answer(record: Record, card: BundleCard, reading: Reading | None, *, anyway: bool) -> None:
    """Show what a model says of a record; of several records, also a table of them all.

    Args:
        record: the one that is looked at.
        card: of the model.
        reading: all that was uploaded; None for a sample.
        anyway: speak where the quality forbids it.
    """
    try:
        prediction = predicted(record, card.folder, anyway)
    except EcgError as error:
        st.error(shown_name(str(error), 300), icon=":material/error:")
        st.page_link("pages/models.py", label="Models", icon=":material/deployed_code:")
        return
    if prediction is None:
        return
    show_findings(prediction)
    if prediction.abstained is None:
        show_why(Case(record, card, prediction))
    st.subheader("Out", anchor=False)
    if reading and len(reading.records) > 1:
        show_batch(reading, card.folder)
    else:
        offer_json([prediction], reading.refused if reading else ())
