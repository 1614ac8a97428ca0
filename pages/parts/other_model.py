"""The way to the model that reads records with fewer leads, where the chosen one cannot."""

import streamlit as st

from ecgssl_core.errors import BundleError
from ecgssl_core.inference.card import BundleCard, named_model, read_card, reads_fewer
from pages.parts.keys import MODEL
from pages.parts.names import plain_text


def any_leads_card() -> BundleCard | None:
    """Give the card of the model that reads records with fewer leads; None where there is none that works."""
    name = reads_fewer()
    try:
        return read_card(named_model(name)) if name else None
    except BundleError:
        return None  # whoever chooses it is told


def offer_any_leads(card: BundleCard) -> None:
    """Offer to ask the model that reads fewer leads in place of one that does not."""
    able = None if card.manifest.spec.fewer_leads else any_leads_card()
    if able is None:
        return
    label = f"Ask {plain_text(able.folder.name)}"
    st.button(label, key="any leads", icon=":material/swap_horiz:", on_click=_choose, args=(able.folder.name,))


def _choose(name: str) -> None:
    st.session_state[MODEL] = name
