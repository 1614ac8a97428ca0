"""Where Train's form begins: with a preset, with a run that is cloned, or with settings from a TOML text."""

from pathlib import Path
from typing import Any

import streamlit as st

from ecgssl_core.errors import EcgError, SettingsError
from ecgssl_core.runs import value_of
from ecgssl_core.settings import Settings, load_preset, parse_settings, preset_names, setting_names
from pages.parts.keys import CHANGED, FOLD, PACK, PRESET, START, TRAIN_WITH
from pages.parts.names import shown_name
from pages.parts.settings_form import forget_widgets, of_data

FORMS = ("One training", "Cross-validation", "Ablation")
FURTHER, ENCODERS, SOURCE = "train_further", "train_encoders", "train_source"  # keys of widgets
FIRST_PRESET = "quick-time"
CLOSING = "train_closing"
_LONGEST = 300


def begin_with(text: str) -> None:
    """Fill the form with settings in TOML, and show it; what is wrong with them is said in its place."""
    try:
        settings = parse_settings(text)
        base = preset_of(settings)
    except EcgError as error:
        st.error(shown_name(f"These settings cannot be used: {error}", _LONGEST))
        return
    kept = st.session_state.setdefault(CHANGED, {})
    forget_widgets(base.preset)
    kept[base.preset] = _differences(base, settings)
    data = settings.data
    places: dict[str, Any] = {
        START: FORMS[0],
        PRESET: base.preset,
        FOLD: data.fold,
        FURTHER: [Path(path).name for path in data.unlabelled],
        ENCODERS: list(data.encoders),
        SOURCE: data.source,
    }
    if data.pack:
        places[PACK] = Path(data.pack).name
    st.session_state.update(places)


def take_up() -> None:
    """Fill the form with what another page, or a run that is cloned, has left for it."""
    if st.session_state.pop(CLOSING, False):
        st.session_state[START] = None
    text = st.session_state.pop(TRAIN_WITH, None)
    if text is not None:
        begin_with(text)


def close_form() -> None:
    """Hide the form in the next run of the page: what it has started is what matters then."""
    st.session_state[CLOSING] = True


def clone(text: str) -> None:
    """Leave settings in TOML for the form, to be taken up in the next run of the page."""
    st.session_state[TRAIN_WITH] = text


def changed_of(preset: str) -> dict[str, Any]:
    """Give what was changed of a preset in the form, by dotted names; kept in the session, page or not."""
    changed: dict[str, Any] = st.session_state.setdefault(CHANGED, {}).setdefault(preset, {})
    return changed


def back_to(preset: str) -> None:
    """Forget what was changed of a preset."""
    changed_of(preset).clear()
    forget_widgets(preset)


def preset_of(settings: Settings) -> Settings:
    """Give the preset that settings are told as differences from: the one they name, or the one most like it.

    Raises:
        SettingsError: no preset does this kind of training.
    """
    names = preset_names()
    presets = [load_preset(name) for name in (settings.preset, FIRST_PRESET, *reversed(names)) if name in names]
    fitting = [one for one in presets if _kind(one) == _kind(settings)]
    if not fitting:
        raise SettingsError("No preset does this kind of training; start it from the command line.")
    return fitting[0]


def only_offered(key: str, options: list[Any]) -> None:
    """Take out of a widget's state what it does not offer any more: another pack has other folds."""
    if key not in st.session_state:
        return
    value = st.session_state[key]
    if isinstance(value, list):
        st.session_state[key] = [one for one in value if one in options]
    elif value not in options:
        del st.session_state[key]


def _kind(settings: Settings) -> tuple[str, str]:
    return settings.method, settings.modality if settings.pretrains else ""


def _differences(base: Settings, settings: Settings) -> dict[str, Any]:
    names = [name for name in setting_names() if "." in name and not name.startswith("data.")]
    pairs = {name: value_of(settings, name) for name in [*names, of_data(base)]}
    return {name: value for name, value in pairs.items() if value != value_of(base, name)}
