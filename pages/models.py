"""Models: each released model with its card, scores, inputs and size, and whether it is what was released."""

import streamlit as st

from pages.parts.frame import enter_frame
from pages.parts.model_choice import choose_model
from pages.parts.model_sheet import show_classes, show_figures, show_input, show_integrity, show_scores
from pages.parts.names import shown_name

enter_frame()
st.title("Models")
card = choose_model()
if card is None:
    st.info("There is no model in `checkpoints/` yet. Finish a fine-tuning on the Train page, then release its run:")
    st.code("python -m ecgssl_core release RUN checkpoints/NAME", language="bash", wrap_lines=True)
    st.page_link("pages/train.py", label="Train a model", icon=":material/model_training:")
    st.stop()

st.subheader(f"{shown_name(card.name)} {shown_name(card.manifest.version)}", anchor=False)
whole = show_integrity(card)
show_figures(card)
text, scores, classes, reads = st.tabs(["Card", "Scores", "Classes", "Input"])
with text:
    if whole:
        st.markdown(card.text.removeprefix(f"# {card.name}"))
    else:
        # a card that somebody changed is shown as it is written: nothing in it may become a link or a picture
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
