"""Which records a network knows: the features of those that it was trained and decided on, and how far these lie."""

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.inference.along import features_of
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.known import Known, known_from
from ecgssl_core.models.manifest import Distribution
from ecgssl_core.signals.spec import cut_windows

from .recordings import Rows
from .split import Split

LEAST = 100  # records, without which a share of 0.99 means nothing
_SHARE = 0.99
_PARTS = 10
_SEED = 0


def known_of(model: Classifier, part: Split) -> tuple[Known, Distribution] | tuple[None, None]:
    """Give what a network knows, and the distance that a share of 0.99 of the records keeps; None of too few records.

    Training and validation records; the distance of each is to nine tenths of them, without its patient.
    """
    rows = np.concatenate([part.train, part.validation])
    if len(rows) < LEAST:
        return None, None
    features = record_features(model, part, rows)
    distances = left_out_distances(features, part.patients(rows))
    source = (
        f"features of {len(rows)} training and validation records; limit: {_SHARE:.0%} of them lie within, each "
        "measured to nine tenths of the others"
    )
    limit = float(np.quantile(distances, _SHARE))
    return known_from(features), Distribution(limit=limit, records=len(rows), source=source)


def left_out_distances(features: NDArray[np.float32], patients: NDArray[np.object_]) -> NDArray[np.float64]:
    """Give the distance of each record, (records,), to those of other patients in nine tenths of all."""
    names, member = np.unique(patients.astype(str), return_inverse=True)
    tenth = (np.random.default_rng(_SEED).permutation(len(names)) % _PARTS)[member]
    found = np.empty(len(features))
    for out in np.unique(tenth):
        found[tenth == out] = known_from(features[tenth != out]).distance(features[tenth == out])
    return found


def record_features(model: Classifier, part: Split, rows: Rows) -> NDArray[np.float32]:
    """Give the features of rows of a pack, (rows, width): the mean over each record's windows."""
    found = [features_of(model, cut_windows(part.pack.signal(int(row)), model.spec)).mean(axis=0) for row in rows]
    return np.stack(found)
