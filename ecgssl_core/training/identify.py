"""Telling persons apart: an encoder learns persons of the training part, and is tried on others, once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ecgssl_core.corpus.leaks import hashes_seen
from ecgssl_core.corpus.pack import Pack, open_pack
from ecgssl_core.corpus.repeaters import Persons, part_persons
from ecgssl_core.evaluation.coverage import binomial_interval
from ecgssl_core.evaluation.identification import (
    Pairs,
    equal_error_rate,
    mean_shares,
    pairs_of,
    rank_shares,
    ranks,
    refused_share,
    taken_share,
    threshold_at,
)
from ecgssl_core.inference.identity import Directions, directions
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.runs import RunDir, open_run
from ecgssl_core.settings import Settings
from ecgssl_core.signals.lead_sets import LEAD_SETS, given_rows
from ecgssl_core.signals.spec import InputSpec

from .loader import Loader
from .pretrain import input_spec, new_method
from .provenance import provenance
from .recordings import Recordings
from .statistics import with_statistics
from .takeover import load_encoder, seen_by, spec_with
from .train import train, use_device

RATES = (1e-2, 1e-3)
SIZES = (25, 50, 100, 250, 500, 1000)
_DRAWS = 1000


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
    pack = open_pack(Path(settings.data.pack))
    persons = part_persons(pack, [open_pack(Path(name)) for name in settings.data.unlabelled], settings.data.fold)
    encoders = [open_run(name) for name in settings.data.encoders]
    held = set(hashes_seen(pack, persons.held))
    seen = {digest for one, rows in persons.train for digest in hashes_seen(one, rows)}
    seen = seen.union(*(seen_by(one, held, settings) for one in encoders))
    recordings = Recordings.of(persons.train, input_spec(settings)).to(device)
    spec = input_spec(settings)
    spec = with_statistics(spec, recordings) if settings.input.standardise else spec
    spec = spec_with(spec, encoders, settings)
    part = settings.identity.model_copy(update={"persons": int(recordings.patients.max()) + 1})
    torch.manual_seed(settings.training.seed)
    method = new_method(settings.model_copy(update={"identity": part}), spec)
    loaded = [load_encoder(method.encoder, one, settings.classifier.take) for one in encoders[:1]]
    run.write_provenance(
        {
            **provenance(settings, device),
            "packs": [one.digest for one, _ in persons.train],
            "records": len(recordings),
            "persons": part.persons,
            "seen": sorted(seen),
            "spec": spec.as_json(),
            "loaded": loaded,
        }
    )
    method = method.to(device)
    loader = Loader(recordings, None, settings.training.batch, method.source_samples, settings.training.seed)
    if not train(method, loader, settings, run):
        return False
    run.write_identification(tried(method.encoder, pack, persons, spec))
    return True


def tried(encoder: Encoder, pack: Pack, persons: Persons, spec: InputSpec) -> dict[str, Any]:
    """Give how well an encoder tells persons apart, by set of leads, and by the weaker test of two crops of one record.

    Thresholds are chosen on pairs of strangers; figures stand on the tested persons.
    """
    found = {name: _set(encoder, pack, persons, given_rows(spec.leads, leads)) for name, leads in LEAD_SETS}
    return {
        "persons": len(persons.gallery),
        "strangers": len(persons.strangers),
        "order": "by name: packs hold no dates",
        "sets": found,
    }


def _set(encoder: Encoder, pack: Pack, persons: Persons, given: NDArray[np.bool_]) -> dict[str, Any]:
    first, second, others = (
        directions(encoder, pack, rows, given) for rows in (persons.gallery, persons.probes, persons.strangers)
    )
    begins, ends = (directions(encoder, pack, persons.strangers, given, part) for part in ("first", "last"))
    names = np.array([f"tested {place}" for place in range(len(first))], dtype=object)
    strange = np.array([f"stranger {place}" for place in range(len(others))], dtype=object)
    return {
        "recordings": _figures(second @ first.T, second @ others.T, names, strange, _impostors(others)),
        "crops of one recording": _figures(ends @ begins.T, None, strange, None, _impostors(begins)),
    }


def _figures(
    likeness: Directions,
    to_strangers: Directions | None,
    names: NDArray[np.object_],
    strangers: NDArray[np.object_] | None,
    chosen_on: NDArray[np.float64],
) -> dict[str, Any]:
    whole = likeness if to_strangers is None else np.concatenate([likeness, to_strangers], axis=1)
    gallery = names if strangers is None else np.concatenate([names, strangers])
    places = ranks(likeness, names, names)
    pairs = pairs_of(whole, names, gallery)
    sizes = sorted({size for size in SIZES if size < len(gallery)} | {len(names), len(gallery)})
    hits = [int((places <= place).sum()) for place in (1, 5)]
    low, high = binomial_interval(np.array(hits), np.array([len(names)] * 2))
    return {
        "probes": len(names),
        "genuine_pairs": len(pairs.genuine),
        "impostor_pairs": len(pairs.impostor),
        "rank": dict(zip(("1", "5", "10"), rank_shares(places), strict=True)),
        "rank_interval": {"1": [float(low[0]), float(high[0])], "5": [float(low[1]), float(high[1])]},
        "rank_by_size": {str(size): list(mean_shares(whole, names, gallery, size)) for size in sizes},
        "eer": equal_error_rate(pairs),
        "eer_interval": _bootstrapped(whole, names, gallery),
        "thresholds": {str(rate): _at(rate, pairs, chosen_on) for rate in RATES},
    }


def _at(rate: float, pairs: Pairs, chosen_on: NDArray[np.float64]) -> dict[str, float]:
    threshold = threshold_at(chosen_on, rate)
    refused, taken = refused_share(pairs.genuine, threshold), taken_share(pairs.impostor, threshold)
    return {"threshold": threshold, "fnmr": refused, "fmr": taken}


def _impostors(found: Directions) -> NDArray[np.float64]:
    """Give the likenesses of all pairs of different persons."""
    return (found @ found.T)[np.triu_indices(len(found), 1)]


def _bootstrapped(likeness: Directions, probes: NDArray[np.object_], gallery: NDArray[np.object_]) -> list[float]:
    """Give the 2.5 and 97.5 % points of the equal error rate over draws of the tested persons."""
    found = np.fromiter(_redrawn(likeness, len(probes), len(gallery)), float)
    return [float(end) for end in np.nanquantile(found, [0.025, 0.975])]


def _redrawn(likeness: Directions, probes: int, gallery: int) -> Iterator[float]:
    generator = np.random.default_rng(0)
    own = np.arange(probes)
    rest = np.arange(probes, gallery)
    for _ in range(_DRAWS):
        drawn = generator.choice(own, probes)
        part = likeness[np.ix_(drawn, np.concatenate([drawn, rest]))]
        same = drawn[:, None] == np.concatenate([drawn, rest])[None]
        yield equal_error_rate(Pairs(part[same], part[~same]))
