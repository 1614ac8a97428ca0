"""The verbs that train one run, or say how long a step of it takes."""

import argparse
import statistics
from pathlib import Path
from typing import Any

from ecgssl_core.errors import SettingsError
from ecgssl_core.settings import DataSettings, Settings, load_preset, override

from .told import print_tree


def pretrain(asked: argparse.Namespace) -> int:
    """Train an encoder without labels."""
    from ecgssl_core.training.work import work

    return work(asked.run, lambda: _pretraining(asked), "pretrain")


def finetune(asked: argparse.Namespace) -> int:
    """Train a classifier and score it."""
    from ecgssl_core.training.work import work

    return work(asked.run, lambda: _finetuning(asked), "finetune")


def measure(asked: argparse.Namespace) -> int:
    """Say how long a step of a training takes here."""
    from ecgssl_core.training.trial import try_steps

    settings = override(load_preset(asked.preset), asked.changes)
    seconds = try_steps(settings)
    batch, middle = settings.training.batch, statistics.median(seconds)
    print_tree(
        {"preset": settings.preset, "seconds_of_a_step": middle * batch, "seconds_of_a_record": seconds}, asked.json
    )
    return 0


def _pretraining(asked: argparse.Namespace) -> Settings:
    settings = _settings(asked, {"unlabelled": _further(asked)})
    if not settings.pretrains:
        raise SettingsError(f"The preset {settings.preset} is for finetune; take one for pretraining.")
    return settings


def _finetuning(asked: argparse.Namespace) -> Settings:
    settings = _settings(asked, {"encoders": tuple(asked.encoders), "unlabelled": _further(asked)})
    if settings.pretrains:
        raise SettingsError(f"The preset {settings.preset} is for pretrain; take one for fine-tuning.")
    if settings.data.unlabelled and settings.method != "arcface":
        raise SettingsError("--unlabelled is for pretrain, and for finetune where persons are told apart.")
    return settings


def _further(asked: argparse.Namespace) -> tuple[str, ...]:
    return tuple(str(path.absolute()) for path in asked.unlabelled)


def _settings(asked: argparse.Namespace, data: dict[str, Any]) -> Settings:
    if asked.preset is None:
        raise SettingsError("A training needs --preset NAME, or --run RUN to go on with one.")
    settings = override(load_preset(asked.preset), asked.changes)
    if not any(change.startswith("data.classes=") for change in asked.changes):
        data["classes"] = _classes(asked.pack)
    part = settings.data.model_copy(update={"pack": str(asked.pack.absolute()), "fold": asked.fold, **data})
    return settings.model_copy(update={"data": part})


def _classes(pack: Path) -> str:
    from ecgssl_core.corpus.pack import MANIFEST, open_pack
    from ecgssl_core.corpus.source import label_set_of

    if not (pack / MANIFEST).is_file():
        return DataSettings().classes  # the training says what is wrong with the pack
    return label_set_of(pack.absolute(), str(open_pack(pack).manifest.get("source", "")))
