"""A record looked at and printed in one step, and the sheets of many records as files in a folder."""

import re
from collections.abc import Iterable
from pathlib import Path

from ecgssl_core.durable import replace_file
from ecgssl_core.errors import OwnFault
from ecgssl_core.inference.card import BundleCard
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.records import Record, check_quality, measure, open_questions

from .options import SheetOptions
from .reading_sheet import reading_sheet

_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


def whole_sheet(
    record: Record, prediction: Prediction | None, card: BundleCard | None, options: SheetOptions | None = None
) -> bytes:
    """Give the reading sheet of a record, with its quality and intervals where its unit and rate are known."""
    if {"ASK-UNIT", "ASK-RATE"} & set(open_questions(record)):
        return reading_sheet(record, None, None, prediction, card, options)
    return reading_sheet(record, check_quality(record), measure(record), prediction, card, options)


def write_sheets(
    found: Iterable[tuple[Record, Prediction | None]], card: BundleCard | None, folder: Path
) -> list[Path]:
    """Write `<record>.pdf` for each record; give the paths.

    Raises:
        OwnFault: the folder cannot be written.
    """
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for record, prediction in found:
            path = folder / f"{_free_name(record.name, {path.stem for path in written})}.pdf"
            replace_file(path, whole_sheet(record, prediction, card))
            written.append(path)
    except OSError as error:
        raise OwnFault(f"The sheets cannot be written into {folder.name} ({error.strerror}).") from error
    return written


def _free_name(name: str, taken: set[str]) -> str:
    fit = _UNFIT.sub("_", name).strip(" .")[:120] or "record"
    number = 1
    while (fit if number == 1 else f"{fit} ({number})") in taken:
        number += 1
    return fit if number == 1 else f"{fit} ({number})"
