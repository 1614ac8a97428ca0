"""A training as a person would type it, made of what was chosen on the Train page; only differences from the preset."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.corpus.source import label_set_of
from ecgssl_core.runs import value_of
from ecgssl_core.settings import Settings, load_preset, override


@dataclass(frozen=True)
class Choice:
    """What was chosen.

    Args:
        preset: its name.
        pack: folder of the pack.
        fold: the fold that nothing may see before it is scored; -1 holds none back.
        unlabelled: further packs, for pretraining.
        encoders: pretraining runs, for fine-tuning.
        values: settings by their dotted names.
    """

    preset: str
    pack: Path
    fold: int
    unlabelled: tuple[Path, ...]
    encoders: tuple[str, ...]
    values: Mapping[str, Any]


def job_words(choice: Choice) -> list[str]:
    """Give the words that a person would type after `python -m ecgssl_core`."""
    base = load_preset(choice.preset)
    words = ["pretrain" if base.pretrains else "finetune", str(choice.pack)]
    words += ["--preset", choice.preset, "--fold", str(choice.fold)]
    words += ["--unlabelled", *map(str, choice.unlabelled)] if choice.unlabelled else []
    words += ["--from", *choice.encoders] if choice.encoders else []
    for change in changes(base, choice.values):
        words += ["--set", change]
    return words


def command_line(words: Sequence[str], root: Path) -> str:
    """Give words as a line for a shell, the data folder named before them."""
    return f"ECGSSL_DATA={shlex.quote(str(root))} python -m ecgssl_core {shlex.join(words)}"


def merged(choice: Choice) -> Settings:
    """Give the merged whole that the words amount to, but for the label set, which needs a look into the pack.

    Raises:
        SettingsError: a value is out of its limits, or two do not fit together.
    """
    base = load_preset(choice.preset)
    data = {
        "pack": str(choice.pack),
        "fold": choice.fold,
        "unlabelled": tuple(map(str, choice.unlabelled)),
        "encoders": choice.encoders,
    }
    settings = override(base, changes(base, choice.values))
    return settings.model_copy(update={"data": settings.data.model_copy(update=data)})


def job_settings(choice: Choice) -> Settings:
    """Give the merged whole that the words amount to.

    Raises:
        SettingsError: a value is out of its limits, or two do not fit together.
        CorpusError: the pack is gone.
    """
    settings = merged(choice)
    if "data.classes" in choice.values:
        return settings
    classes = label_set_of(choice.pack, str(open_pack(choice.pack).manifest.get("source", "")))
    return settings.model_copy(update={"data": settings.data.model_copy(update={"classes": classes})})


def changes(base: Settings, values: Mapping[str, Any]) -> list[str]:
    """Give `part.name=value` for each value that differs from the preset's, in the order of the form."""
    return [f"{name}={json.dumps(value)}" for name, value in values.items() if value != value_of(base, name)]
