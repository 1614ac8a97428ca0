"""Which models are here: the one that is used by default, one taken in from a zip, and one removed again."""

import hashlib

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.inference.card import BUNDLES, BundleCard, choose_default, default_model
from ecgssl_core.inference.exchange import import_bundle, remove_model
from ecgssl_core.runs import data_root
from pages.parts.cache import service
from pages.parts.keys import IMPORTING
from pages.parts.names import shown_name
from pages.parts.pending import awaited, forget

LARGEST_MB = 64


def show_standing(card: BundleCard) -> None:
    """Say whether a model is the default and where it is from, with a way to change both."""
    used, imported = default_model() == card.folder, is_imported(card)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if used:
            st.badge("default", icon=":material/check:", color="green", help="Used where no model is named.")
        else:
            st.button(
                "Set as default",
                key="set_default",
                icon=":material/check_circle:",
                help="On all pages and the command line of this data folder, where no model is named.",
                on_click=choose_default,
                args=(card.folder.name,),
            )
        if imported:
            st.badge("imported", icon=":material/move_to_inbox:", color="blue", help="Its card is a stranger's text.")
            _offer_removal(card)
        else:
            st.badge("released here", icon=":material/home:", color="gray", help="A folder in `checkpoints`.")


def is_imported(card: BundleCard) -> bool:
    """Tell whether a model came as a zip; what it says of itself is then a stranger's text."""
    return card.folder.parent != BUNDLES


def show_import() -> None:
    """Take a model in from a zip; it is proved in the predicting process before it is listed."""
    file = st.file_uploader(
        "Zip of a model",
        type="zip",
        key="model_zip",
        max_upload_size=LARGEST_MB,
        help="As the Models page of a workbench exports it: model.json, model.safetensors and card.md.",
    )
    st.button(
        "Import", key="import_model", type="primary", disabled=file is None, on_click=_ask, icon=":material/upload:"
    )
    if file is None or not st.session_state.get(IMPORTING):
        return
    content = file.getvalue()
    key = f"{IMPORTING} {hashlib.sha256(content).hexdigest()}"
    root, prover = data_root(), service()
    try:
        folder = awaited(key, "Proving the model", lambda: import_bundle(content, root, prover.prove))
    except EcgError as error:
        st.session_state.pop(IMPORTING, None)
        st.error(shown_name(str(error), longest=300), icon=":material/gpp_bad:")
        return
    if folder is not None:
        st.session_state.pop(IMPORTING, None)
        forget(key)
        st.query_params["model"] = folder.name
        st.session_state["model"] = folder.name
        st.toast(f"{folder.name} is whole and gives its reference output here.", icon=":material/verified_user:")


def _ask() -> None:
    st.session_state[IMPORTING] = True


def _offer_removal(card: BundleCard) -> None:
    with st.popover("Remove", icon=":material/delete:", type="tertiary"):
        st.markdown(f"Remove **{shown_name(card.folder.name)}** from this workbench? Its zip can be imported again.")
        st.button("Remove it", key="remove_model", on_click=_remove, args=(card,))


def _remove(card: BundleCard) -> None:
    st.session_state.pop("model", None)
    remove_model(card.folder, data_root())
