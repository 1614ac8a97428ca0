"""What runs were set to, as far as they differ."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ecgssl_core.report.words import NONE
from ecgssl_core.settings import Settings


def settings_differences(runs: Mapping[str, Settings]) -> pd.DataFrame:
    """Give one row a setting that is not the same in all runs, one column a run; a dash where a run lacks it.

    Args:
        runs: settings by the run's name.
    """
    flat = {name: _flat(settings.model_dump(mode="json")) for name, settings in runs.items()}
    keys = dict.fromkeys(key for values in flat.values() for key in values)
    rows = {key: [values.get(key, NONE) for values in flat.values()] for key in keys}
    apart = {key: values for key, values in rows.items() if len(set(values)) > 1}
    table = pd.DataFrame.from_dict(apart, orient="index", columns=list(flat), dtype="str")
    return table.rename_axis("setting").reset_index()


def _flat(tree: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Give the leaves of a tree as text, by their dotted names."""
    found: dict[str, str] = {}
    for key, value in tree.items():
        name = f"{before}{key}"
        if isinstance(value, dict):
            found |= _flat(value, f"{name}.")
        else:
            found[name] = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return found
