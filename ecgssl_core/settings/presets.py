"""Presets in TOML to settings, and back; what a value means is not known here."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel, ValidationError

from ecgssl_core.errors import SettingsError, nearest

from .whole import Settings


def preset_names() -> list[str]:
    """List the presets that come with the program."""
    folder = files("ecgssl_core") / "presets"
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def load_preset(name: str) -> Settings:
    """Give the settings of a preset by its name, or of a TOML file by its path.

    Raises:
        SettingsError: there is no such preset, or it holds an unknown key or a value out of its limits.
    """
    if name.endswith(".toml"):
        return read_settings(Path(name))
    if name not in preset_names():
        raise SettingsError(f"There is no preset {name!r}: {nearest(name, preset_names())}")
    return parse_settings((files("ecgssl_core") / "presets" / f"{name}.toml").read_text(), name)


def read_settings(path: Path) -> Settings:
    """Give the settings in a TOML file.

    Raises:
        SettingsError: the file is missing, is no TOML, or holds an unknown key or a value out of its limits.
    """
    try:
        return parse_settings(path.read_text(), path.stem)
    except OSError as error:
        raise SettingsError(f"The settings file {path.name} cannot be read ({error.strerror}).") from error


def parse_settings(text: str, name: str = "") -> Settings:
    """Give the settings in a TOML text; what it leaves out keeps its default.

    Raises:
        SettingsError: the text is no TOML, or holds an unknown key or a value out of its limits.
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name or 'The text'} is not TOML: {error}.") from error
    return _checked(_merged({"preset": name, **tree}))


def _merged(tree: dict[str, Any]) -> dict[str, Any]:
    """Give a preset's tree laid over that of the preset that it is `like`.

    Raises:
        SettingsError: there is no such preset.
    """
    like = tree.pop("like", None)
    if like is None:
        return tree
    if like not in preset_names():
        raise SettingsError(f"There is no preset {like!r}: {nearest(str(like), preset_names())}")
    below = _merged(tomllib.loads((files("ecgssl_core") / "presets" / f"{like}.toml").read_text()))
    return _over(below, tree)


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    found = dict(below)
    for name, value in above.items():
        old = found.get(name)
        found[name] = _over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return found


def settings_text(settings: Settings) -> str:
    """Give the whole of the settings as TOML."""
    return tomli_w.dumps(settings.model_dump(mode="json"))


def override(settings: Settings, words: list[str]) -> Settings:
    """Give the settings with values replaced by words of the form `part.name=value`.

    Raises:
        SettingsError: a word has no `=`, names no setting, or its value is out of limits.
    """
    tree = settings.model_dump()
    for word in words:
        key, equals, text = word.partition("=")
        if not equals:
            raise SettingsError(f"{word!r} is not of the form part.name=value.")
        *parts, name = key.split(".")
        place: Any = tree
        for part in parts:
            if part not in place:
                raise SettingsError(f"There is no setting {key!r}: {nearest(key, setting_names())}")
            place = place[part]
        if not isinstance(place, dict) or name not in place or isinstance(place[name], dict):
            raise SettingsError(f"There is no setting {key!r}: {nearest(key, setting_names())}")
        place[name] = _value(text)
    return _checked(tree)


def setting_names(part: type[BaseModel] = Settings, prefix: str = "") -> list[str]:
    """List every setting in its dotted form, such as `views.time.noise_high_mv`."""
    names = []
    for name, field in part.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += setting_names(kind, f"{prefix}{name}.")
        else:
            names.append(f"{prefix}{name}")
    return names


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


_WHOLE, _NUMBER, _SWITCH = "it is not a whole number", "it is not a number", "it is neither true nor false"
# what the library that checks them would say in its own words
_PLAIN = {
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_parsing", "float_type", "finite_number"), _NUMBER),
    **dict.fromkeys(("bool_parsing", "bool_type"), _SWITCH),
    **dict.fromkeys(("list_type", "tuple_type"), "it is not a list, as in [1, 2]"),
    "string_type": "it is not a text",
    "literal_error": "it may be {expected}",
    "greater_than_equal": "it must be at least {ge:g}",
    "greater_than": "it must be more than {gt:g}",
    "less_than_equal": "it may be at most {le:g}",
    "less_than": "it must be less than {lt:g}",
}


def _checked(tree: dict[str, Any]) -> Settings:
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise SettingsError(f"There is no setting {key!r}: {nearest(key, setting_names())}") from error
        text = _PLAIN.get(first["type"], first["msg"].removeprefix("Value error, ")).format(**first.get("ctx", {}))
        what = f"The setting {key} is {first['input']!r}: " if key else "The settings do not fit together: "
        raise SettingsError(f"{what}{text[0].lower()}{text[1:]}.") from error
