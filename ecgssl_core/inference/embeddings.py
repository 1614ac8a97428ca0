"""Features of all records of a pack under one model, kept on disk: a map of them, and the records nearest to another.

A folder of these files, written by `embed`:

- `features.npy`     float16 (records, width): the mean over each record's windows
- `mean.npy`         float32 (width,): the mean of the features
- `norms.npy`        float32 (records,): the length of each record's features, centred
- `map.npy`          float32 (records, 2): the first two principal components
- `embeddings.json`  pack, its digest, model, its sha256
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.pack import Pack
from ecgssl_core.errors import CorpusError

from .explained import Neighbour

FEATURES, MEAN, NORMS, MAP, ABOUT = "features.npy", "mean.npy", "norms.npy", "map.npy", "embeddings.json"
PART, PROGRESS = ".part", "progress.json"
_ROWS = 4096  # at a time, of features read from disk
_SMALLEST = 1e-12


@dataclass(frozen=True, eq=False)
class Embeddings:
    """The features of a pack's records under one model.

    features: (records, width) float16, a memory map; rows: (records,) places in the pack; map: (records, 2).
    mean, norms: of the features, and of each row once centred; about: what `embeddings.json` says.
    """

    features: NDArray[np.float16]
    rows: NDArray[np.int64]
    map: NDArray[np.float32]
    mean: NDArray[np.float32]
    norms: NDArray[np.float32]
    about: dict[str, Any]

    def fits(self, pack: Pack) -> bool:
        """Say whether they are of this very pack; else `embed` has to be run again."""
        return bool(self.about["digest"] == pack.digest and len(self.rows) == len(pack))

    def nearest(
        self, vector: NDArray[np.float32], count: int, leave_out_rows: Collection[int] = ()
    ) -> list[tuple[int, float]]:
        """Give the rows of the pack that lie nearest to a vector (width,), with their cosine, nearest first.

        Features are centred first: those behind a ReLU share a large mean, which hides what tells them apart.
        """
        asked = vector.astype(np.float32) - self.mean
        asked /= max(float(np.linalg.norm(asked)), _SMALLEST)
        cosines = np.empty(len(self.rows), np.float32)
        for first in range(0, len(self.rows), _ROWS):
            part = self.features[first : first + _ROWS].astype(np.float32) - self.mean
            cosines[first : first + _ROWS] = part @ asked
        cosines /= np.maximum(self.norms, _SMALLEST)
        cosines[np.isin(self.rows, list(leave_out_rows))] = -np.inf
        best = np.argsort(-cosines, kind="stable")[:count]
        return [(int(self.rows[place]), float(cosines[place])) for place in best if np.isfinite(cosines[place])]


def embeddings_folder(data_root: Path, pack: Pack | Path, model_sha256: str) -> Path:
    """Give the folder that holds the embeddings of a pack under a model, whether it is there or not."""
    return data_root / "embeddings" / f"{pack.name}-{model_sha256[:12]}"


def open_embeddings(folder: Path) -> Embeddings:
    """Open embeddings.

    Raises:
        CorpusError: there are none, or they are damaged.
    """
    if not (folder / ABOUT).is_file():
        raise CorpusError(f"There are no embeddings {folder.name} yet; run `embed` on the pack.")
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        features = np.load(folder / FEATURES, mmap_mode="r", allow_pickle=False).view(np.ndarray)
        mean, norms, places = (np.load(folder / name, allow_pickle=False) for name in (MEAN, NORMS, MAP))
        count, width = features.shape
        if (mean.shape, norms.shape, places.shape) != ((width,), (count,), (count, 2)) or "digest" not in about:
            raise ValueError("files that do not fit each other")
    except (OSError, ValueError, EOFError) as error:
        raise CorpusError(f"The embeddings {folder.name} are damaged; run `embed` again.") from error
    return Embeddings(features, np.arange(count), places, mean, norms, about)


def embedding_progress(folder: Path) -> tuple[int, int] | None:
    """Give how many records of how many are done in embeddings that are not finished; None where none are begun."""
    try:
        found = json.loads((folder.with_name(f"{folder.name}{PART}") / PROGRESS).read_text(encoding="utf-8"))
        return int(found["done"]), int(found["total"])
    except (OSError, ValueError, KeyError):
        return None


def own_rows(pack: Pack, digest: str) -> tuple[int, ...]:
    """Give the rows of a pack that hold this very signal, or another of the same patient."""
    table = pack.table
    same = (table["sha256"] == digest).to_numpy()
    # a recording that came in more than once: all its copies name the same one
    keys = [*table["key"][same], *table["same_signal"][same].dropna()]
    own = same | table["same_signal"].isin(keys).to_numpy() | table["key"].isin(keys).to_numpy()
    patients = table["patient"][own & table["patient_known"].to_numpy()].dropna().unique()
    return tuple(np.flatnonzero(own | table["patient"].isin(patients).to_numpy()).tolist())


def neighbours(
    pack: Pack,
    embeddings: Embeddings,
    vector: NDArray[np.float32],
    count: int,
    digest: str = "",
    seen: Collection[str] = (),
) -> tuple[Neighbour, ...]:
    """Give the records of a pack that are most like a record, without itself and its patient's.

    Args:
        pack: the pack.
        embeddings: its embeddings.
        vector: (width,) features of the record, as `PredictionService.embedding` gives them.
        count: how many.
        digest: of the record.
        seen: digests of the records that the model was trained on.

    Raises:
        CorpusError: the embeddings are of another state of the pack.
    """
    if not embeddings.fits(pack):
        raise CorpusError(f"{pack.name} has changed since its embeddings were made; run `embed` again.")
    table, known = pack.table, frozenset(seen)
    found = []
    for row, cosine in embeddings.nearest(vector, count, own_rows(pack, digest)):
        codes = table["codes"].iloc[row]
        labels = tuple(json.loads(codes)) if isinstance(codes, str) else ()
        shown = table["sha256"].iloc[row] in known
        found.append(Neighbour(pack.name, row, str(table["key"].iloc[row]), cosine, labels, shown))
    return tuple(found)
