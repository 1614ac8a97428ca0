"""Label sets: which diagnosis codes are classes, in which order, and how the codes of a record become a row of them."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from ecgssl_core.errors import SettingsError, nearest

# the first release of CPSC 2018 writes its nine classes in words; the challenge's own translation into SNOMED CT
WORDS = {
    "Normal": "426783006",
    "AF": "164889003",
    "I-AVB": "270492004",
    "LBBB": "164909002",
    "RBBB": "59118001",
    "PAC": "284470004",
    "PVC": "164884008",
    "STD": "429622005",
    "STE": "164931005",
}


@dataclass(frozen=True)
class LabelSet:
    """Classes in their fixed order.

    Args:
        name: what the set is called in settings and bundles.
        codes: SNOMED CT code that stands for each class.
        names: each class in words.
        abbreviations: each class in a few letters, for tables and charts.
        equivalents: for each class the other codes that mean the same.
    """

    name: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    abbreviations: tuple[str, ...]
    equivalents: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.codes)

    def index(self, code: str) -> int | None:
        """Give the place of the class that a code belongs to, or None if it is not of this set."""
        for place, (first, others) in enumerate(zip(self.codes, self.equivalents, strict=True)):
            if code == first or code in others:
                return place
        return None

    def encode(self, codes: Iterable[str], unknown: Iterable[str] = ()) -> np.ndarray:
        """Give one record's row of the label matrix, int8 of shape (classes,): 1 present, 0 absent, -1 unknown.

        Codes outside the set are left out. A class that is both present and unknown is present.

        Args:
            codes: diagnosis codes of the record.
            unknown: codes of which nobody has said whether the record has them.
        """
        row = np.zeros(len(self), dtype=np.int8)
        for value, group in ((-1, unknown), (1, codes)):
            places = [place for code in group if (place := self.index(code)) is not None]
            row[places] = value
        return row


def snomed_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """Give what a header lists as diagnoses in SNOMED CT codes, each once, in its order; other words are left out."""
    translated = (WORDS.get(code.strip(), code.strip()) for code in codes)
    return tuple(dict.fromkeys(code for code in translated if code.isdecimal()))


def label_set_names() -> list[str]:
    """List the label sets that come with the program."""
    folder = files("ecgssl_core") / "corpus" / "classes"
    return sorted(item.name.removesuffix(".csv") for item in folder.iterdir() if item.name.endswith(".csv"))


@cache
def load_label_set(name: str) -> LabelSet:
    """Give a label set by its name.

    `cinc2020` holds the 24 scored classes of the PhysioNet/Computing in Cardiology Challenge 2020, three pairs of
    equivalent codes merged, in the order in which they first appear in the challenge's weight matrix.

    Raises:
        SettingsError: there is no such label set.
    """
    if name not in label_set_names():
        raise SettingsError(f"There is no label set {name!r}: {nearest(name, label_set_names())}")
    text = (files("ecgssl_core") / "corpus" / "classes" / f"{name}.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return LabelSet(
        name=name,
        codes=tuple(row["code"] for row in rows),
        names=tuple(row["name"] for row in rows),
        abbreviations=tuple(row["abbreviation"] for row in rows),
        equivalents=tuple(tuple(row["equivalents"].split()) for row in rows),
    )
