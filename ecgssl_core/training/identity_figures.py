"""How well a network tells persons apart: figures by set of leads, on persons who did not train."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ecgssl_core.corpus.pack import Pack
from ecgssl_core.corpus.repeaters import Persons
from ecgssl_core.evaluation.coverage import binomial_interval
from ecgssl_core.evaluation.identification import (
    LEAST_IMPOSTORS,
    PLACES,
    equal_error_rate,
    found_share,
    mean_shares,
    pairs_of,
    rank_shares,
    ranks,
    refused_share,
    stands,
    taken_share,
    threshold_at,
)
from ecgssl_core.evaluation.person_draws import equal_rate_interval, rate_interval, share_interval
from ecgssl_core.inference.identity import Directions, directions
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.signals.lead_sets import LEAD_SETS, given_rows

RATES = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001)
REPORTED = (1e-2, 1e-3)
SIZES = (25, 50, 100, 250, 500, 1000, 2000)
RECORDINGS, CROPS = "recordings", "crops of one recording"
WEAKER = "two crops of one record: same day, same electrodes; weaker"
_GAPS = (("same day", 1.0), ("below 30 days", 30.0), ("below a year", 365.25), ("a year or more", np.inf))
_YEARS = 5.0  # between ages of people taken for alike

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Found:
    """Directions of the records of each part of the persons, with some leads given."""

    gallery: Directions
    probes: Directions
    strangers: Directions
    others: Directions


def tried(network: Encoder | Classifier, pack: Pack, persons: Persons, every_set: bool = True) -> dict[str, Any]:
    """Give how well a network tells persons apart, by set of leads, and by the weaker test of two crops of one record.

    Thresholds are chosen on pairs of `persons.others`; figures stand on the tested persons and on strangers.

    Args:
        network: an encoder, or a classifier whose features are taken.
        pack: the pack.
        persons: who is tested.
        every_set: also with fewer leads.
    """
    known: dict[bytes, dict[str, Any]] = {}
    sets = {}
    for name, leads in LEAD_SETS if every_set else LEAD_SETS[:1]:
        given = given_rows(network.spec.leads, leads)
        if given.tobytes() not in known:  # what follows from the same leads is worked out once
            known[given.tobytes()] = _set(network, pack, persons, given)
        sets[name] = {"leads": list(leads), **known[given.tobytes()]}
    return {
        "persons": len(persons.gallery),
        "strangers": len(persons.strangers),
        "deciding": len(persons.others),
        "order": persons.order,
        "weaker": WEAKER,
        "sets": sets,
    }


def _set(network: Encoder | Classifier, pack: Pack, persons: Persons, given: NDArray[np.bool_]) -> dict[str, Any]:
    rows = (persons.gallery, persons.probes, persons.strangers, persons.others)
    found = _Found(*(directions(network, pack, part, given) for part in rows))
    deciding = found.others.whole @ found.others.whole.T
    own = (found.probes.whole * found.gallery.whole).sum(axis=1)
    return {
        RECORDINGS: _of_recordings(found, deciding, persons.days),
        CROPS: _of_crops(found),
        "points": _points(deciding, own),
        "impostor_pairs": len(_upper(deciding)),
        "alike": _alike(deciding, pack, persons),
    }


def _of_recordings(found: _Found, deciding: Floats, days: Floats) -> dict[str, Any]:
    """Give the figures of two recordings of each tested person, in a gallery of all whose ECG is held out."""
    tested = found.probes.whole @ found.gallery.whole.T
    to_strangers = found.probes.whole @ found.strangers.whole.T
    to_others = found.probes.whole @ found.others.whole.T
    judged = np.concatenate([tested, to_strangers], axis=1)  # nobody on whom a threshold was chosen
    figures = _figures(judged, np.concatenate([judged, to_others], axis=1), _upper(deciding))
    places = ranks(tested, *[_names(len(tested))] * 2)
    return {**figures, "gaps": _by_gap(places, days)}


def _of_crops(found: _Found) -> dict[str, Any]:
    """Give the figures of the first and the last window of each held-out record that is long enough.

    All are ranked; error rates leave out those on whom thresholds are chosen.
    """
    judged, deciding = _crops(found.gallery, found.strangers), _crops(found.others)
    if len(judged) < 2 or len(deciding) < 2:
        return {"what": WEAKER, "probes": len(judged)}
    ranked = _crops(found.gallery, found.strangers, found.others)
    return {"what": WEAKER, **_figures(judged, ranked, deciding[~np.eye(len(deciding), dtype=bool)])}


def _crops(*parts: Directions) -> Floats:
    first = np.concatenate([part.first[part.apart] for part in parts])
    last = np.concatenate([part.last[part.apart] for part in parts])
    likeness: Floats = last @ first.T
    return likeness


def _figures(judged: Floats, ranked: Floats, impostor: Floats) -> dict[str, Any]:
    """Give ranks and error rates.

    Args:
        judged: (probes, persons) likenesses on which error rates are found; probe i is of person i.
        ranked: (probes, persons) likenesses among which ranks are found; probe i is of person i here too.
        impostor: likenesses on which thresholds are chosen.
    """
    probes, names = _names(len(ranked)), _names(ranked.shape[1])
    places, among_all = ranks(ranked[:, : len(ranked)], probes, probes), ranks(ranked, probes, names)
    pairs = pairs_of(judged, _names(len(judged)), _names(judged.shape[1]))
    sizes = sorted({size for size in SIZES if size < len(names)} | {len(probes), len(names)})
    return {
        "probes": len(probes),
        "gallery": len(names),
        "genuine_pairs": len(pairs.genuine),
        "impostor_pairs": len(pairs.impostor),
        "deciding_pairs": len(impostor),
        "rank": dict(zip(map(str, PLACES), rank_shares(places), strict=True)),
        "rank_interval": {str(place): _exact(places <= place) for place in PLACES},
        "rank_1_drawn": list(share_interval(places == 1)),
        "rank_among_all": dict(zip(map(str, PLACES), rank_shares(among_all), strict=True)),
        "rank_among_all_interval": {str(place): _exact(among_all <= place) for place in PLACES},
        "rank_by_size": {str(size): list(mean_shares(ranked, probes, names, size)) for size in sizes},
        "eer": equal_error_rate(pairs),
        "eer_interval": list(equal_rate_interval(judged)),
        "thresholds": {f"{rate:g}": _at(rate, judged, impostor) for rate in REPORTED},
    }


def _at(rate: float, judged: Floats, impostor: Floats) -> dict[str, Any]:
    """Give what a threshold does that was chosen for a false-match rate; what stands on too few pairs is left out."""
    threshold = threshold_at(impostor, rate)
    if not np.isfinite(threshold):
        return {
            "threshold": None,
            "why": f"{len(impostor):,} pairs decide, and {round(LEAST_IMPOSTORS / rate):,} are needed",
        }
    own = judged.diagonal()
    places = ranks(judged, _names(len(judged)), _names(judged.shape[1]))
    false = judged[np.arange(len(judged))[:, None] != np.arange(judged.shape[1])]
    return {
        "threshold": threshold,
        "fnmr": refused_share(own, threshold),
        "fnmr_interval": _exact(own < threshold),
        "fmr": taken_share(false, threshold) if stands(len(false), rate) else None,
        "found": found_share(places, own, threshold),
    }


def _points(deciding: Floats, own: Floats) -> list[dict[str, float]]:
    """Give the operating points that the pairs of two persons allow, as a bundle keeps them."""
    points = []
    impostor = _upper(deciding)
    for rate in RATES:
        threshold = threshold_at(impostor, rate)
        if not np.isfinite(threshold):
            break
        low, high = rate_interval(deciding, threshold)
        missed_low, missed_high = _exact(own < threshold)
        points.append(
            {
                "rate": rate,
                "threshold": threshold,
                "matched": taken_share(impostor, threshold),
                "matched_low": low,
                "matched_high": high,
                "missed": refused_share(own, threshold),
                "missed_low": missed_low,
                "missed_high": missed_high,
            }
        )
    return points


def _alike(deciding: Floats, pack: Pack, persons: Persons) -> dict[str, Any]:
    """Give how often two persons who have something in common match where one in a hundred pairs of any two do."""
    table = pack.table.iloc[persons.others]
    ages = table["age"].to_numpy(dtype=float)
    near = np.abs(ages[:, None] - ages[None]) <= _YEARS
    common = {"sex and age": _equal(table["sex"].fillna("")) & near, "source": _equal(table["source"].fillna(""))}
    threshold = threshold_at(_upper(deciding), 1e-2)
    found = {}
    for name, same in common.items():
        some = deciding[same & np.triu(np.ones_like(same), 1)]
        found[name] = {"pairs": len(some), "fmr": taken_share(some, threshold) if stands(len(some), 1e-2) else None}
    return found


def _equal(names: pd.Series) -> NDArray[np.bool_]:
    """Tell for each pair whether both have the same name, and have one."""
    values = names.to_numpy(dtype=object)
    same: NDArray[np.bool_] = (values[:, None] == values[None]) & (values[:, None] != "")
    return same


def _by_gap(places: NDArray[np.int64], days: Floats) -> dict[str, dict[str, int]]:
    """Give how many persons were found, by the days between their recordings."""
    found, before = {}, -np.inf
    for name, end in _GAPS:
        there = (days >= before) & (days < end)
        found[name] = {"persons": int(there.sum()), "right": int((places[there] == 1).sum())}
        before = end
    unknown = np.isnan(days)
    found["unknown"] = {"persons": int(unknown.sum()), "right": int((places[unknown] == 1).sum())}
    return found


def _names(count: int) -> NDArray[np.object_]:
    return np.arange(count).astype(object)


def _upper(square: Floats) -> Floats:
    """Give the entries of all pairs of two, each once."""
    return square[np.triu_indices(len(square), 1)]


def _exact(hits: NDArray[np.bool_]) -> list[float]:
    low, high = binomial_interval(np.array(int(hits.sum())), np.array(len(hits)))
    return [float(low), float(high)]
