"""When recordings were made, from a table that a corpus brings along; packs hold no dates."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.errors import CorpusError

from .groups import recording_name
from .pack import Pack

_NAMES = ("filename_hr", "filename_lr", "record", "key")
_DATES = ("recording_date", "date", "recorded")

Moments = NDArray[np.datetime64]


def recording_dates(table: Path, pack: Pack) -> Moments:
    """Give when each record of a pack was made, (records,) in seconds, NaT where the table does not say.

    Args:
        table: CSV with a column of names (filename_hr as PTB-XL has it, record or key) and one of dates (recording_date
            or date); names may be those of the files or of the challenges, which are of one recording.
        pack: the pack.

    Raises:
        CorpusError: the table cannot be read or lacks such columns.
    """
    try:
        frame = pd.read_csv(table, dtype=str)
    except (OSError, ValueError) as error:
        raise CorpusError(f"{table.name} is no table of dates; give the corpus's own CSV, unchanged.") from error
    names = next((name for name in _NAMES if name in frame), None)
    dates = next((name for name in _DATES if name in frame), None)
    if names is None or dates is None:
        raise CorpusError(
            f"{table.name} says nothing of dates: it needs a column {', '.join(_NAMES)} and one {', '.join(_DATES)}."
        )
    moments = pd.to_datetime(frame[dates], errors="coerce", format="mixed").to_numpy("datetime64[s]")
    known = dict(zip(map(_name, frame[names].fillna("")), moments, strict=True))
    missing = np.datetime64("NaT", "s")
    return np.array([known.get(_name(key), missing) for key in pack.table["key"].astype(str)])


def _name(key: str) -> str:
    return recording_name(key) or key.rpartition("/")[2]
