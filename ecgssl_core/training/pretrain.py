"""Pretraining: unlabelled records of packs through a method without labels; the encoder is what remains."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ecgssl_core.corpus.division import divide
from ecgssl_core.corpus.folds import read_folds
from ecgssl_core.corpus.leaks import hashes_seen, refuse_leaks, related_rows
from ecgssl_core.corpus.pack import Pack, open_pack
from ecgssl_core.errors import CorpusError, RunError
from ecgssl_core.evaluation.collapse import collapse
from ecgssl_core.methods.pretraining import Pretraining, find_method
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.runs import RunDir
from ecgssl_core.settings import Settings
from ecgssl_core.signals.spec import InputSpec

from .loader import Loader
from .norm_statistics import settle_statistics
from .probe import Probe, probe_of
from .progress import say
from .provenance import provenance
from .recordings import Recordings, Rows
from .statistics import with_statistics
from .train import train, use_device


@dataclass(frozen=True)
class Chosen:
    """Rows of packs that a training may see."""

    packs: tuple[tuple[Pack, Rows], ...]

    @property
    def seen(self) -> tuple[str, ...]:
        """The digests of these records, sorted."""
        return tuple(sorted({digest for pack, rows in self.packs for digest in hashes_seen(pack, rows)}))


def input_spec(settings: Settings) -> InputSpec:
    """Give the input specification of the settings, before any statistics are known."""
    part = settings.input
    return InputSpec(
        rate=part.rate,
        window=part.window,
        stride=part.stride,
        highpass_hz=part.highpass_hz,
        stft_window=part.stft_window,
        stft_overlap=part.stft_overlap,
        log_spectrogram=part.log_spectrogram,
        fewer_leads=part.fewer_leads,
    )


def choose_unlabelled(settings: Settings) -> Chosen:
    """Give the rows that pretraining sees.

    With a fold or a source held out: all but what tests and decides, and of further packs all that are no kin to those.
    Without (data.fold = -1) or transductive: everything; a later fine-tuning refuses what it would score. External:
    nothing of the pack, and of further packs all that are no kin to any record of it, so that it serves every fold.

    Raises:
        CorpusError: a pack or its folds are missing, or nothing is left to train on.
        LeakError: the folds leak.
    """
    part = settings.data
    pack = open_pack(Path(part.pack))
    held = np.array([], dtype=np.int64)
    if part.exposure == "external_pure":
        held = np.arange(len(pack))
    elif part.fold >= 0 and part.exposure == "fold_pure":
        folds = read_folds(pack)
        refuse_leaks(pack, folds)
        parts = divide(pack, folds, part.fold, part.source)
        held = np.setdiff1d(np.arange(len(pack)), parts.train)
    chosen = [(pack, np.setdiff1d(np.arange(len(pack)), held))]
    for name in part.unlabelled:
        further = open_pack(Path(name))
        kin = related_rows(further, pack, held)
        chosen.append((further, np.setdiff1d(np.arange(len(further)), kin)))
    found = tuple((one, rows) for one, rows in chosen if len(rows))
    if not found:
        raise CorpusError(f"Nothing is left to pretrain on beside {pack.name}; name further packs with --unlabelled.")
    return Chosen(found)


def pretrain(settings: Settings, run: RunDir) -> bool:
    """Train an encoder without labels, or go on where the run stopped.

    Args:
        settings: everything that decides the run.
        run: its folder; it holds the encoder in its checkpoints at the end.

    Returns:
        Whether it came to its end; False if it was asked to stop.

    Raises:
        EcgError: packs, folds, device or loss do not allow it.
    """
    device = use_device(settings)
    chosen = choose_unlabelled(settings)
    say(f"Reading {sum(len(rows) for _, rows in chosen.packs):,} records to train on")
    recordings = Recordings.of(chosen.packs, input_spec(settings)).to(device)
    spec = input_spec(settings)
    spec = with_statistics(spec, recordings) if settings.input.standardise else spec
    run.write_provenance(
        {
            **provenance(settings, device),
            "packs": [pack.digest for pack, _ in chosen.packs],
            "records": len(recordings),
            "seen": list(chosen.seen),
            "spec": spec.as_json(),
        }
    )
    torch.manual_seed(settings.training.seed)
    method = new_method(settings, spec).to(device)
    if method.whole_segments:
        recordings = recordings.at_least(method.source_samples)
    loader = Loader(recordings, None, settings.training.batch, method.source_samples, settings.training.seed)
    probe = probe_of(settings, spec)
    return train(method, loader, settings, run, lambda *now: _watch(method, recordings, probe, run, *now))


def new_method(settings: Settings, spec: InputSpec) -> Pretraining:
    """Give the objective of the settings, with an encoder that knows nothing yet.

    Raises:
        SettingsError: there is no such objective, or the settings do not suit it.
    """
    return find_method(settings.method)(Encoder(settings.modality, spec, settings.encoder), settings)


def _watch(
    method: Pretraining,
    recordings: Recordings,
    probe: Probe | None,
    run: RunDir,
    epoch: int,
    means: dict[str, float],
) -> dict[str, float]:
    """Give the probe's figure where it is due, with the encoders' statistics settled first, as at the end.

    Raises:
        RunError: for some epochs in a row the teacher has said the same of all records.
    """
    run.beat()
    settings = run.settings()
    patience, prototypes = settings.distillation.collapse_epochs, settings.distillation.prototypes
    if patience and epoch + 1 >= patience + settings.optimiser.warmup_epochs:
        last = [*run.metrics()[1 - patience :], means] if patience > 1 else [means]
        found = [collapse(row, prototypes) for row in last]
        if len(found) == patience and all(found):
            raise RunError(
                f"The training collapsed: {found[-1]}, for {patience} epochs. Lower optimiser.rate{_way_out(settings)}."
            )
    every = settings.training.probe_epochs
    due = probe is not None and (epoch + 1) % every == 0
    if due or epoch + 1 == settings.training.epochs:
        for encoder in method.encoders():
            settle_statistics(FromWindows(encoder), encoder.spec, recordings, settings.training.seed)
    return {"knn_auroc": probe.auroc(method.encoder, run.beat)} if probe is not None and due else {}


def _way_out(settings: Settings) -> str:
    if settings.method != "self_distillation":
        return ""
    return ", lower distillation.teacher_momentum for a short run, or set distillation.koleo=0.1"


class FromWindows(nn.Module):
    """An encoder that takes windows in mV, whatever its modality."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, windows: Tensor) -> Tensor:
        """Give the features."""
        features: Tensor = self.encoder(self.encoder.view(windows))
        return features
