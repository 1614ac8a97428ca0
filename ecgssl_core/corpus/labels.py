"""Label sets: which diagnosis codes are classes, in which order, and how the codes of a record become a row of them."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np

from ecgssl_core.errors import SettingsError, nearest

CLASSES = "classes.csv"  # in a pack's folder: the label set of a corpus that has labels of its own
_COLUMNS = ("code", "name", "abbreviation", "equivalents")
_MOST_BYTES = 1 << 20
_SHORTEST_SNOMED = 6  # digits

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
        codes: code that stands for each class: SNOMED CT, an SCP statement, or a label of one's own.
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
        return self._places.get(code)

    @cached_property
    def _places(self) -> dict[str, int]:
        others = {code: place for place, group in enumerate(self.equivalents) for code in group}
        return others | {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def _is_snomed(self) -> bool:
        return any(is_snomed(code) for code in self.codes)

    def encode(self, codes: Iterable[str], unknown: Iterable[str] = ()) -> np.ndarray:
        """Give one record's row of the label matrix, int8 of shape (classes,): 1 present, 0 absent, -1 unknown.

        Codes outside the set are left out. A class that is both present and unknown is present. All is unknown of a
        record that is labelled in another language: in SNOMED CT codes if the set has none, and the other way round.

        Args:
            codes: diagnosis codes of the record.
            unknown: codes of which nobody has said whether the record has them.
        """
        codes = tuple(codes)
        foreign = bool(codes) and all(is_snomed(code) != self._is_snomed for code in codes)
        row = np.full(len(self), -int(foreign), dtype=np.int8)
        for value, group in ((-1, unknown), (1, codes)):
            places = [place for code in group if (place := self.index(code)) is not None]
            row[places] = value
        return row


def is_snomed(code: str) -> bool:
    """Say whether a code has the form of SNOMED CT's."""
    return code.isdecimal() and len(code) >= _SHORTEST_SNOMED


def snomed_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """Give what a header lists as diagnoses in SNOMED CT codes, each once, in its order; other words are left out."""
    translated = (WORDS.get(code.strip(), code.strip()) for code in codes)
    return tuple(dict.fromkeys(code for code in translated if code.isdecimal()))


def label_set_names() -> list[str]:
    """List the label sets that come with the program."""
    folder = files("ecgssl_core") / "corpus" / "classes"
    return sorted(item.name.removesuffix(".csv") for item in folder.iterdir() if item.name.endswith(".csv"))


def load_label_set(name: str) -> LabelSet:
    """Give a label set by its name, or the one that a pack's folder or a CSV file holds by its path.

    `cinc2020` and `cinc2021` hold the 24 and 26 scored classes of the PhysioNet/Computing in Cardiology Challenges,
    pairs of equivalent codes merged, in the order in which they first appear in the challenge's weight matrix. The sets
    of PTB-XL (Wagner et al. 2020, doi 10.1038/s41597-020-0495-6) are its 71 statements, the diagnostic, form and rhythm
    ones among them, and their subclasses and superclasses. `af2017` holds the challenge of 2017's four.

    Raises:
        SettingsError: there is no such label set, or the file is none.
    """
    if name in label_set_names():
        return _shipped(name)
    path = Path(name)
    if path.is_dir() and (path / CLASSES).is_file():
        return _from_file(path / CLASSES, path.name)
    if path.suffix == ".csv" and path.is_file():
        return _from_file(path, path.stem)
    raise SettingsError(f"There is no label set {path.name!r}: {nearest(name, label_set_names())}")


def own_label_set(name: str, labels: Sequence[str]) -> LabelSet:
    """Give the label set of a corpus that has labels of its own, each label a class."""
    own = tuple(labels)
    return LabelSet(name, own, own, own, ((),) * len(own))


def label_set_csv(classes: LabelSet) -> bytes:
    """Give a label set as a file that `load_label_set` reads."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(_COLUMNS)
    others = (" ".join(group) for group in classes.equivalents)
    writer.writerows(zip(classes.codes, classes.names, classes.abbreviations, others, strict=True))
    return lines.getvalue().encode()


@cache
def _shipped(name: str) -> LabelSet:
    text = (files("ecgssl_core") / "corpus" / "classes" / f"{name}.csv").read_text(encoding="utf-8")
    return _parsed(name, text)


def _from_file(path: Path, name: str) -> LabelSet:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SettingsError(f"The label set {path.name} is larger than {_MOST_BYTES >> 20} MiB.")
        return _parsed(name, path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, KeyError, AttributeError, csv.Error) as error:
        raise SettingsError(f"{path.name} is no label set: it needs the columns {', '.join(_COLUMNS)}.") from error


def _parsed(name: str, text: str) -> LabelSet:
    rows = list(csv.DictReader(text.splitlines(), strict=True))
    codes = tuple(row["code"] for row in rows)
    if not codes or not all(codes) or len(set(codes)) < len(codes):
        raise ValueError("no codes, or one twice")
    return LabelSet(
        name=name,
        codes=codes,
        names=tuple(row["name"] for row in rows),
        abbreviations=tuple(row["abbreviation"] for row in rows),
        equivalents=tuple(tuple(row["equivalents"].split()) for row in rows),
    )
