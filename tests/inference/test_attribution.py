"""Maps account for the logit that they explain, and follow the network rather than the signal."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from torch import Tensor, nn

from ecgssl_core.errors import BundleError
from ecgssl_core.inference.attribution import LONGEST_S, attribute, window_maps
from ecgssl_core.inference.card import default_model
from ecgssl_core.models.bundle import load_network
from ecgssl_core.models.classifier import Classifier, Output
from ecgssl_core.models.manifest import Manifest, read_manifest
from ecgssl_core.records import Record, gather, read_isolated
from ecgssl_core.signals.spec import prepare

EXAMPLE = Path(__file__).parents[2] / "examples" / "HR00009.hea"
WINDOWS, STEPS = 2, 64


class _Linear(nn.Module):
    """A network whose logit is a weighted sum of the series, and of the squares of a view of it."""

    def __init__(self) -> None:
        super().__init__()
        self.encoders = {"time": None, "spectrogram": None}
        self.weights = torch.randn(12 * 250, 2, generator=torch.Generator().manual_seed(0))

    def views(self, windows: Tensor) -> list[Tensor]:
        return [windows, 2 * windows[:, :, None, ::2]]

    def parts(self, views: list[Tensor]) -> list[Tensor]:
        return [views[0].flatten(1), views[1].flatten(1) ** 2]

    def join(self, parts: list[Tensor]) -> Output:
        return Output(parts[0] @ self.weights + parts[1].sum(1, keepdim=True), parts[0], None)


@pytest.fixture(scope="module")
def record() -> Record:
    return read_isolated(gather([EXAMPLE])[0]).records[0]


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return read_manifest(default_model())[0]


@pytest.fixture(scope="module")
def network() -> Classifier:
    torch.set_num_threads(1)
    return load_network(default_model())


def test_of_a_sum_the_map_is_each_term_and_of_a_square_the_square() -> None:
    network = _Linear()
    windows = np.random.default_rng(0).standard_normal((3, 12, 250)).astype(np.float32)
    maps, gap = window_maps(network, windows, 1)  # type: ignore[arg-type]
    assert np.allclose(maps["time"], windows * network.weights[:, 1].reshape(12, 250).numpy(), atol=1e-5)
    assert np.allclose(maps["spectrogram"][:, :, 0], (2 * windows[:, :, ::2]) ** 2, atol=1e-4)
    assert gap < 1e-4


def test_both_maps_together_are_the_change_of_the_logit(
    network: Classifier, manifest: Manifest, record: Record
) -> None:
    windows = prepare(record.signal, record.rate, record.leads, manifest.spec)[:WINDOWS]
    with torch.no_grad():
        logits = network(torch.from_numpy(windows)).logits
        silence = network(torch.zeros(1, *windows.shape[1:])).logits
    place = int((logits - silence).abs().sum(0).argmax())  # a change near 0 has no share to speak of
    maps, gap = window_maps(network, windows, place, STEPS)
    total = sum(one.reshape(WINDOWS, -1).sum(axis=1) for one in maps.values())
    change = (logits - silence)[:, place].numpy()
    assert np.abs(total - change).sum() == pytest.approx(gap * np.abs(change).sum(), abs=1e-3)
    assert gap < 0.02


def test_maps_of_random_weights_are_others(network: Classifier, manifest: Manifest, record: Record) -> None:
    """Adebayo et al. 2018 (arXiv:1810.03292): a map that stays when the weights go shows the signal alone."""
    windows = prepare(record.signal, record.rate, record.leads, manifest.spec)[:1]
    torch.manual_seed(0)
    strange = Classifier(manifest.classifier, manifest.spec, len(manifest.labels.codes)).eval()
    coarse, fine, other = (
        np.abs(window_maps(one, windows, 1, steps)[0]["time"]).ravel()
        for one, steps in ((network, 8), (network, 16), (strange, 16))
    )
    assert spearmanr(fine, coarse).statistic > 0.8
    assert spearmanr(fine, other).statistic < 0.5


def test_a_map_stands_where_its_record_does(network: Classifier, manifest: Manifest, record: Record) -> None:
    code = manifest.labels.codes[1]
    found = attribute(network, manifest, record, code, steps=1)
    assert found.signal is not None
    assert found.spectrogram is not None
    assert found.signal.shape == (12, 1000)
    assert found.spectrogram.shape == (12, len(found.hertz), len(found.frames_s))
    assert found.frames_s[1] == pytest.approx(0.13)
    assert found.hertz[1] == pytest.approx(4.0)
    assert np.isfinite(found.signal).all()
    with pytest.raises(BundleError, match="class 1"):
        attribute(network, manifest, record, "1")


def test_of_a_long_record_the_half_minute_asked_for_is_looked_at(
    network: Classifier, manifest: Manifest, record: Record
) -> None:
    from dataclasses import replace

    long = replace(record, signal=np.tile(record.signal, 5))
    found = attribute(network, manifest, long, manifest.labels.codes[1], start_s=10.0, steps=1)
    assert found.signal is not None
    inside = np.flatnonzero(np.abs(found.signal).sum(axis=0)) / found.rate
    assert inside.min() >= 10.0
    assert inside.max() <= 10.0 + LONGEST_S
    with pytest.raises(BundleError, match="beyond the end"):
        attribute(network, manifest, long, manifest.labels.codes[1], start_s=90.0, steps=1)
