"""How far a record lies from those that a model knows, in the features that its head reads (NumPy only)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from ecgssl_core.errors import BundleError

Floats = NDArray[np.float32]
_COMPONENTS = 32
_SMALLEST = 1e-8


@dataclass(frozen=True, eq=False)
class Known:
    """The features of known records: Mahalanobis distance in their principal components, and what lies beside these.

    mean: (width,); components: (width, count); scales: (count,) standard deviations along them; rest: root mean square
    of what the components leave of a known record.
    """

    mean: Floats
    components: Floats
    scales: Floats
    rest: Floats

    def distance(self, features: NDArray[Any]) -> NDArray[np.float64]:
        """Give how far records lie from the known ones, from features (records, width) to (records,).

        The squares of the distance in the components, a mean over them, and of what these leave, as a share of what
        they leave of known records, are summed: about 2 for a known record, before the root.
        """
        centred = features.astype(np.float64) - self.mean
        inside = centred @ self.components
        left = np.maximum((centred**2).sum(axis=1) - (inside**2).sum(axis=1), 0.0)
        near = ((inside / self.scales) ** 2).mean(axis=1)
        found: NDArray[np.float64] = np.sqrt(near + left / float(self.rest[0]) ** 2)
        return found

    def save(self, path: Path) -> None:
        """Write it."""
        save_file({name: np.ascontiguousarray(value) for name, value in vars(self).items()}, path)


def known_from(features: NDArray[Any]) -> Known:
    """Give what is known from the features (records, width) of records."""
    exact = features.astype(np.float64)
    mean = exact.mean(axis=0)
    _, spread, directions = np.linalg.svd(exact - mean, full_matrices=False)
    count = min(_COMPONENTS, max(len(features) // 8, 1))
    scales = spread[:count] / np.sqrt(len(features))
    rest = np.sqrt((spread[count:] ** 2).sum() / len(features))
    return Known(
        mean.astype(np.float32),
        directions[:count].T.astype(np.float32),
        np.maximum(scales, _SMALLEST).astype(np.float32),
        np.array([max(rest, _SMALLEST)], np.float32),
    )


def load_known(path: Path) -> Known:
    """Give what `save` wrote.

    Raises:
        BundleError: the file is damaged.
    """
    damaged = BundleError(f"{path.name} of {path.parent.name} is damaged; fetch the model again.")
    try:
        found = Known(**load_file(path))
    except (OSError, SafetensorError, TypeError) as error:
        raise damaged from error
    width, count = found.mean.shape[0] if found.mean.ndim == 1 else -1, len(found.scales)
    shapes = {"components": (width, count), "scales": (count,), "rest": (1,), "mean": (width,)}
    whole = all(getattr(found, name).shape == shape for name, shape in shapes.items())
    if not whole or not all(np.isfinite(getattr(found, name)).all() for name in shapes):
        raise damaged
    return found
