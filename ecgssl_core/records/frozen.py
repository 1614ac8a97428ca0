"""Numbers that a command fitted once and that are kept in tables beside the code."""

import csv
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


@cache
def frozen_columns(table: str, columns: tuple[str, ...]) -> tuple[NDArray[np.float64], ...]:
    """Give columns of a table of this package as arrays, one value a row; an empty cell counts as 0."""
    text = files(__package__).joinpath("tables", table).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return tuple(np.array([float(row[column] or 0) for row in rows]) for column in columns)


@cache
def frozen_values(table: str) -> dict[str, float]:
    """Give a table of this package with the columns `name` and `value` as a mapping."""
    text = files(__package__).joinpath("tables", table).read_text(encoding="utf-8")
    return {row["name"]: float(row["value"]) for row in csv.DictReader(text.splitlines())}
