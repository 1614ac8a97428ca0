"""What a class leaned on: integrated gradients from silence (Sundararajan et al. 2017, arXiv:1703.01365).

The network reads a series and a spectrogram of it; both are moved from silence to what they are along one straight
path, so that both maps together account for the change of the logit.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ecgssl_core.errors import BundleError
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.manifest import Manifest
from ecgssl_core.records import Record
from ecgssl_core.signals.spec import InputSpec, filtered, window_starts

from .arranged import arranged
from .explained import Attribution

STEPS = 32  # twice as many leave less unaccounted for, and take twice as long
LONGEST_S = 30.0
_BATCH = 32  # windows times steps at a time: what they leave for the way back fills memory
Floats = NDArray[np.float32]


def attribute(
    model: Classifier, manifest: Manifest, record: Record, code: str, start_s: float = 0.0, steps: int = STEPS
) -> Attribution:
    """Give how much each part of a record added to the logit of a class.

    Args:
        model: the network as it was trained (`load_network`): one at rest has no gradients.
        manifest: of its bundle.
        record: any record; of one beyond LONGEST_S only the stretch from start_s is looked at, the rest being 0.
        code: the class.
        start_s: where that stretch begins.
        steps: of the integral.

    Raises:
        BundleError: the model does not know the class, or the record lacks leads.
    """
    if code not in manifest.labels.codes:
        raise BundleError(f"The model does not know the class {code}.")
    spec = manifest.spec
    signal = filtered(arranged(manifest, record), spec)
    samples = signal.shape[1]
    if samples < spec.window:
        signal = np.pad(signal, ((0, 0), (0, spec.window - samples)))
    starts = window_starts(signal.shape[1], spec)
    if samples > LONGEST_S * spec.rate:
        last = (start_s + LONGEST_S) * spec.rate
        starts = starts[(starts >= start_s * spec.rate) & (starts + spec.window <= last)]
    if not len(starts):
        raise BundleError("The stretch to look at lies beyond the end of the record.")
    windows = np.stack([signal[:, start : start + spec.window] for start in starts])
    maps, gap = window_maps(model, windows, manifest.labels.codes.index(code), steps)
    return _joined(spec, code, maps, starts, samples, gap)


def window_maps(model: Classifier, windows: Floats, place: int, steps: int = STEPS) -> tuple[dict[str, Floats], float]:
    """Give the maps of windows, one for each modality and of the shape of what it reads, and the share unaccounted for.

    Args:
        model: the network as it was trained.
        windows: (windows, leads, samples) in mV.
        place: of the class among the logits.
        steps: of the integral, by Gauss and Legendre.
    """
    from captum.attr import IntegratedGradients  # takes seconds to load, and only this needs it

    def logit(*views: Tensor) -> Tensor:
        found: Tensor = model.join(model.parts(list(views))).logits[:, place]
        return found

    with torch.no_grad():
        values = model.eval().views(torch.from_numpy(windows))
        silence = model.views(torch.zeros(1, *windows.shape[1:]))
    made, deltas = IntegratedGradients(logit).attribute(
        tuple(values), tuple(silence), n_steps=steps, method="gausslegendre", internal_batch_size=_BATCH,
        return_convergence_delta=True,
    )  # fmt: skip
    with torch.no_grad():
        change = logit(*values) - logit(*silence)
    gap = float(deltas.abs().sum() / change.abs().sum().clamp_min(1e-6))
    return {name: one.float().numpy() for name, one in zip(model.encoders, made, strict=True)}, gap


def _joined(
    spec: InputSpec, code: str, maps: dict[str, Floats], starts: NDArray[np.int64], samples: int, gap: float
) -> Attribution:
    hop = spec.stft_window - spec.stft_overlap
    series, image = maps.get("time"), maps.get("spectrogram")
    frames = -(-samples // hop)
    return Attribution(
        code=code,
        leads=spec.leads,
        rate=spec.rate,
        signal=None if series is None else _mean(series, starts[:, None] + np.arange(spec.window), samples),
        spectrogram=None if image is None else _mean(image, _frames(starts, image.shape[3], hop), frames),
        frames_s=() if image is None else tuple((np.arange(frames) * hop / spec.rate).tolist()),
        hertz=() if image is None else tuple((np.arange(image.shape[2]) * spec.rate / spec.stft_window).tolist()),
        gap=gap,
    )


def _frames(starts: NDArray[np.int64], count: int, hop: int) -> NDArray[np.int64]:
    """Give the frame of the whole record that is nearest to each frame of each window, (windows, frames)."""
    found: NDArray[np.int64] = np.rint((starts[:, None] + np.arange(count) * hop) / hop).astype(np.int64)
    return found


def _mean(maps: Floats, places: NDArray[np.int64], length: int) -> Floats:
    """Give (…, length): the mean over the windows' values (windows, …, width) that fall on each place; 0 where none."""
    total = np.zeros((*maps.shape[1:-1], max(length, int(places.max()) + 1)))
    number = np.zeros(total.shape[-1])
    for one, where in zip(maps, places, strict=True):
        np.add.at(number, where, 1)
        for column, place in enumerate(where):
            total[..., place] += one[..., column]
    return np.asarray(total / np.maximum(number, 1), np.float32)[..., :length]
