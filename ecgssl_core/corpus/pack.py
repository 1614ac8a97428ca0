"""A pack: a corpus made ready, opened for reading; its samples stay on disk until they are asked for.

A pack is a folder of these files; older packs lack those from `origins.parquet` on, and most have no `classes.csv`:

- `signals.npy`     int16 (samples of all records, leads), time first, in the order of the table; read as a memory map
- `table.parquet`   one row a record: COLUMNS
- `refused.csv`     key, kind and sentence of each record that was left out
- `pack.json`       form, rate, leads, source, counts, versions and digest
- `origins.parquet` one row a record of the corpus, refused or not: the files it came from, by hash, and what they say
- `survey.json`     formats, rates, lengths, leads, units, scale, quality and refusals, counted by source
- `classes.csv`     the label set made of the corpus's own labels

A sample in mV is its integer times the record's `scale_mv`; records stand in the order of their keys.
"""

import csv
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ecgssl_core.corpus.labels import CLASSES, LabelSet
from ecgssl_core.corpus.origins import ORIGINS
from ecgssl_core.errors import CorpusError
from ecgssl_core.signals.leads import LEADS

FORM = 1
SIGNALS, TABLE, REFUSED, MANIFEST = "signals.npy", "table.parquet", "refused.csv", "pack.json"
SURVEY = "survey.json"
FILES = (SIGNALS, TABLE, REFUSED, MANIFEST, ORIGINS, SURVEY, CLASSES)
PLACES = ["start", "samples", "scale_mv"]
COLUMNS = {
    "key": "str",  # path of the record inside the corpus, without suffix
    "source": "str",
    "patient": "str",  # missing where nobody knows
    "patient_known": "bool",
    "age": "float64",  # years, at most 90; NaN where nobody knows
    "sex": "str",  # female, male or missing
    "codes": "str",  # JSON list; missing where the record is unlabelled
    "unknown_codes": "str",  # JSON list of codes of which nobody has said whether the record has them
    "file_rate_hz": "float64",  # of the file, before resampling
    "start": "int64",  # first row in signals.npy
    "samples": "int64",
    "scale_mv": "float64",
    "sha256": "str",  # digest of the record as it was read
    "published_fold": "Int64",  # 1, 2, …; missing where the corpus has none
    "same_signal": "str",  # key of a record known to be the same recording
}


class Pack:
    """Records of one corpus at one rate, in the same leads; only where each lies is in memory before it is asked for.

    Args:
        path: its folder.
        manifest, places: what `pack.json` says; start, samples and scale of each record.
        signals: int16 (samples of all records, leads), a memory map.
    """

    def __init__(self, path: Path, manifest: dict[str, Any], places: pa.Table, signals: NDArray[np.int16]) -> None:
        self.path = path
        self.manifest = manifest
        self.signals = signals
        self._starts = places["start"].to_numpy()
        self._lengths: NDArray[np.int64] = places["samples"].to_numpy()
        self._scales = places["scale_mv"].to_numpy().astype(np.float32)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a record: COLUMNS.

        Raises:
            CorpusError: the file cannot be read.
        """
        try:
            return pd.read_parquet(self.path / TABLE, columns=list(COLUMNS))
        except (OSError, ValueError) as error:
            raise _damaged(self.path, error) from error

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def name(self) -> str:
        """The name of the pack's folder."""
        return self.path.name

    @property
    def rate(self) -> float:
        """Samples a second."""
        return float(self.manifest["rate_hz"])

    @property
    def leads(self) -> tuple[str, ...]:
        """Name of each row of a signal."""
        return tuple(self.manifest.get("leads", LEADS))

    @cached_property
    def survey(self) -> dict[str, Any]:
        """What the files of the corpus say of themselves, counted by source; empty where an older version packed it.

        Raises:
            CorpusError: the file cannot be read.
        """
        if not (self.path / SURVEY).is_file():
            return {}
        try:
            return dict(json.loads((self.path / SURVEY).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise _damaged(self.path, error) from error

    @property
    def digest(self) -> str:
        """SHA-256 over rate, leads and each record's key and hash: what was packed, whatever is known about it."""
        return str(self.manifest["digest"])

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Samples of each record."""
        return self._lengths

    @cached_property
    def refused(self) -> pd.DataFrame:
        """The records that were left out: key, kind and sentence."""
        with (self.path / REFUSED).open(newline="", encoding="utf-8") as file:
            return pd.DataFrame(list(csv.DictReader(file)), columns=["key", "kind", "sentence"])

    def signal(self, row: int, start: int = 0, samples: int | None = None) -> NDArray[np.float32]:
        """Give a record, or a stretch of it, in mV.

        Args:
            row: place of the record in the table.
            start: first sample of the stretch.
            samples: length of the stretch; without it, all that follows.

        Returns:
            (leads, samples); a stretch that reaches beyond the record's end is shorter than asked for.
        """
        length = int(self._lengths[row])
        end = length if samples is None else min(start + samples, length)
        first = int(self._starts[row])
        counts = self.signals[first + min(start, end) : first + end]  # (samples, leads)
        signal: NDArray[np.float32] = np.ascontiguousarray(counts.T, dtype=np.float32) * self._scales[row]
        return signal

    def windows(self, rows: NDArray[np.int64], starts: NDArray[np.int64], samples: int) -> NDArray[np.float32]:
        """Give many stretches of one length at once, in mV.

        Args:
            rows: (windows,) place of each window's record in the table.
            starts: (windows,) first sample of each in its record.
            samples: length of every window.

        Returns:
            (windows, leads, samples)

        Raises:
            ValueError: a window reaches beyond its record.
        """
        if rows.size == 0:
            return np.zeros((0, len(self.leads), samples), dtype=np.float32)
        if samples < 1 or starts.min() < 0 or (starts + samples > self._lengths[rows]).any():
            raise ValueError("a window reaches beyond its record")
        views = np.lib.stride_tricks.sliding_window_view(self.signals, samples, axis=0)  # (all samples, leads, samples)
        counts = views[self._starts[rows] + starts]  # (windows, leads, samples)
        found: NDArray[np.float32] = counts * self._scales[rows, None, None]
        return found

    def labels(self, classes: LabelSet) -> NDArray[np.int8]:
        """Give the label matrix, (records, classes): 1 present, 0 absent, -1 unknown; unlabelled records are all -1."""
        matrix = np.full((len(self), len(classes)), -1, dtype=np.int8)
        texts = zip(self.table["codes"], self.table["unknown_codes"], strict=True)
        for row, (codes, unknown) in enumerate(texts):
            if isinstance(codes, str):
                matrix[row] = classes.encode(json.loads(codes), json.loads(unknown))
        return matrix


def open_pack(path: Path) -> Pack:
    """Open a pack for reading.

    Raises:
        CorpusError: the folder is no pack, is not finished, or its files do not belong together.
    """
    manifest = _read_manifest(path)
    try:
        with pq.ParquetFile(path / TABLE) as file:
            missing = [name for name in COLUMNS if name not in file.schema_arrow.names]
            places = None if missing else file.read(PLACES)
        signals = np.load(path / SIGNALS, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _damaged(path, error) from error
    if places is None:
        raise CorpusError(f"The table of the pack {path.name} has no column {missing[0]!r}; make the pack again.")
    pack = Pack(path, manifest, places, signals.view(np.ndarray))
    ends = np.cumsum(pack.lengths)
    follows = bool((places["start"].to_numpy() == ends - pack.lengths).all())
    whole = (int(ends[-1]) if len(ends) else 0, len(pack.leads))
    if signals.dtype != np.int16 or signals.shape != whole or not follows:
        raise CorpusError(f"The samples and the table of the pack {path.name} do not fit; make the pack again.")
    return pack


def require_leads(pack: Pack, leads: Sequence[str]) -> None:
    """Stop a use of a pack that needs other leads than it has.

    Raises:
        CorpusError: the pack's leads are not these, in this order.
    """
    if pack.leads != tuple(leads):
        has = ", ".join(pack.leads[:3]) + (", …" if len(pack.leads) > 3 else "")
        raise CorpusError(f"The pack {pack.name} has {len(pack.leads)} leads ({has}); {len(leads)} are needed here.")


def find_packs(root: Path) -> list[Path]:
    """List the folders in `<root>/packs` that say they are packs, by name; whether they are whole is not looked at."""
    return sorted(file.parent for file in (root / "packs").glob(f"*/{MANIFEST}") if file.parent.suffix != ".part")


def _read_manifest(path: Path) -> dict[str, Any]:
    if path.with_name(f"{path.name}.part").is_dir() and not path.exists():
        raise CorpusError(f"{path.name} is not packed to its end; run its `pack` again, and it goes on.")
    if not path.is_dir():
        raise CorpusError(f"{path.name} is no pack: there is no such folder; check its name, or make it with `pack`.")
    if not (path / MANIFEST).is_file():
        raise CorpusError(f"{path.name} is no pack: it has no {MANIFEST}.")
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        form = manifest["form"]
        float(manifest["rate_hz"]), str(manifest["digest"])
        leads = manifest.get("leads", list(LEADS))
        if not leads or not set(leads) <= set(LEADS):
            raise ValueError("leads that no pack has")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"The pack {path.name} is damaged ({MANIFEST} cannot be read); make it again.") from error
    if form != FORM:
        raise CorpusError(f"The pack {path.name} has form {form}, and this program reads form {FORM}; make it again.")
    return dict(manifest)


def _damaged(path: Path, error: Exception) -> CorpusError:
    return CorpusError(f"The pack {path.name} is damaged ({_what(error)}); make it again with `pack`.")


def _what(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "a file is missing"
    return "a file cannot be read" if isinstance(error, OSError) else "a file ends early or is not what it says"
