"""The verbs that train many runs as jobs."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ecgssl_core.errors import SettingsError, nearest

from .told import say

if TYPE_CHECKING:
    from ecgssl_core.corpus.pack import Pack
    from ecgssl_core.jobs.plan import Asked, Part
    from ecgssl_core.settings import Settings


def crossval(asked: argparse.Namespace) -> int:
    """Train and score arms over folds and seeds."""
    from ecgssl_core.jobs.plan import plan_crossval

    wanted = asked_of(asked)
    return _sweep(asked, wanted, plan_crossval(wanted, asked.arms))


def ablate(asked: argparse.Namespace) -> int:
    """Pretrain with one transformation, both or none, and score each."""
    from ecgssl_core.jobs.plan import plan_ablation

    wanted = asked_of(asked)
    return _sweep(asked, wanted, plan_ablation(wanted, asked.modalities, asked.lead_masking))


def asked_of(asked: argparse.Namespace) -> "Asked":
    """Give what the words of a sweep ask for, its folds, sources and encoders found to be there.

    Raises:
        SettingsError: a fold, a source or a number is not one.
        EcgError: the pack or its folds are missing or damaged, or there is no such encoder.
    """
    from ecgssl_core.corpus.folds import read_folds
    from ecgssl_core.corpus.pack import open_pack
    from ecgssl_core.jobs.beginnings import read_beginnings
    from ecgssl_core.jobs.plan import Asked
    from ecgssl_core.runs import open_run

    pack, words = open_pack(asked.pack), vars(asked)
    count, sources = read_folds(pack).count, _sources(pack, words.get("without", ()))
    return Asked(
        pack=asked.pack,
        # a source is held out once: folds only divide the others
        folds=_numbers("--folds", asked.folds, int, range(count)) or tuple(range(1 if sources else count)),
        seeds=_numbers("--seeds", asked.seeds, int),
        shares=_numbers("--shares", words.get("shares", ("1",)), float),
        unlabelled=tuple(asked.unlabelled),
        encoders={open_run(name, wanted="pretraining").settings().modality: name for name in words.get("encoders", ())},
        family=asked.family,
        changes=tuple(asked.changes),
        pretrain_changes=tuple(asked.pretrain_set),
        choose=words.get("choose", ""),
        pretrain_seed=asked.pretrain_seed,
        sources=sources or ("",),
        beginnings=read_beginnings(words.get("beginnings", ()), asked.pretrain_set),
        external=words.get("external", False),
        lead_sets=_lead_sets(words.get("leads", ())),
    )


def refuse_unready_packs(asked: "Asked", parts: "Sequence[Part]") -> None:
    """Stop a sweep whose runs could only fail: its packs are opened, and its finished pretrainings must be done.

    Raises:
        EcgError: a pack is missing, damaged or of another form, or a pretraining is none, or not done.
    """
    from ecgssl_core.corpus.pack import open_pack
    from ecgssl_core.inference.arranged import require_suited
    from ecgssl_core.training.pretrain import input_spec
    from ecgssl_core.training.ready import pretraining
    from ecgssl_core.training.recordings import leads_given

    trained = [part.settings for part in parts if part.settings.method != "baseline"]
    packs = {path: open_pack(path) for path in (asked.pack, *asked.unlabelled)}
    for settings in {one.input.model_dump_json() + str(one.data.leads): one for one in trained}.values():
        spec = input_spec(settings)
        leads_given(settings, spec)
        for pack in packs.values():
            require_suited(pack, spec)
    finished = {name for begun in asked.beginnings for name in begun.runs.values()}
    for name in sorted({*asked.encoders.values(), *finished}):
        pretraining(name)


def training_records(settings: "Settings") -> int:
    """Give how many records a training sees.

    Raises:
        EcgError: its packs or folds do not allow it.
    """
    from ecgssl_core.training.pretrain import choose_unlabelled
    from ecgssl_core.training.split import split

    if not settings.pretrains:
        return len(split(settings).train)
    return sum(len(rows) for _, rows in choose_unlabelled(settings).packs)


def _lead_sets(words: "Sequence[str]") -> tuple[tuple[str, ...], ...]:
    """Give the sets of leads of words such as `all` and `I+II`."""
    return tuple(() if word == "all" else tuple(filter(None, word.split("+"))) for word in words) or ((),)


def _sources(pack: "Pack", names: Sequence[str]) -> tuple[str, ...]:
    known = sorted(pack.table["source"].dropna().astype(str).unique())
    if tuple(names) == ("all",):
        return tuple(known)
    strange = next((name for name in names if name not in known), None)
    if strange is not None:
        raise SettingsError(f"{pack.name} has no source {strange!r}: {nearest(strange, known)}")
    return tuple(names)


def _numbers(word: str, texts: Sequence[str], kind: type, known: range | None = None) -> tuple[Any, ...]:
    try:
        numbers = tuple(kind(text) for text in texts)
    except ValueError as error:
        raise SettingsError(f"{word} takes numbers with commas between, not {','.join(texts)!r}.") from error
    strange = [number for number in numbers if known is not None and number not in known]
    if known is not None and strange:
        raise SettingsError(f"There is no fold {strange[0]}; the pack has the folds 0 to {known[-1]}.")
    return numbers


def _sweep(asked: argparse.Namespace, wanted: "Asked", parts: "list[Part]") -> int:
    from ecgssl_core.jobs import sweep_cost, wake
    from ecgssl_core.jobs.places import at_once, set_at_once
    from ecgssl_core.jobs.sweeps import begin, counts, queue_sweep
    from ecgssl_core.runs import data_root

    from .waiting import STOPPED, see_through

    root = data_root()
    hands = asked.at_once or (1 if asked.wait else at_once(root))
    if hands < 1:
        raise SettingsError("--at-once is at least 1.")
    refuse_unready_packs(wanted, parts)
    sweep = begin(asked.verb, asked.name, parts)
    say(f"{sweep.name}: {sweep_cost(parts, training_records).sentence(hands)}")
    runs = queue_sweep(sweep, parts)
    print(f"{sweep.name}: {len(runs)} runs", flush=True)
    if asked.wait:
        found = see_through(sweep, runs, root, hands)
        if found is None:
            return STOPPED
    else:
        if asked.at_once:
            set_at_once(root, asked.at_once)
        wake(root)
        found = counts(runs)
    print(", ".join(f"{number} {state}" for state, number in found.items()))
    return 0 if set(found) <= {"done", "queued", "starting", "running"} else 1
