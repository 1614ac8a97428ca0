"""What all objectives without labels have: an encoder that learns and remains, and sometimes a slow copy of it."""

import copy
import math
from abc import abstractmethod
from importlib import import_module
from pkgutil import iter_modules

import torch
from torch import Tensor, nn

from ecgssl_core.errors import SettingsError, nearest
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.wav2vec import Wav2Vec
from ecgssl_core.settings import Settings
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.lead_masking import draw_leads
from ecgssl_core.signals.views import make_time_views

from .method import Batch, Method


class Pretraining(Method):
    """An objective without labels.

    Args:
        encoder: what is trained; it is found in checkpoints under `student.encoder`.
        settings: of the run.
    """

    pairs: tuple[str, ...] = ("student",)  # where encoders are found that a fine-tuning may take over
    whole_segments = True  # whether records too short for the segments of a step are left out
    needs_frames = False  # whether only a wav2vec encoder will do
    causal = False  # whether frames may see only those before them

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        super().__init__()
        if self.needs_frames and not isinstance(encoder.network, Wav2Vec):
            raise SettingsError(f"{settings.method} reads frames: set encoder.series=wav2vec and modality=time.")
        if self.causal and not settings.encoder.causal:
            raise SettingsError(f"{settings.method} foretells frames, which must not see it: set encoder.causal=true.")
        self.settings = settings
        self.student = nn.ModuleDict({"encoder": encoder})
        self.source_samples = settings.views.time.source
        if encoder.modality == "spectrogram":
            self.source_samples = settings.views.spectrogram.source

    @property
    def encoder(self) -> Encoder:
        """The encoder that learns."""
        encoder = self.student["encoder"]
        assert isinstance(encoder, Encoder)
        return encoder

    @property
    def frame_network(self) -> Wav2Vec:
        """The network of the encoder, where the objective reads frames."""
        network = self.encoder.network
        assert isinstance(network, Wav2Vec)
        return network

    def encoders(self) -> list[Encoder]:
        """Give the encoders that a fine-tuning may take over: the one that learns, and its slow copy if any."""
        found = [self.get_submodule(f"{name}.encoder") for name in self.pairs]
        return [one for one in found if isinstance(one, Encoder)]

    @abstractmethod
    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:
        """Give the loss of a batch, and, of a watched one, figures of health worth logging."""

    def segments(self, source: Tensor, chance: Chance) -> tuple[Tensor, Tensor]:
        """Give the views of a batch of series (batch, leads, samples), with all leads and as lead masking leaves them.

        Both are (batch, views, leads, samples of a view), in mV; they are one where no leads are masked.
        """
        views = self.settings.views
        unmasked = views.model_copy(update={"lead_masking": False})
        whole = make_time_views(source, unmasked, chance, self.settings.input.rate).global_views.values
        if not views.lead_masking:
            return whole, whole
        stays = draw_leads(chance, whole.shape[1], whole.shape[2], views)
        return whole, whole * stays[..., None]

    def owners(self, batch: Batch) -> Tensor:
        """Give (batch,) numbers: equal where views belong together."""
        if self.settings.contrast.same == "patient" and batch.patients is not None:
            return batch.patients
        return torch.arange(len(batch.source), device=batch.source.device)


def slow_copy(pair: nn.ModuleDict) -> nn.ModuleDict:
    """Give a copy of networks that has no gradient of its own."""
    return copy.deepcopy(pair).requires_grad_(False)


@torch.no_grad()
def follow(slow: nn.ModuleDict, pair: nn.ModuleDict, keep: float) -> None:
    """Move the parameters of a slow copy towards those of pair, keeping a share; running statistics are copied."""
    torch._foreach_lerp_(list(slow.parameters()), list(pair.parameters()), 1 - keep)
    for old, new in zip(slow.buffers(), pair.buffers(), strict=True):
        old.copy_(new)


def momentum(start: float, end: float, progress: float) -> float:
    """Give the share of a slow copy that stays at a step: a cosine from start (progress 0) to end (progress 1)."""
    return end - (end - start) * (1 + math.cos(math.pi * progress)) / 2


def find_method(name: str) -> type[Pretraining]:
    """Give the objective that a file of this folder holds: its class named METHOD.

    Raises:
        SettingsError: there is no such file, or it holds none.
    """
    folder = import_module(__package__).__path__
    files = sorted(module.name for module in iter_modules(folder))
    found = getattr(import_module(f"{__package__}.{name}"), "METHOD", None) if name in files else None
    if found is None:
        held = [one for one in files if hasattr(import_module(f"{__package__}.{one}"), "METHOD")]
        raise SettingsError(f"There is no method {name!r}: {nearest(name, held)}")
    kind: type[Pretraining] = found
    return kind
