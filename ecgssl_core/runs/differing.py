"""What tells runs apart: only those settings in which they differ."""

from collections.abc import Mapping
from typing import Any

from ecgssl_core.settings import Settings, setting_names


def differing(settings: Mapping[str, Settings]) -> dict[str, dict[str, Any]]:
    """Give each setting that is not the same in all runs: by its dotted name, then by the run's name.

    Args:
        settings: by the run's name.
    """
    values = {name: {run: value_of(one, name) for run, one in settings.items()} for name in setting_names()}
    return {name: found for name, found in values.items() if len({repr(value) for value in found.values()}) > 1}


def value_of(settings: Settings, name: str) -> Any:
    """Give a setting by its dotted name, such as `views.time.noise_high_mv`."""
    value: Any = settings
    for part in name.split("."):
        value = getattr(value, part)
    return value
