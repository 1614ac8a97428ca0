"""The published numbers, as a table that comes with the program."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ecgssl_core.evaluation import METRICS

SOURCE = "Phan et al. 2022, IEEE BHI, arXiv:2210.06297"


@dataclass(frozen=True)
class Published:
    """One row of the paper: its table ("I" or "II"), its setup, and its metrics in percent, None where it has none."""

    table: str
    setup: str
    values: dict[str, float | None]

    @property
    def is_quoted(self) -> bool:
        """Whether the row quotes another group's figures."""
        return self.setup.startswith("[")


@cache
def published(table: str) -> tuple[Published, ...]:
    """Give the rows of Table "I" or "II" in the paper's order."""
    text = (files("ecgssl_core") / "report" / "paper_phan2022.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        Published(row["table"], row["setup"], {name: float(row[name]) if row[name] else None for name in METRICS})
        for row in rows
        if row["table"] == table
    )
