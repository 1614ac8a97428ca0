"""Frames and transformer: sizes, counts of parameters, and what an output may depend on."""

import pytest
import torch

from ecgssl_core.methods.pretraining import find_method
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.quantiser import GumbelQuantiser
from ecgssl_core.models.wav2vec import FrameEncoder, Wav2Vec
from ecgssl_core.settings import EncoderSettings, load_preset
from ecgssl_core.signals.spec import InputSpec

SMALL = EncoderSettings(series="wav2vec", width=32, layers=2, heads=4, feed_forward=64, position_kernel=8)


def count(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_the_paper_s_sizes_have_the_paper_s_number_of_parameters() -> None:
    settings = load_preset("oh2022")
    with torch.device("meta"):
        method = find_method(settings.method)(Encoder("time", InputSpec(), settings.encoder), settings)
    network = method.frame_network
    parts = {
        "frames": count(network.frame_encoder),
        "norm": count(network.frame_norm),
        "projection": count(network.projection),
        "position": count(network.position),
        "layer": count(network.layers[0]),
        "stack": count(network.layers) + count(network.norm),
        "encoder": count(method.encoder),
        "all": count(method),
    }
    assert parts == {
        "frames": 399_872,
        "norm": 512,
        "projection": 197_376,
        "position": 4_719_488,
        "layer": 7_087_872,
        "stack": 85_056_000,
        "encoder": 90_373_248,
        "all": 90_883_072,
    }


@pytest.mark.parametrize(
    ("samples", "frames"),
    [(2500, 156), (5000, 312), (2499, 156), (1250, 78), (1000, 62), (500, 31), (4096, 256)],
)
def test_sixteen_samples_make_a_frame(samples: int, frames: int) -> None:
    assert FrameEncoder(3, 256)(torch.randn(1, 3, samples)).shape == (1, frames, 256)


def test_frames_are_those_of_plain_convolutions() -> None:
    torch.manual_seed(0)
    ours = FrameEncoder(12, 256)
    values = torch.randn(2, 12, 250)
    plain = values
    for place, kernel in enumerate(ours.kernels):
        plain = torch.nn.functional.conv1d(plain, kernel, stride=2)
        if place == 0:
            plain = torch.nn.functional.group_norm(plain, 256, ours.gain, ours.shift)
        plain = torch.nn.functional.gelu(plain)
    torch.testing.assert_close(ours(values), plain.transpose(1, 2), atol=1e-5, rtol=1e-5)


def test_a_causal_network_sees_no_later_frame() -> None:
    torch.manual_seed(0)
    network = Wav2Vec(2, SMALL.model_copy(update={"causal": True})).eval()
    frames = torch.randn(1, 20, 32)
    later = frames.clone()
    later[:, 12:] += 1
    with torch.no_grad():
        torch.testing.assert_close(network.context(frames)[:, :12], network.context(later)[:, :12])
        assert not torch.allclose(network.context(frames)[:, 12:], network.context(later)[:, 12:])


def test_a_record_s_features_do_not_depend_on_those_beside_it() -> None:
    torch.manual_seed(0)
    encoder = Encoder("time", InputSpec(), SMALL).eval()
    values = torch.randn(5, 12, 800)
    with torch.no_grad():
        torch.testing.assert_close(encoder(values)[2:3], encoder(values[2:3]), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("series", ["xresnet1d50", "wav2vec"])
@pytest.mark.parametrize("mean", [0.0, 0.3])
def test_a_network_that_knows_its_leads_ignores_a_missing_one_exactly(series: str, mean: float) -> None:
    torch.manual_seed(0)
    settings = SMALL.model_copy(update={"series": series, "presence": True})
    spec = InputSpec(time_mean=(mean,) * 12)
    encoder = Encoder("time", spec, settings).eval()
    values = torch.randn(2, 12, 400)
    values[:, 4] = 0
    standard, present = encoder.ready(values)
    assert present is not None
    assert present[0].tolist() == [lead != 4 for lead in range(12)]
    assert not standard[:, 4].any()
    with torch.no_grad():
        encoder.mean[4] = 9.0  # whatever that lead's statistics are
        other = encoder(values)
        encoder.mean[4] = mean
        assert torch.equal(encoder(values), other)


def test_which_leads_are_there_changes_what_the_network_says() -> None:
    torch.manual_seed(0)
    network = Wav2Vec(3, SMALL.model_copy(update={"presence": True})).eval()
    values = torch.randn(1, 3, 400)
    with torch.no_grad():
        all_there = network(values, torch.tensor([[True, True, True]]))
        told_else = network(values, torch.tensor([[True, True, False]]))
    assert not torch.allclose(all_there, told_else)


def test_no_gradient_reaches_frames_that_stay_and_a_tenth_those_that_follow_slowly() -> None:
    found = {}
    for share in (0.0, 0.1, 1.0):
        torch.manual_seed(0)
        network = Wav2Vec(2, SMALL.model_copy(update={"frame_gradient": share})).eval()
        torch.manual_seed(1)
        network(torch.randn(2, 2, 400)).square().sum().backward()
        gradient = network.frame_encoder.kernels[1].grad
        found[share] = 0.0 if gradient is None else float(gradient.norm())
    assert found[0.0] == 0
    assert found[0.1] == pytest.approx(found[1.0] / 10, rel=1e-4)


def test_codes_are_entries_of_the_book_and_perplexity_counts_those_in_use() -> None:
    torch.manual_seed(0)
    quantiser = GumbelQuantiser(8, groups=2, entries=5, entry_width=3).eval()
    found = quantiser(torch.randn(4, 7, 8), 2.0)
    assert found.values.shape == (4, 7, 6)
    torch.testing.assert_close(found.values[1, 2, :3], quantiser.book[0, found.choice[1, 2, 0]])
    torch.nn.init.zeros_(quantiser.logits.weight)
    assert quantiser(torch.randn(4, 7, 8), 2.0).perplexity.item() == pytest.approx(10)
    with torch.no_grad():
        quantiser.logits.bias[0] = quantiser.logits.bias[5] = 1e3
    assert quantiser(torch.randn(4, 7, 8), 2.0).perplexity.item() == pytest.approx(2)
