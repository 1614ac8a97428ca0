"""Switches and sliders for every transformation of the views, made from the typed settings: texts, units, limits."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

import streamlit as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ecgssl_core.settings import (
    DisturbanceSettings,
    InputSettings,
    Modality,
    SpectrogramViews,
    TimeViews,
    ViewSettings,
    unit_of,
)
from pages.parts import view_state
from pages.parts.view_state import WIDGET

STEP_S = 0.01  # of sliders in seconds
# switches whose settings do not begin with their name
SWITCHES = {
    "lead_keep": "lead_masking", "frequency_bins": "frequency_cutout", "rectangle": "cutout",
    "global_low": "stretch", "local_low": "stretch",
}  # fmt: skip
MODIFIERS = ("keep_limb_leads", "log_spectrogram")  # no transformations of their own
USUAL = 4  # a slider in mV ends at so many times the usual value, though a TOML may hold more
PARTS: dict[str, tuple[str, type[BaseModel]]] = {
    "views": ("Views and whole leads", ViewSettings),
    "views.time": ("Crops, cut-out and Gaussian noise", TimeViews),
    "views.disturb": ("Disturbances and masked spans", DisturbanceSettings),
    "views.spectrogram": ("Crops and cut-outs", SpectrogramViews),
    "input": ("What the network reads", InputSettings),
}
SHOWN: dict[Modality, tuple[str, ...]] = {
    "time": ("views.time", "views.disturb", "views", "input"),
    "spectrogram": ("views.spectrogram", "views", "input"),
}
SEEN_INPUT: dict[Modality, tuple[str, ...]] = {
    "time": ("highpass_hz",),
    "spectrogram": ("highpass_hz", "stft_window", "stft_overlap", "log_spectrogram"),
}


def view_form(modality: Modality) -> None:
    """Draw the switches and sliders of one modality's views; what they stand at is kept in the session."""
    for place, part in enumerate(SHOWN[modality]):
        title, kind = PARTS[part]
        names = SEEN_INPUT[modality] if part == "input" else _own(kind)
        active = sum(_on(part, kind, name) for name in names)
        words = f"{title} · {active} on" if active else title
        with st.expander(words, expanded=place == 0, key=f"part {part}"):
            st.caption(str(kind.__doc__))
            _block(part, kind, names)


def _own(kind: type[BaseModel]) -> tuple[str, ...]:
    return tuple(name for name, field in kind.model_fields.items() if not _is_part(field))


def _is_part(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)


def _on(part: str, kind: type[BaseModel], name: str) -> bool:
    switch = kind.model_fields[name].annotation is bool and not switch_of(name, kind.model_fields)
    return switch and name not in MODIFIERS and bool(view_state.standing(f"{part}.{name}"))


def switch_of(name: str, fields: Mapping[str, FieldInfo]) -> str:
    """Give the switch that a setting depends on, or an empty text."""
    if name in SWITCHES:
        return SWITCHES[name] if SWITCHES[name] in fields else ""
    switches = (one for one, field in fields.items() if field.annotation is bool and one != name)
    return next((switch for switch in switches if name.startswith(f"{switch}_")), "")


def _block(part: str, kind: type[BaseModel], names: Sequence[str]) -> None:
    """Draw what depends on no switch, and each switch with, while it is on, what depends on it."""
    fields = kind.model_fields
    for name in names:
        if switch_of(name, fields) or "_high" in name:
            continue
        _widget(part, kind, name)
        if fields[name].annotation is bool and view_state.standing(f"{part}.{name}"):
            for other in names:
                if switch_of(other, fields) == name and not _is_upper(other, fields):
                    _widget(part, kind, other)


def _is_upper(name: str, fields: Mapping[str, FieldInfo]) -> bool:
    return "_high" in name and name.replace("_high", "_low") in fields


def _widget(part: str, kind: type[BaseModel], name: str) -> None:
    field, dotted = kind.model_fields[name], f"{part}.{name}"
    upper = name.replace("_low", "_high")
    help_text = f"`{dotted}` in a TOML of settings."
    if field.annotation is bool:
        _standing(dotted, 1.0)
        view_state.put(dotted, st.toggle(str(field.description), key=WIDGET + dotted, help=help_text, wrap=True))
    elif get_origin(field.annotation) is Literal:
        options = list(get_args(field.annotation))
        _standing(dotted, 1.0)
        label = _labelled(str(field.description), unit_of(field))
        view_state.put(dotted, st.selectbox(label, options, key=WIDGET + dotted, help=help_text))
    elif "_low" in name:
        _range(field, kind.model_fields[upper], dotted, dotted.replace("_low", "_high"))
    else:
        _slider(field, dotted, help_text)


def _slider(field: FieldInfo, dotted: str, help_text: str) -> None:
    scale, unit = _scale(field)
    _standing(dotted, scale)
    low, high, step, shape = _limits(field, scale, st.session_state[WIDGET + dotted])
    shown = st.slider(
        _labelled(str(field.description), unit), low, high, step=step, format=shape, key=WIDGET + dotted, help=help_text
    )
    view_state.put(dotted, _from_shown(shown, field, scale))


def _range(field: FieldInfo, upper: FieldInfo, low_name: str, high_name: str) -> None:
    """Draw both ends of a range as one slider: neither can pass the other."""
    scale, unit = _scale(field)
    key = WIDGET + low_name
    if key not in st.session_state:
        st.session_state[key] = tuple(_to_shown(view_state.standing(name), scale) for name in (low_name, high_name))
    low, high, step, shape = _limits(upper, scale, max(st.session_state[key]))
    first, _, rest = str(field.description).partition(" ")
    label = _labelled(f"{first} to {str(upper.description).split()[0].lower()} {rest}", unit)
    text = f"`{low_name}` and `{high_name.rpartition('.')[2]}` in a TOML of settings."
    ends = st.slider(label, low, high, step=step, format=shape, key=key, help=text)
    for name, end in zip((low_name, high_name), ends, strict=True):
        view_state.put(name, _from_shown(end, field, scale))


def _standing(dotted: str, scale: float) -> None:
    """Give a widget that is drawn anew the value at which it stood."""
    if WIDGET + dotted not in st.session_state:
        value = view_state.standing(dotted)
        st.session_state[WIDGET + dotted] = value if isinstance(value, bool | str) else _to_shown(value, scale)


def _scale(field: FieldInfo) -> tuple[float, str]:
    """Give by what a setting is multiplied to be shown, and in which unit: samples as seconds, shares as per cent."""
    unit = unit_of(field)
    if unit.startswith("samples"):
        return 1 / float(view_state.standing("input.rate")), "s"
    if not unit and field.annotation is float and _limit(field, "le", "lt") <= 1:
        return 100.0, "%"
    return 1.0, unit


def _to_shown(value: float, scale: float) -> Any:
    return value if scale == 1 and isinstance(value, int) else round(float(value) * scale, 4)


def _from_shown(shown: float, field: FieldInfo, scale: float) -> Any:
    value = shown / scale
    return round(value) if field.annotation is int else round(value, 6)


def _limits(field: FieldInfo, scale: float, stands: float) -> tuple[Any, Any, Any, str]:
    """Give both ends of a slider, its step, and how its numbers are written."""
    low, high = _limit(field, "ge", "gt") * scale, _limit(field, "le", "lt") * scale
    if field.annotation is int and scale == 1:
        return int(low), int(high), 1, "%d"
    if field.annotation is int:
        return round(low, 2), round(high, 2), STEP_S, "%.2f"
    if unit_of(field) == "mV":
        high = min(high, max(USUAL * float(field.default), stands))
    step = 1.0 if scale == 100 or high > 3 else 0.001 if high <= 0.5 else 0.01
    return float(max(low, step) if _is_open(field) else low), float(high), step, "%g"


def _is_open(field: FieldInfo) -> bool:
    return any(hasattr(rule, "gt") for rule in field.metadata)


def _limit(field: FieldInfo, *names: str) -> float:
    return float(next(getattr(rule, name) for rule in field.metadata for name in names if hasattr(rule, name)))


def _labelled(text: str, unit: str) -> str:
    return f"{text} ({unit})" if unit else text
