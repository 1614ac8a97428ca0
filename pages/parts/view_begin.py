"""What the views begin with: a preset, or a TOML of one's own; and the modality."""

import streamlit as st

from ecgssl_core.errors import SettingsError
from ecgssl_core.settings import Modality
from pages.parts.terms import help_on
from pages.parts.view_state import MODALITY, PRESET, begin, take_preset, take_text, view_presets

OWN = "view toml"
SAID = "view said"  # the sentence about a TOML that was refused


def choose_beginning() -> Modality:
    """Draw the choices, show what is wrong with the address or a TOML, and give the modality."""
    said = begin() or st.session_state.get(SAID)
    st.selectbox("Start from the preset", view_presets(), key=PRESET, on_change=_preset, help=help_on("Preset"))
    with st.expander("Settings of your own", icon=":material/upload_file:"):
        st.file_uploader("TOML, as Train takes it and this page gives it", "toml", key=OWN, on_change=_own)
    if said:
        st.error(said)
    modality: Modality = st.segmented_control(
        "Views of", ["time", "spectrogram"], required=True, key=MODALITY, bind="query-params", width="stretch",
        format_func={"time": "Time", "spectrogram": "Spectrogram"}.__getitem__,
    )  # fmt: skip
    return modality


def _preset() -> None:
    st.session_state.pop(SAID, None)
    take_preset(st.session_state[PRESET])


def _own() -> None:
    st.session_state.pop(SAID, None)
    file = st.session_state[OWN]
    if file is None:
        return
    try:
        take_text(file.getvalue().decode())
    except UnicodeDecodeError:
        st.session_state[SAID] = "The file is no text in UTF-8, as TOML is."
    except SettingsError as error:
        st.session_state[SAID] = str(error)
