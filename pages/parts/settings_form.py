"""A form made from the typed settings: descriptions, units, limits and defaults are theirs, none is repeated here."""

import math
from typing import Any, Literal, get_args, get_origin

import streamlit as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ecgssl_core.settings import Settings
from pages.parts.job_words import value_of

EVERYDAY = ("training.epochs", "training.batch", "optimiser.rate", "training.seed", "training.device")
COLUMNS = 3
Setting = tuple[str, FieldInfo]


def settings_form(preset: Settings) -> dict[str, Any]:
    """Draw a widget for every setting that the preset's training uses, and give the values by their dotted names."""
    parts = [part for part in _parts(Settings) if part[0] not in _unused(preset)]
    everyday = {name: field for _, _, fields in parts for name, field in fields if name in EVERYDAY}
    values = _grid(preset, [(name, everyday[name]) for name in EVERYDAY])
    with st.expander("Advanced", icon=":material/tune:"):
        for title, text, fields in parts:
            st.markdown(f"**{title.replace('.', ', ').capitalize()}**")
            st.caption(text)
            values |= _grid(preset, [setting for setting in fields if setting[0] not in EVERYDAY])
    return values


def _parts(kind: type[BaseModel], name: str = "") -> list[tuple[str, str, list[Setting]]]:
    """Give the parts of the settings, each before its own parts: dotted name, description, settings."""
    dot = f"{name}." if name else ""
    inner = [(f"{dot}{key}", field) for key, field in kind.model_fields.items()]
    own = [setting for setting in inner if not _is_part(setting[1].annotation)]
    found = [(name, str(kind.__doc__), own)] if name else []
    return found + [
        part for key, field in inner if _is_part(field.annotation) for part in _parts(field.annotation, key)
    ]


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _unused(preset: Settings) -> set[str]:
    """Give the parts that this training does not look at; what it is trained on is chosen above the form."""
    if preset.method == "baseline":
        return {"data", "input", "views", "views.time", "views.spectrogram", "distillation", "classifier"}
    seen = set(preset.classifier.modalities) if preset.method == "supervised" else {preset.modality}
    unseen = {f"views.{modality}" for modality in {"time", "spectrogram"} - seen}
    return {"data", "baseline", "distillation" if preset.method == "supervised" else "classifier", *unseen}


def _grid(preset: Settings, fields: list[Setting]) -> dict[str, Any]:
    values = {}
    for start in range(0, len(fields), COLUMNS):
        row = zip(st.columns(COLUMNS, vertical_alignment="bottom"), fields[start : start + COLUMNS], strict=False)
        for column, (name, field) in row:
            with column:
                values[name] = _widget(preset, name, field)
    return values


def _widget(preset: Settings, name: str, field: FieldInfo) -> Any:
    value, kind = value_of(preset, name), field.annotation
    unit = (field.json_schema_extra or {}).get("unit", "") if isinstance(field.json_schema_extra, dict) else ""
    label = f"{field.description} ({unit})" if unit else str(field.description)
    common = {"key": f"set {preset.preset} {name}", "help": f"`{name}`"}
    if kind is bool:
        return st.toggle(label, value, wrap=True, **common)
    if get_origin(kind) is Literal:
        options = list(get_args(kind))
        return st.selectbox(label, options, options.index(value), **common)
    if get_origin(kind) is tuple:
        options = list(get_args(get_args(kind)[0]))
        return tuple(st.pills(label, options, selection_mode="multi", default=value, **common))
    return _number(label, value, field, common)


def _number(label: str, value: float, field: FieldInfo, common: dict[str, str]) -> float:
    kind = type(value)
    low, high = _limit(field, "ge", "gt"), _limit(field, "le", "lt")
    common["help"] += f", {low:g} to {high:g}"
    shape = {"step": 1} if kind is int else {"step": _step(value), "format": "%g"}
    return st.number_input(label, kind(low), kind(high), value, **shape, **common)


def _limit(field: FieldInfo, *names: str) -> float:
    return next(getattr(rule, name) for rule in field.metadata for name in names if hasattr(rule, name))


def _step(value: float) -> float:
    # one digit of the value that stands there: 0.0005 moves by 0.0001
    return 10.0 ** math.floor(math.log10(abs(value))) if value else 0.01
