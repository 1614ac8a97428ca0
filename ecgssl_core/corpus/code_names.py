"""Diagnosis codes in words, those that are no class of any label set among them."""

import csv
from functools import cache
from importlib.resources import files

TABLE = "code_names.csv"


def code_name(code: str) -> str | None:
    """Give a SNOMED CT code in words, or None if it is not known here.

    The names are those of the tables of the PhysioNet/Computing in Cardiology Challenges 2020 and 2021, scored and
    unscored (BSD 2-Clause).
    """
    return _names().get(code)


@cache
def _names() -> dict[str, str]:
    text = (files("ecgssl_core") / "corpus" / TABLE).read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines(), strict=True)}
