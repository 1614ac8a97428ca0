"""Traps of the published spectrogram views: cut-outs that reach no network, and zeros that mean something else."""

import pytest
import torch
from torch import Tensor

from ecgssl_core.methods.method import Batch
from ecgssl_core.methods.self_distillation import SelfDistillation
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import Settings, override
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec

SPEC = InputSpec().with_statistics(
    spectrogram_mean=tuple(0.01 * (lead + 1) for lead in range(12)), spectrogram_std=(0.05,) * 12
)
ONLY_FREQUENCY = "views.spectrogram.cutout=false"
NO_FREQUENCY = "views.spectrogram.frequency_cutout=false"


def _seen_by_networks(*changes: str, spec: InputSpec = SPEC) -> list[Tensor]:
    """Give every image (views, leads, bins, frames) that reaches the student's or the teacher's layers in one step."""
    words = ["modality=spectrogram", "distillation.prototypes=16", "distillation.hidden=32", "views.locals=2"]
    settings = override(Settings(), [*words, *changes])
    torch.manual_seed(0)
    method = SelfDistillation(Encoder("spectrogram", spec), settings).train()
    seen: list[Tensor] = []
    for module in method.modules():
        if isinstance(module, Encoder):
            module.network.register_forward_pre_hook(lambda _module, given: seen.append(given[0].detach().clone()))
    source = torch.randn(4, 12, method.source_samples, generator=torch.Generator().manual_seed(0))
    method.loss(Batch(source, None, watched=False), Chance.of(0, 0, torch.arange(4)))
    assert len(seen) >= 3  # the teacher's global views, the student's global and local ones
    return seen


def _silence(fill: str = "silence") -> Tensor:
    """Give what each lead's fill value is after standardisation, (leads, 1, 1)."""
    mean, std = torch.tensor(SPEC.spectrogram_mean), torch.tensor(SPEC.spectrogram_std)
    return (torch.zeros(12) if fill == "mean" else -mean / std).reshape(12, 1, 1)


def _gone(image: Tensor, fill: str = "silence") -> Tensor:
    return (image - _silence(fill)).abs() < 1e-5


def test_a5_each_lead_of_each_view_that_a_network_sees_has_one_cut_bin() -> None:
    for image in _seen_by_networks(ONLY_FREQUENCY):
        assert (_gone(image).all(dim=3).sum(dim=2) == 1).all()


def test_a5_time_cutout_does_not_undo_the_cut_bin() -> None:
    for image in _seen_by_networks("views.spectrogram.global_low=1.0", "views.spectrogram.local_low=0.5"):
        gone = _gone(image)
        assert (gone.all(dim=3).sum(dim=2) == 1).all()  # one row
        assert (gone.all(dim=2).sum(dim=2) >= 1).all()  # and columns


def test_a5_without_cutouts_nothing_is_cut() -> None:
    whole = ["views.spectrogram.global_low=1.0", "views.spectrogram.local_low=0.5"]
    for image in _seen_by_networks(ONLY_FREQUENCY, NO_FREQUENCY, *whole):
        assert not _gone(image).all(dim=3).any()


@pytest.mark.parametrize("fill", ["silence", "mean"])
def test_a6_what_is_cut_or_padded_holds_the_value_that_the_setting_names(fill: str) -> None:
    for image in _seen_by_networks(f"views.spectrogram.fill={fill}", NO_FREQUENCY):
        assert (_gone(image, fill).all(dim=2).sum(dim=2) >= 1).all()


def test_a6_silence_is_what_a_silent_lead_looks_like_and_no_average() -> None:
    encoder = Encoder("spectrogram", SPEC).eval()
    seen: list[Tensor] = []
    encoder.network.register_forward_pre_hook(lambda _module, given: seen.append(given[0]))
    encoder(encoder.view(torch.zeros(1, 12, 250)))
    torch.testing.assert_close(seen[0][0], _silence().expand(12, 13, 21), atol=1e-5, rtol=1e-4)
    assert _silence().abs().min() > 0.1
    assert "no signal" in str(type(Settings().views.spectrogram).model_fields["fill"].description)
