"""Presets in TOML to frozen, typed settings with descriptions and limits; what a value means is not known here."""

from .networks import ClassifierSettings, EncoderSettings, Modality
from .objectives import BaselineSettings, ContrastSettings, DistillationSettings, IdentitySettings, LocalContextSettings
from .part import Part, unit_of
from .presets import load_preset, override, parse_settings, preset_names, read_settings, setting_names, settings_text
from .reading import DisturbanceSettings, InputSettings, SpectrogramViews, TimeViews, ViewSettings
from .running import DataSettings, OptimiserSettings, TrainingSettings
from .whole import Settings

__all__ = [
    "BaselineSettings",
    "ClassifierSettings",
    "ContrastSettings",
    "DataSettings",
    "DistillationSettings",
    "DisturbanceSettings",
    "EncoderSettings",
    "IdentitySettings",
    "InputSettings",
    "LocalContextSettings",
    "Modality",
    "OptimiserSettings",
    "Part",
    "Settings",
    "SpectrogramViews",
    "TimeViews",
    "TrainingSettings",
    "ViewSettings",
    "load_preset",
    "override",
    "parse_settings",
    "preset_names",
    "read_settings",
    "setting_names",
    "settings_text",
    "unit_of",
]
