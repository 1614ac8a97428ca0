"""What Views is set to: a preset and what was changed of it, kept in the session and carried by the address."""

from functools import cache
from typing import Any

import streamlit as st

from ecgssl_core.errors import SettingsError
from ecgssl_core.settings import Settings, load_preset, override, parse_settings, preset_names, setting_names
from pages.parts.job_words import changes, value_of
from pages.parts.keys import VIEW_BASE, VIEW_VALUES

FIRST = "quick-time"
PRESET, MODALITY = "view preset", "modality"  # widgets of what Views begins with
PARTS = ("views.", "input.")
WIDGET = "tune "  # before the dotted name of a setting, its widget's key


def begin() -> str | None:
    """Set what the address says, on the first run of a session; give a sentence where it says what cannot be."""
    if VIEW_BASE in st.session_state:
        return None
    name = st.query_params.get("preset", FIRST)
    try:
        base = load_preset(name if name in preset_names() else FIRST)
        _start_with(base)
        if name != base.preset:
            raise SettingsError(f"The address names a preset that does not exist; {FIRST} is shown.")
        words = [f"{key}={value}" for key, value in st.query_params.items() if key.startswith(PARTS)]
        modality = st.query_params.get("modality")
        changed = override(base, [*words, *([f"modality={modality}"] if modality else [])])
    except SettingsError as error:
        return str(error)
    _keep(changed)
    return None


@cache
def view_presets() -> tuple[str, ...]:
    """List the presets that train on views, the first one first."""
    found = [name for name in preset_names() if load_preset(name).pretrains]
    return tuple(sorted(found, key=lambda name: (name != FIRST, name)))


def base() -> Settings:
    """Give the settings that Views began with."""
    settings: Settings = st.session_state[VIEW_BASE]
    return settings


def standing(name: str) -> Any:
    """Give what a setting stands at, by its dotted name."""
    return st.session_state[VIEW_VALUES].get(name, value_of(base(), name))


def put(name: str, value: Any) -> None:
    """Set a setting, by its dotted name."""
    st.session_state[VIEW_VALUES][name] = value


def settings() -> Settings:
    """Give the whole of the settings as they stand.

    Raises:
        SettingsError: two do not fit together.
    """
    values = {**st.session_state[VIEW_VALUES], "modality": st.session_state[MODALITY]}
    return override(base(), changes(base(), values))


def take_preset(name: str) -> None:
    """Begin anew with a preset."""
    _start_with(load_preset(name))


def take_text(text: str) -> None:
    """Begin anew with a TOML of one's own.

    Raises:
        SettingsError: it is no TOML, or holds an unknown key or a value out of its limits.
    """
    settings = parse_settings(text, "The file")
    known = settings.preset if settings.preset in view_presets() else FIRST
    _start_with(settings.model_copy(update={"preset": known}))


def tell_address() -> None:
    """Write the preset and each setting that differs from it into the address, and nothing of the record."""
    preset = load_preset(base().preset)
    now = {name: standing(name) for name in setting_names() if name.startswith(PARTS)}
    words = (word.partition("=") for word in changes(preset, now))
    wanted = {"preset": preset.preset, **{key: text for key, _, text in words}}
    for key in [key for key in st.query_params if key.startswith(PARTS) and key not in wanted]:
        del st.query_params[key]
    for key, text in wanted.items():
        if st.query_params.get(key) != text:
            st.query_params[key] = text


def _start_with(settings: Settings) -> None:
    st.session_state[PRESET], st.session_state[MODALITY] = settings.preset, settings.modality
    st.session_state[VIEW_BASE] = settings
    st.session_state[VIEW_VALUES] = {}
    for key in [key for key in st.session_state if str(key).startswith(WIDGET)]:
        del st.session_state[key]


def _keep(changed: Settings) -> None:
    st.session_state[MODALITY] = changed.modality
    for name in setting_names():
        if name.startswith(PARTS) and value_of(changed, name) != value_of(base(), name):
            put(name, value_of(changed, name))
