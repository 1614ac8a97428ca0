"""Which records a network knows: the features of its training records, and how far validation records lie from them."""

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.inference.along import features_of
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.known import Known, known_from
from ecgssl_core.models.manifest import Distribution
from ecgssl_core.signals.spec import cut_windows

from .recordings import Rows
from .split import Split

_SHARE = 0.99


def known_of(model: Classifier, part: Split) -> tuple[Known, Distribution]:
    """Give what a network knows, and the distance that a share of 0.99 of its validation records keeps."""
    known = known_from(record_features(model, part, part.train))
    distances = known.distance(record_features(model, part, part.validation))
    source = f"features of {len(part.train)} training records; limit: {_SHARE:.0%} of the validation records lie within"
    return known, Distribution(limit=float(np.quantile(distances, _SHARE)), validation=len(distances), source=source)


def record_features(model: Classifier, part: Split, rows: Rows) -> NDArray[np.float32]:
    """Give the features of rows of a pack, (rows, width): the mean over each record's windows."""
    found = [features_of(model, cut_windows(part.pack.signal(int(row)), model.spec)).mean(axis=0) for row in rows]
    return np.stack(found)
