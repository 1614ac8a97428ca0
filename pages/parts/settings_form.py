"""A form made from the typed settings: descriptions, units, limits and defaults are theirs, none is repeated here."""

import math
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

import streamlit as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ecgssl_core.errors import nearest
from ecgssl_core.runs import value_of
from ecgssl_core.settings import Settings
from pages.parts.names import shown_name

EVERYDAY = ("training.epochs", "training.batch", "optimiser.rate", "training.seed", "training.device")
# of what is trained on, all but this is chosen above the form
OF_PRETRAINING, OF_LABELS = "data.exposure", "data.label_share"
# parts of the settings that hold objectives, and which of them each objective reads; another one reads `contrast`
_OBJECTIVES = {"distillation", "local", "contrast", "identity", "classifier", "baseline"}
_READ = {
    "self_distillation": {"distillation"},
    "supervised": {"classifier"},
    "baseline": {"baseline"},
    "w2v": {"local"},
    "w2v_cmsc": {"local", "contrast"},
    "arcface": {"identity"},
}
COLUMNS = 3
MOST_FOUND = 12
Setting = tuple[str, FieldInfo]


def of_data(settings: Settings) -> str:
    """Give the one setting of the data that the form asks for: the others are chosen above it."""
    return OF_PRETRAINING if settings.pretrains else OF_LABELS


def settings_form(preset: Settings, changed: dict[str, Any]) -> None:
    """Draw a widget for each setting that the preset's training uses: everyday ones, and those found or unfolded.

    Args:
        preset: where the values begin.
        changed: values that differ from the preset's, by their dotted names; kept up to date, shown or not.
    """
    parts = _used(preset)
    everyday = {name: field for _, _, fields in parts for name, field in fields if name in EVERYDAY}
    _grid(preset, [(name, everyday[name]) for name in EVERYDAY if name in everyday], changed)
    sought = st.text_input(
        "Find a setting",
        key=f"find {preset.preset}",
        type="search",
        live=True,
        placeholder="noise, prototypes, weight decay …",
        help="By its name or its description, among all settings of this training.",
    )
    rest = [(title, text, [one for one in fields if one[0] not in EVERYDAY]) for title, text, fields in parts]
    if sought and sought.strip():
        _found(preset, sought.strip().lower(), [one for _, _, fields in rest for one in fields], changed)
        return
    advanced = st.expander("Advanced", icon=":material/tune:", key=f"advanced {preset.preset}", on_change="rerun")
    if advanced.open:
        with advanced:
            _group(preset, rest, changed)


def forget_widgets(preset: str) -> None:
    """Forget where the widgets of a preset stand, so that they begin anew."""
    for key in [key for key in st.session_state if str(key).startswith(f"set {preset} ")]:
        del st.session_state[key]


def _found(preset: Settings, sought: str, fields: list[Setting], changed: dict[str, Any]) -> None:
    words = sought.split()
    found = [
        (name, field)
        for name, field in fields
        if all(word in f"{name} {name.replace('_', ' ')} {field.description}".lower() for word in words)
    ]
    if not found:
        near = nearest(sought.replace(" ", "_"), [name.split(".")[-1] for name, _ in fields])
        hint = near.capitalize() if near.startswith("did") else "Try another word of it."
        st.info(f"No setting is called like “{shown_name(sought)}”. {shown_name(hint)}")
    _grid(preset, found[:MOST_FOUND], changed)
    if len(found) > MOST_FOUND:
        st.caption(f"{len(found) - MOST_FOUND} more; say it more exactly.")


def _group(preset: Settings, parts: list[tuple[str, str, list[Setting]]], changed: dict[str, Any]) -> None:
    texts = {title: (text, fields) for title, text, fields in parts if fields}

    def label(title: str) -> str:
        count = sum(name in changed for name, _ in texts[title][1])
        return f"{_spelt(title)} · {count} changed" if count else _spelt(title)

    title = st.pills(
        "Group", list(texts), default=next(iter(texts)), format_func=label, required=True, key=f"group {preset.preset}"
    )
    if title:
        text, fields = texts[title]
        st.caption(text)
        _grid(preset, fields, changed)


def _spelt(title: str) -> str:
    return title.replace(".", ", ").capitalize()


def _used(preset: Settings) -> list[tuple[str, str, list[Setting]]]:
    """Give the parts that this training looks at; of what it is trained on, only what is not chosen elsewhere."""
    own = of_data(preset)
    parts = [part for part in _parts(Settings) if part[0] not in _unused(preset)]
    return [(title, text, [one for one in fields if title != "data" or one[0] == own]) for title, text, fields in parts]


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
    """Give the parts that this training does not look at."""
    objectives = _OBJECTIVES - _READ.get(preset.method, {"contrast"})
    if preset.method == "baseline":
        return {"input", "encoder", "views", "views.time", "views.disturb", "views.spectrogram", *objectives}
    seen = set(preset.classifier.modalities) if preset.method == "supervised" else {preset.modality}
    unseen = {f"views.{modality}" for modality in {"time", "spectrogram"} - seen}
    return objectives | unseen


def _grid(preset: Settings, fields: list[Setting], changed: dict[str, Any]) -> None:
    for start in range(0, len(fields), COLUMNS):
        row = zip(st.columns(COLUMNS, vertical_alignment="bottom"), fields[start : start + COLUMNS], strict=False)
        for column, (name, field) in row:
            with column:
                _keep(changed, name, value_of(preset, name), _widget(preset, name, field, changed))


def _keep(changed: dict[str, Any], name: str, base: Any, value: Any) -> None:
    if value == base:
        changed.pop(name, None)
    elif value is not None:
        changed[name] = value


def _widget(preset: Settings, name: str, field: FieldInfo, changed: Mapping[str, Any]) -> Any:
    base, kind = value_of(preset, name), field.annotation
    unit = (field.json_schema_extra or {}).get("unit", "") if isinstance(field.json_schema_extra, dict) else ""
    label = f"{field.description} ({unit})" if unit else str(field.description)
    key = f"set {preset.preset} {name}"
    if key not in st.session_state:
        # no default is given to the widget itself: it would argue with what a preset or a file says
        st.session_state[key] = changed.get(name, base)
    common = {"key": key, "help": f"`{name}`, {_said(base)} in the preset"}
    if kind is bool:
        return st.toggle(label, wrap=True, **common)
    if get_origin(kind) is Literal:
        return st.selectbox(label, list(get_args(kind)), **common)
    if get_origin(kind) is tuple:
        return tuple(st.pills(label, list(get_args(get_args(kind)[0])), selection_mode="multi", **common))
    return _number(label, base, field, common)


def _number(label: str, base: float, field: FieldInfo, common: dict[str, str]) -> float | None:
    kind = int if field.annotation is int else float
    low, high = _limit(field, "ge", "gt"), _limit(field, "le", "lt")
    common["help"] += f"; {low:g} to {high:g}"
    shape = {"step": 1} if kind is int else {"step": _step(base), "format": "%g"}
    return st.number_input(label, kind(low), kind(high), **shape, **common)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return " and ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _limit(field: FieldInfo, *names: str) -> float:
    return next(getattr(rule, name) for rule in field.metadata for name in names if hasattr(rule, name))


def _step(value: float) -> float:
    # one digit of the value that stands there: 0.0005 moves by 0.0001
    return 10.0 ** math.floor(math.log10(abs(value))) if value else 0.01
