"""What a pretraining is worth so far: how well the nearest neighbours of a record tell its labels."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ecgssl_core.corpus.division import divide
from ecgssl_core.corpus.folds import has_folds, read_folds
from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.corpus.pack import Pack, open_pack
from ecgssl_core.evaluation import auroc
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import Settings
from ecgssl_core.signals.spec import InputSpec

from .recordings import Recordings, Rows

_NEIGHBOURS = 20
_SHARPNESS = 0.07  # of the weights exp(cosine / 0.07), as DINO's k-NN has them
_LEAST_POSITIVES = 10
_WINDOWS = 3
_BATCH = 256


@dataclass(frozen=True, eq=False)
class Probe:
    """Labelled records on the training device.

    recordings: their signals; labels: (records, classes) 1, 0, or -1 where unknown; patients: (records,).
    """

    recordings: Recordings
    labels: NDArray[np.int8]
    patients: NDArray[np.object_]

    def auroc(self, encoder: Encoder, beat: Callable[[], None] | None = None) -> float:
        """Give the macro AUROC of a k-NN vote, neighbours of the same patient left out.

        Of the 20 nearest by cosine of the centred features each counts exp(cosine / 0.07); classes with at least 10
        positives enter. `beat` is called now and then, as a sign of life.
        """
        features = record_features(encoder, self.recordings, beat)
        features = torch.nn.functional.normalize(features - features.mean(dim=0), dim=1)
        likeness = features @ features.T
        _, person = np.unique(self.patients.astype(str), return_inverse=True)
        same = torch.from_numpy(person[:, None] == person[None, :])
        weight, nearest = likeness.masked_fill(same, -torch.inf).topk(min(_NEIGHBOURS, len(features) - 1), dim=1)
        vote = torch.softmax(weight / _SHARPNESS, dim=1).unsqueeze(-1)
        positive = torch.from_numpy((self.labels == 1).astype(np.float32))
        scores = (vote * positive[nearest]).sum(dim=1).double().numpy()
        enough = _enough(self.labels)
        return float(np.nanmean(auroc(self.labels[:, enough], scores[:, enough])))


def probe_of(settings: Settings, spec: InputSpec) -> Probe | None:
    """Give the probe that the settings ask for; None where the pack has no folds or too few labels, or is not seen.

    Only records of training folds judge: those of `data.fold`, or of fold 0 where pretraining holds none back. Nothing
    is learned or chosen from them.
    """
    # what was pretrained outside of the pack serves all its folds, each of which some run scores
    own = "" if settings.data.exposure == "external_pure" else settings.data.pack
    if not settings.training.probe_epochs or not (settings.data.probe or own):
        return None
    pack = open_pack(Path(settings.data.probe or own))
    rows = _labelled(pack, settings)
    if not len(rows):
        return None
    labels = pack.labels(load_label_set(settings.data.classes))[rows]
    if not _enough(labels).any():
        return None
    table = pack.table.iloc[rows]
    patients = table["patient"].where(table["patient"].notna(), table["key"]).to_numpy(dtype=object)
    return Probe(Recordings.of([(pack, rows)], spec), labels, patients)


def _enough(labels: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Give which classes can be judged, (classes,)."""
    enough: NDArray[np.bool_] = ((labels == 1).sum(axis=0) >= _LEAST_POSITIVES) & (labels == 0).any(axis=0)
    return enough


def _labelled(pack: Pack, settings: Settings) -> Rows:
    if not has_folds(pack):
        return np.array([], dtype=np.int64)
    labels = pack.labels(load_label_set(settings.data.classes))
    parts = divide(pack, read_folds(pack), max(settings.data.fold, 0), settings.data.source)
    return np.intersect1d(parts.train, np.flatnonzero((labels == 1).any(axis=1)))


@torch.no_grad()
def record_features(encoder: Encoder, recordings: Recordings, beat: Callable[[], None] | None = None) -> Tensor:
    """Give unit vectors (records, features): the mean over three windows of each record, in evaluation mode."""
    training = encoder.training
    encoder.eval()
    device, window = recordings.start.device, encoder.spec.window
    parts = []
    for begin in range(0, len(recordings), _BATCH):
        records = torch.arange(begin, min(begin + _BATCH, len(recordings)), device=device)
        free = (recordings.length[records] - window).clamp(min=0)
        features = [
            encoder(encoder.view(recordings.cut(records, free * place // (_WINDOWS - 1), window)))
            for place in range(_WINDOWS)
        ]
        parts.append(torch.stack(features).mean(dim=0))
        if beat is not None:
            beat()
    encoder.train(training)
    return torch.nn.functional.normalize(torch.cat(parts).float(), dim=1).cpu()
