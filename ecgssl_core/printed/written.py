"""Sheets and tables as files: what `predict --pdf FOLDER --csv FILE` leaves behind."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ecgssl_core.durable import replace_file
from ecgssl_core.errors import OwnFault
from ecgssl_core.inference.card import BundleCard, read_card
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.records import Reading, Record

from .tables import findings_csv
from .whole import whole_sheet

_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_LONGEST = 120


def write_out(
    reading: Reading, found: dict[str, Any], model: Path, pdf: Path | None = None, csv: Path | None = None
) -> list[Path]:
    """Write a sheet a record into a folder, and the findings of all as a table; give what was written.

    Args:
        reading: what was read.
        found: what `predict_reading` gives of it.
        model: folder of the bundle that was asked.
        pdf: folder for the sheets, made if it is not there; none are written without it.
        csv: file of the table; not written without it.

    Raises:
        OwnFault: the folder or the file cannot be written.
    """
    said = [Prediction.from_json(tree, found["model"]) for tree in found["records"]]
    written: list[Path] = []
    if csv is not None:
        replace_file(csv, findings_csv(said, reading.refused).encode())
        written.append(csv)
    if pdf is not None:
        written += _sheets(reading.records, said, read_card(model), pdf)
    return written


def _sheets(records: Sequence[Record], said: Sequence[Prediction], card: BundleCard, folder: Path) -> list[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OwnFault(f"The sheets cannot be written into {folder.name} ({error.strerror}).") from error
    written: list[Path] = []
    for record, prediction in zip(records, said, strict=True):
        path = folder / f"{_free_name(record.name, {path.stem for path in written})}.pdf"
        replace_file(path, whole_sheet(record, prediction, card))
        written.append(path)
    return written


def _free_name(name: str, taken: set[str]) -> str:
    """Give a name that any disk takes and that no other sheet has."""
    fit = _UNFIT.sub("_", name).strip(" .")[:_LONGEST] or "record"
    number = 1
    while (fit if number == 1 else f"{fit} ({number})") in taken:
        number += 1
    return fit if number == 1 else f"{fit} ({number})"
