"""Models: each with its card, scores, inputs and size, whether it is whole, and its ways into other hands."""

import streamlit as st

from pages.parts.model_choice import choose_model
from pages.parts.model_pair import show_pair
from pages.parts.model_sheet import card_words, show_classes, show_figures, show_input, show_integrity, show_scores
from pages.parts.model_shelf import is_imported, show_import, show_standing
from pages.parts.model_use import offer_bundle, offer_onnx, show_lines
from pages.parts.names import shown_name
from pages.parts.pending import leave

st.title("Models")
sheet, taking = st.container(), st.expander("Import a model", icon=":material/move_to_inbox:")
with taking:  # before the choice, in which an imported model is to be found at once
    show_import()
with sheet:
    card = choose_model()
    if card is None:
        st.info("There is no model yet. Finish a fine-tuning on the Train page, then release its run, or import one:")
        st.code("python -m ecgssl_core release RUN checkpoints/NAME", language="bash", wrap_lines=True)
        st.page_link("pages/train.py", label="Train a model", icon=":material/model_training:")
        leave()
    st.subheader(f"{shown_name(card.name)} {shown_name(card.manifest.version)}", anchor=False)
    whole = show_integrity(card)
    show_standing(card)
    show_figures(card)
    titles = ["Card", "Scores", "Classes", "Input", "Compare", "Use", "Export"]
    text, scores, classes, reads, pair, use, export = st.tabs(titles)
with text:
    if whole and not is_imported(card):
        st.markdown(card_words(card))
    else:
        # a card that somebody changed or sent is shown as it is written: nothing in it may become a link or a picture
        st.code(card.text, language=None, wrap_lines=True)
    st.download_button(
        "Card", card.text, f"{card.folder.name}-card.md", "text/markdown", icon=":material/download:", on_click="ignore"
    )
with scores:
    show_scores(card)
with classes:
    show_classes(card)
with reads:
    show_input(card)
with pair:
    show_pair(card)
with use:
    show_lines(card)
with export:
    offer_bundle(card, whole)
    offer_onnx(card)
