"""Compare: two records over each other, what is measured on each, whether of one patient, what a model says."""

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.records import is_scaled
from pages.parts.cache import looked, predicted
from pages.parts.differences import difference_rows, show_differences
from pages.parts.interval_differences import interval_differences, show_interval_differences
from pages.parts.model_choice import choose_model, show_no_model
from pages.parts.names import shown_name
from pages.parts.overlay import show_overlay
from pages.parts.pair import choose_pair
from pages.parts.pair_out import offer_differences
from pages.parts.pending import leave
from pages.parts.quality_row import show_quality
from pages.parts.same_patient import show_same_patient

st.title("Compare")
(first, second), marks = choose_pair()
if first is None or second is None:
    st.info("Two records are needed: remove the files that gave none to return to the sample, or drop others.")
    leave()

st.subheader("Over each other", anchor=False)
show_overlay(first, second)

st.subheader("Intervals", anchor=False)
found = [looked(record) if is_scaled(record) else None for record in (first, second)]
for place, record, one in zip(marks, (first, second), found, strict=True):
    if one is not None:
        with place:  # stands above the paper, and is worked out once that is on its way
            show_quality(record, one[0])
if not (is_scaled(first) and is_scaled(second)):
    st.info("Intervals, and what a model says, are compared once unit and rate of both records are known.")
    leave()
if found[0] is None or found[1] is None:
    leave()
show_interval_differences(found[0][1], found[1][1])

st.subheader("Same patient?", anchor=False)
alike = show_same_patient(first, second)

st.subheader("What the model says", anchor=False)
card, said = choose_model(), None
if card is None:
    show_no_model()
else:
    try:
        both = [predicted(record, card.folder) for record in (first, second)]
        if both[0] is None or both[1] is None:
            leave()
        said = (both[0], both[1])
        show_differences(*said)
    except EcgError as error:
        st.error(shown_name(str(error), 300), icon=":material/error:")
offer_differences(
    (first, second), interval_differences(found[0][1], found[1][1]), said, difference_rows(*said) if said else [], alike
)
