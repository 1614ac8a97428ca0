"""Sliders for every transformation of the views, made from the typed settings: texts, units and limits are theirs."""

from typing import Any, get_origin

import streamlit as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ecgssl_core.settings import Modality, Settings, ViewSettings

# settings that a switch of another name turns on
SWITCHES = {"lead_keep": "lead_masking", "frequency_bins": "frequency_cutout"}
STRETCHED = ("global_low", "global_high", "local_low", "local_high")


def view_form(preset: Settings, modality: Modality) -> ViewSettings:
    """Draw the switches and sliders of one modality's views; give the settings that they stand at."""
    own = getattr(preset.views, modality)
    general = [name for name in ViewSettings.model_fields if name not in ("time", "spectrogram")]
    values = _widgets(preset.views, general, modality)
    part = _widgets(own, list(type(own).model_fields), modality)
    part |= {low: min(value, part[high]) for low, high, value in _pairs(part)}
    changed = {**values, modality: {**own.model_dump(), **part}}
    return ViewSettings.model_validate({**preset.views.model_dump(), **changed})


def _pairs(part: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """Give the lower and upper ends of ranges: a lower end above the upper one counts as equal to it."""
    return [(name, name.replace("_low", "_high"), value) for name, value in part.items() if "_low" in name]


def _widgets(settings: BaseModel, names: list[str], modality: str) -> dict[str, Any]:
    """Draw switches first, so that what a switch turns off can be greyed."""
    is_switch = {name: type(settings).model_fields[name].annotation is bool for name in names}
    values: dict[str, Any] = {}
    for name in sorted(names, key=lambda name: not is_switch[name]):
        idle = not is_switch[name] and not values.get(_switch_of(name, values), True)
        values[name] = _widget(settings, name, modality, idle)
    return values


def _switch_of(name: str, switches: dict[str, Any]) -> str:
    """Give the switch that a setting depends on, or an empty text."""
    return (
        SWITCHES.get(name)
        or ("stretch" if name in STRETCHED else "")
        or next((switch for switch in switches if name.startswith(f"{switch}_")), "")
    )


def _widget(settings: BaseModel, name: str, modality: str, idle: bool) -> Any:
    field, value = type(settings).model_fields[name], getattr(settings, name)
    extra = field.json_schema_extra
    unit = extra.get("unit", "") if isinstance(extra, dict) else ""
    label = f"{field.description} ({unit})" if unit else str(field.description)
    key = f"view {modality} {name}"
    if field.annotation is bool:
        return st.toggle(label, value, key=key, wrap=True)
    if get_origin(field.annotation) is not None:
        options = ["silence", "mean"]
        return st.selectbox(label, options, options.index(value), key=key, disabled=idle)
    low, high = _limit(field, "ge", "gt"), _limit(field, "le", "lt")
    kind = type(value)
    step = kind(1) if kind is int else (high - low) / 200
    return st.slider(
        label, kind(low), kind(high), value, step, format="%d" if kind is int else "%.3g", key=key, disabled=idle
    )


def _limit(field: FieldInfo, *names: str) -> float:
    return next(getattr(rule, name) for rule in field.metadata for name in names if hasattr(rule, name))
