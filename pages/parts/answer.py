"""What the model says of a record, why, and what of it can be taken away."""

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.inference.arranged import missing_leads
from ecgssl_core.inference.card import BundleCard
from ecgssl_core.records import Reading, Record, open_questions
from pages.parts.batch import show_batch
from pages.parts.cache import predicted
from pages.parts.case import Case
from pages.parts.findings import show_findings
from pages.parts.keys import CLASS, CLASS_OF
from pages.parts.lead_on import lead_on
from pages.parts.model_choice import show_no_model
from pages.parts.names import shown_name
from pages.parts.other_model import offer_any_leads
from pages.parts.out import offer_out
from pages.parts.why import show_why
from pages.parts.why_gate import ask_early


def show_answer(record: Record, card: BundleCard | None, reading: Reading | None, *, anyway: bool) -> None:
    """Show what a model says of a record; of several records, also a table of them all.

    Args:
        record: the one that is looked at.
        card: of the model; None where there is none.
        reading: all that was uploaded; None for a sample.
        anyway: speak where the quality forbids it.
    """
    st.subheader("Findings", anchor=False)
    prediction = None
    if card is None:
        show_no_model()
    else:
        try:
            prediction = predicted(record, card.folder, anyway)
            if prediction is None and not anyway:  # Why will ask for it, if it opens with the gate
                ask_early(record, card)
        except EcgError as error:
            st.error(shown_name(str(error), 300), icon=":material/error:")
            lead_on("models", "Models", ":material/deployed_code:")
        else:
            if prediction is None:
                return
            _show(Case(record, card, prediction))
    st.subheader("Out", anchor=False)
    offer_out(record, prediction, card, reading.refused if reading else ())
    if card is not None and reading and len(reading.records) + len(reading.refused) > 1:
        show_batch(reading, card.folder)


def _show(case: Case) -> None:
    if st.session_state.get(CLASS_OF) != case.record.digest:  # another record begins with its own first finding
        st.session_state[CLASS_OF] = case.record.digest
        st.session_state.pop(CLASS, None)
    if open_questions(case.record):
        st.info("Shown, not scored: nothing is predicted until what the file leaves open is said above.")
        return
    show_findings(case.prediction)
    if case.prediction.abstained is None:
        show_why(case)
    elif missing_leads(case.card.manifest.spec, case.record.leads):
        offer_any_leads(case.card)
