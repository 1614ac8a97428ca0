"""Folds × arms × seeds as a list of parts, pretrainings before the fine-tunings that need them."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ecgssl_core.errors import SettingsError
from ecgssl_core.settings import Modality, Settings, load_preset, override, setting_names

from .arms import BASELINES, arm_settings, modalities_pretrained, pretraining_preset
from .beginnings import Beginning

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
    whole in place of the fold, "" for the fold; beginnings: kinds of pretraining, from each of which every SSL- arm
    begins; external: pretrainings see the unlabelled packs alone, once for all folds; lead_sets: leads that
    fine-tunings read, () for all.
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
    beginnings: tuple[Beginning, ...] = ()
    external: bool = False
    lead_sets: tuple[tuple[str, ...], ...] = ((),)


@dataclass(frozen=True)
class Part:
    """One run of a sweep: its name in it, its verb, its settings but for encoders, and the parts that must be done."""

    name: str
    verb: Literal["pretrain", "finetune"]
    settings: Settings
    needs: tuple[str, ...] = field(default=())


def plan_crossval(asked: Asked, arms: tuple[str, ...]) -> list[Part]:
    """Give the parts of folds × arms × kinds of pretraining × seeds × shares of labels × sets of leads.

    Raises:
        SettingsError: an arm, preset or change is wrong, or there is nothing to do.
    """
    if asked.external and not asked.unlabelled:
        raise SettingsError("Pretrainings that see nothing of the pack need other packs: name them with --unlabelled.")
    parts: dict[str, Part] = {}
    for seed, fold, source, arm in itertools.product(asked.seeds, asked.folds, asked.sources, arms):
        for begun in _beginnings(asked, arm):
            before = _before(asked, arm, begun, fold, seed)
            of_cell = set() if asked.external else {one.name for one in before}
            for part in (*before, *_finetunings(asked, arm, fold, seed, before, begun=begun)):
                alone = part.verb == "pretrain" and asked.external
                held = part if alone else _without(part, source, of_cell)
                parts.setdefault(held.name, held)
    return _in_order(parts)


def _beginnings(asked: Asked, arm: str) -> Sequence[Beginning | None]:
    """Give the kinds of pretraining that an arm is tried with; None for one that begins from nothing, or as ever."""
    wanted = modalities_pretrained(arm)
    if not wanted or not asked.beginnings:
        return (None,)
    other = next((one for one in asked.beginnings if (one.modality,) != wanted), None)
    if other is not None:
        raise SettingsError(f"{arm} cannot begin from {other.name} alone, which trains a {other.modality} encoder.")
    return asked.beginnings


def _before(asked: Asked, arm: str, begun: Beginning | None, fold: int, seed: int) -> list[Part]:
    """Give the pretrainings that must be done before an arm."""
    if asked.encoders or (begun is not None and begun.settings is None):
        return []
    if begun is None:
        return [_pretraining(asked, modality, fold, seed) for modality in modalities_pretrained(arm)]
    return [_pretraining(asked, begun.modality, fold, seed, begun=begun)]


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
    asked: Asked,
    modality: Modality,
    fold: int,
    seed: int,
    kind: str = "",
    changes: list[str] | None = None,
    begun: Beginning | None = None,
) -> Part:
    seed = seed if asked.pretrain_seed is None else asked.pretrain_seed
    if begun is not None and begun.settings is not None:
        settings = begun.settings
    else:
        preset = load_preset(pretraining_preset(asked.family, modality))
        settings = override(preset, [*asked.pretrain_changes, *(changes or [])])
    settings = _placed(settings, asked, -1 if asked.external else fold, seed, 1.0)
    further = tuple(str(path.absolute()) for path in asked.unlabelled)
    exposure = "external_pure" if asked.external else settings.data.exposure
    part = settings.data.model_copy(update={"unlabelled": further, "exposure": exposure})
    of_fold = "" if asked.external else f"fold {fold} "
    what = begun.name if begun is not None else modality
    name = " ".join(filter(None, [f"pretrain {what}", kind, f"{of_fold}seed {seed}"]))
    return Part(name, "pretrain", settings.model_copy(update={"data": part}))


def _finetunings(
    asked: Asked,
    arm: str,
    fold: int,
    seed: int,
    before: list[Part],
    kind: str = "",
    begun: Beginning | None = None,
) -> Iterator[Part]:
    choices = _choices(asked.choose)
    for share, leads, choice in itertools.product(asked.shares, asked.lead_sets, choices):
        if arm in BASELINES and (choice, leads) != (choices[0], asked.lead_sets[0]):
            continue  # a baseline has no learning rate to choose, and no leads
        settings = arm_settings(arm, asked.family, [*asked.changes, *choice])
        settings = _placed(settings, asked, fold, seed, share)
        told: dict[str, object] = {} if arm in BASELINES else {"leads": leads}
        if begun is not None:
            told |= {"begun": begun.name, "encoders": () if begun.settings else (begun.run_for(seed),)}
        elif asked.encoders:
            told |= {"encoders": _encoders(asked, arm)}
        if asked.external and modalities_pretrained(arm):
            told |= {"exposure": "external_pure"}
        settings = settings.model_copy(update={"data": settings.data.model_copy(update=told)})
        of = f" {begun.name}" if begun is not None else ""
        name = f"{arm}{of}{kind} fold {fold} seed {seed} labels {share:g}"
        reads = [f"leads {','.join(leads)}"] if leads else []
        yield Part(" ".join([name, *reads, *choice]), "finetune", settings, tuple(part.name for part in before))


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
