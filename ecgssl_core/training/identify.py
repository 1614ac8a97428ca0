"""Telling persons apart: an encoder learns persons of the training part, and is tried on others, once."""

from pathlib import Path
from typing import Any

import torch

from ecgssl_core.corpus.leaks import hashes_seen
from ecgssl_core.corpus.pack import Pack, open_pack
from ecgssl_core.corpus.recorded import recording_dates
from ecgssl_core.corpus.repeaters import Persons, part_persons
from ecgssl_core.errors import SettingsError
from ecgssl_core.inference.arranged import require_suited
from ecgssl_core.models.bundle import rounded
from ecgssl_core.runs import RunDir, open_run
from ecgssl_core.settings import Settings
from ecgssl_core.signals.spec import InputSpec

from .identity_figures import tried
from .loader import Loader
from .norm_statistics import settle_statistics
from .pretrain import FromWindows, input_spec, new_method
from .progress import say
from .provenance import provenance
from .recordings import Recordings
from .statistics import with_statistics
from .takeover import load_encoder, seen_by, spec_with
from .train import train, use_device


def identify(settings: Settings, run: RunDir) -> bool:
    """Train an encoder to tell persons apart, and write how well it does on persons who did not train.

    Args:
        settings: everything that decides the run; `data.encoders` names one pretraining or none.
        run: its folder.

    Returns:
        Whether it came to its end; False if it was asked to stop.

    Raises:
        EcgError: packs, folds, encoders, device or loss do not allow it.
    """
    device = use_device(settings)
    pack, persons = choose_persons(settings)
    encoders = [open_run(name, wanted="pretraining") for name in settings.data.encoders]
    held = set(hashes_seen(pack, persons.held))
    before = set[str]().union(*(seen_by(one, held, settings) for one in encoders))
    seen = before.union(*(hashes_seen(one, rows) for one, rows in persons.train))
    say(f"Reading {sum(len(rows) for _, rows in persons.train):,} records to train on")
    recordings = Recordings.of(persons.train, input_spec(settings)).to(device)
    spec = input_spec(settings)
    spec = with_statistics(spec, recordings) if settings.input.standardise else spec
    spec = spec_with(spec, encoders, settings)
    part = settings.identity.model_copy(update={"persons": int(recordings.patients.max()) + 1})
    torch.manual_seed(settings.training.seed)
    method = new_method(settings.model_copy(update={"identity": part}), spec)
    loaded = [load_encoder(method.encoder, one, settings.classifier.take) for one in encoders]
    run.write_provenance(
        {
            **provenance(settings, device),
            "packs": [one.digest for one, _ in persons.train],
            "records": len(recordings),
            "persons": part.persons,
            "seen": sorted(seen.union(hashes_seen(pack, persons.others))),
            "spec": spec.as_json(),
            "loaded": loaded,
        }
    )
    method = method.to(device)
    loader = Loader(recordings, None, settings.training.batch, method.source_samples, settings.training.seed)

    def settle(epoch: int, _means: dict[str, float]) -> dict[str, float]:
        run.beat()
        if epoch + 1 == settings.training.epochs:  # before the last checkpoint, which is what a release loads
            settle_statistics(FromWindows(method.encoder), method.encoder.spec, recordings, settings.training.seed)
        return {}

    if not train(method, loader, settings, run, settle):
        return False
    say(f"Telling {len(persons.gallery)} persons apart")
    run.write_identification(
        {
            **tried(rounded(method.encoder), pack, persons),
            "exposure": _exposure(before, held, encoders),
            "frozen": _frozen(settings, spec, encoders[0], pack, persons) if encoders else None,
        }
    )
    return True


def choose_persons(settings: Settings) -> tuple[Pack, Persons]:
    """Give the pack whose persons are tested, and who is on which side.

    Raises:
        EcgError: the packs, the folds or the table of dates do not allow it.
        SettingsError: nothing is pretrained, and the convolutions would stay as they were drawn.
    """
    part = settings.data
    if not part.encoders and settings.encoder.series == "wav2vec" and settings.encoder.frame_gradient == 0:
        raise SettingsError(
            "Without --from the convolutions would stay as they were drawn: add --set encoder.frame_gradient=0.1."
        )
    if len(part.encoders) > 1:
        raise SettingsError("Telling persons apart begins with one pretraining; name one after --from.")
    pack = open_pack(Path(part.pack))
    further = [open_pack(Path(name)) for name in part.unlabelled]
    for one in (pack, *further):
        require_suited(one, input_spec(settings))
    dates = recording_dates(Path(settings.identity.dates), pack) if settings.identity.dates else None
    return pack, part_persons(pack, further, part.fold, settings.identity.deciding_folds, dates)


def _frozen(settings: Settings, spec: InputSpec, run: RunDir, pack: Pack, persons: Persons) -> dict[str, Any]:
    """Give how far pretrained features tell persons apart that nothing taught them: a figure of privacy."""
    encoder = new_method(settings, spec).encoder
    load_encoder(encoder, run, settings.classifier.take)
    return {"run": run.name, **tried(encoder, pack, persons, every_set=False)}


def _exposure(before: set[str], held: set[str], encoders: list[RunDir]) -> dict[str, Any]:
    """Give how many of the held-out records the pretraining had seen, without knowing whose they are."""
    name = "fold_pure" if not before & held else "transductive"
    return {"name": name, "seen": len(before & held), "held": len(held), "pretrained": bool(encoders)}
