"""Which of the released models speaks."""

import streamlit as st

from ecgssl_core.errors import BundleError
from ecgssl_core.inference.card import BundleCard, default_model, find_models, read_card
from pages.parts.keys import MODEL
from pages.parts.lead_on import lead_on
from pages.parts.names import plain_text, shown_name
from pages.parts.terms import help_on


def choose_model() -> BundleCard | None:
    """Give the card of the model that is used, chosen where there are several; None if there is none that works."""
    cards: dict[str, BundleCard] = {}
    for folder in find_models():
        try:
            cards.setdefault(folder.name, read_card(folder))
        except BundleError as error:
            st.warning(shown_name(str(error), 300), icon=":material/broken_image:")
    if len(cards) < 2:
        return next(iter(cards.values()), None)
    names = sorted(cards)
    usual = default_model().name
    first = names.index(usual) if usual in cards else 0
    chosen = st.selectbox(
        "Model", names, first, format_func=plain_text, key=MODEL, bind="query-params", help=help_on("Bundle")
    )
    return cards[chosen]


def show_no_model() -> None:
    """Say that nothing is predicted, and what leads to a model."""
    broken = bool(find_models())
    st.info(
        "The models here cannot be used, so nothing is predicted; Models says what is wrong with each."
        if broken
        else "There is no model here yet, so nothing is predicted; bring one in on Models, or train and release one.",
        icon=":material/deployed_code:",
    )
    with st.container(horizontal=True):
        lead_on("models", "Models", ":material/deployed_code:")
        lead_on("train", "Train", ":material/model_training:")
