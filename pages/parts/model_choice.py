"""Which of the released models speaks."""

import streamlit as st

from ecgssl_core.errors import BundleError
from ecgssl_core.inference.card import BundleCard, default_model, find_models, read_card


def choose_model() -> BundleCard | None:
    """Give the card of the model that is used, chosen where there are several; None if there is none that works."""
    cards: dict[str, BundleCard] = {}
    for folder in find_models():
        try:
            cards.setdefault(folder.name, read_card(folder))
        except BundleError as error:
            st.warning(str(error))
    if len(cards) < 2:
        return next(iter(cards.values()), None)
    names = sorted(cards)
    usual = default_model().name
    first = names.index(usual) if usual in cards else 0
    chosen = st.selectbox("Model", names, first, key="model", bind="query-params", help="Released or imported.")
    return cards[chosen]
