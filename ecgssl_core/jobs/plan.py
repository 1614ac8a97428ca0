"""Folds × arms × seeds as a list of parts, pretrainings before the fine-tunings that need them."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ecgssl_core.errors import SettingsError
from ecgssl_core.settings import Modality, Settings, load_preset, override, setting_names

from .arms import BASELINES, arm_settings, modalities_pretrained

TRANSFORMS: dict[Modality, dict[str, list[str]]] = {
    "time": {
        "none": ["views.time.cutout=false", "views.time.noise=false"],
        "TC": ["views.time.cutout=true", "views.time.noise=false"],
        "GN": ["views.time.cutout=false", "views.time.noise=true"],
        "T1": ["views.time.cutout=true", "views.time.noise=true"],
    },
    "spectrogram": {
        "none": ["views.spectrogram.cutout=false", "views.spectrogram.frequency_cutout=false"],
        "TC": ["views.spectrogram.cutout=true", "views.spectrogram.frequency_cutout=false"],
        "FC": ["views.spectrogram.cutout=false", "views.spectrogram.frequency_cutout=true"],
        "T2": ["views.spectrogram.cutout=true", "views.spectrogram.frequency_cutout=true"],
    },
}
"""The columns of Figure 3 of Phan et al. 2022: which transformations make the views."""

_LEAD_MASKING = "RLM"


@dataclass(frozen=True)
class Asked:
    """What a sweep is asked for.

    pack: what is trained on; unlabelled: further packs of the pretrainings; encoders: a pretraining run for each
    modality that serves all folds, in place of pretrainings of their own; family: presets; changes, pretrain_changes:
    `part.name=value` of fine-tunings and of pretrainings; choose: `part.name=v1,v2`, each tried in every cell, where
    validation decides; pretrain_seed: one for all pretrainings, in place of the cell's own; sources: each held out as a
    whole in place of the fold, "" for the fold.
    """

    pack: Path
    folds: tuple[int, ...]
    seeds: tuple[int, ...]
    shares: tuple[float, ...] = (1.0,)
    unlabelled: tuple[Path, ...] = ()
    encoders: Mapping[Modality, str] = field(default_factory=dict)
    family: str = "quick"
    changes: tuple[str, ...] = ()
    pretrain_changes: tuple[str, ...] = ()
    choose: str = ""
    pretrain_seed: int | None = None
    sources: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class Part:
    """One run of a sweep: its name in it, its verb, its settings but for encoders, and the parts that must be done."""

    name: str
    verb: Literal["pretrain", "finetune"]
    settings: Settings
    needs: tuple[str, ...] = field(default=())


def plan_crossval(asked: Asked, arms: tuple[str, ...]) -> list[Part]:
    """Give the parts of folds × arms × seeds × shares of labels.

    Raises:
        SettingsError: an arm, preset or change is wrong, or there is nothing to do.
    """
    parts: dict[str, Part] = {}
    for seed, fold, source, arm in itertools.product(asked.seeds, asked.folds, asked.sources, arms):
        wanted = modalities_pretrained(arm) if not asked.encoders else ()
        before = [_pretraining(asked, modality, fold, seed) for modality in wanted]
        for part in (*before, *_finetunings(asked, arm, fold, seed, before)):
            held = _without(part, source, {one.name for one in before})
            parts.setdefault(held.name, held)
    return _in_order(parts)


def _without(part: Part, source: str, before: set[str]) -> Part:
    """Give a part of a cell that holds a source out, with that in its name."""
    if not source:
        return part
    data = part.settings.data.model_copy(update={"source": source})
    needs = tuple(f"{name} without {source}" if name in before else name for name in part.needs)
    return Part(f"{part.name} without {source}", part.verb, part.settings.model_copy(update={"data": data}), needs)


def plan_ablation(asked: Asked, modalities: tuple[Modality, ...], masking: bool) -> list[Part]:
    """Give the parts of Figure 3 of Phan et al. 2022: pretrained with no, one or both transformations, then fine-tuned.

    Args:
        asked: what on; its encoders are of no use here.
        modalities: whose transformations.
        masking: whether random lead masking is tried beside them.

    Raises:
        SettingsError: a preset or change is wrong, or there is nothing to do.
    """
    parts: dict[str, Part] = {}
    for seed, fold, modality in itertools.product(asked.seeds, asked.folds, modalities):
        # the figure knows no lead masking, whatever the preset does
        kinds = {kind: [*changes, "views.lead_masking=false"] for kind, changes in TRANSFORMS[modality].items()}
        if masking:
            kinds[_LEAD_MASKING] = [*kinds["none"], "views.lead_masking=true"]
        arm = "SSL-T" if modality == "time" else "SSL-S"
        for kind, changes in kinds.items():
            before = [_pretraining(asked, modality, fold, seed, kind, changes)]
            for part in (*before, *_finetunings(asked, arm, fold, seed, before, f" {kind}")):
                parts.setdefault(part.name, part)
    return _in_order(parts)


def _pretraining(
    asked: Asked, modality: Modality, fold: int, seed: int, kind: str = "", changes: list[str] | None = None
) -> Part:
    seed = seed if asked.pretrain_seed is None else asked.pretrain_seed
    settings = override(load_preset(f"{asked.family}-{modality}"), [*asked.pretrain_changes, *(changes or [])])
    settings = _placed(settings, asked, fold, seed, 1.0)
    part = settings.data.model_copy(update={"unlabelled": tuple(str(path.absolute()) for path in asked.unlabelled)})
    name = " ".join(filter(None, [f"pretrain {modality}", kind, f"fold {fold} seed {seed}"]))
    return Part(name, "pretrain", settings.model_copy(update={"data": part}))


def _finetunings(asked: Asked, arm: str, fold: int, seed: int, before: list[Part], kind: str = "") -> Iterator[Part]:
    for share, choice in itertools.product(asked.shares, _choices(asked.choose)):
        if arm in BASELINES and choice != _choices(asked.choose)[0]:
            continue  # a baseline has no learning rate to choose
        settings = arm_settings(arm, asked.family, [*asked.changes, *choice])
        settings = _placed(settings, asked, fold, seed, share)
        if asked.encoders:
            part = settings.data.model_copy(update={"encoders": _encoders(asked, arm)})
            settings = settings.model_copy(update={"data": part})
        name = f"{arm}{kind} fold {fold} seed {seed} labels {share:g}"
        yield Part(" ".join([name, *choice]), "finetune", settings, tuple(part.name for part in before))


def _encoders(asked: Asked, arm: str) -> tuple[str, ...]:
    wanted = modalities_pretrained(arm)
    missing = [modality for modality in wanted if modality not in asked.encoders]
    if missing:
        raise SettingsError(f"{arm} needs a {missing[0]} encoder as well; name a pretraining of one after --from.")
    return tuple(asked.encoders[modality] for modality in wanted)


def _choices(choose: str) -> list[list[str]]:
    if not choose:
        return [[]]
    key, equals, values = choose.partition("=")
    if not equals or key not in setting_names():
        raise SettingsError(f"{choose!r} is not of the form part.name=value,value with a setting's name.")
    return [[f"{key}={value}"] for value in values.split(",")]


def _placed(settings: Settings, asked: Asked, fold: int, seed: int, share: float) -> Settings:
    data = settings.data.model_copy(update={"pack": str(asked.pack.absolute()), "fold": fold, "label_share": share})
    training = settings.training.model_copy(update={"seed": seed})
    return settings.model_copy(update={"data": data, "training": training})


def _in_order(parts: dict[str, Part]) -> list[Part]:
    if not parts:
        raise SettingsError("The sweep is empty: name at least one fold, one seed and one arm.")
    return list(parts.values())
