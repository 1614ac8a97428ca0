"""Whether records are of one person: compared on the leads that they share, and the nearest in a gallery."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ecgssl_core import PURPOSE
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.identifier import load_identifier
from ecgssl_core.models.identity import Identity
from ecgssl_core.models.manifest import read_manifest
from ecgssl_core.records import Reading, Record, check_quality
from ecgssl_core.signals.lead_sets import given_rows
from ecgssl_core.signals.spec import arrange

from .arranged import whole
from .identity import unit, window_features
from .likeness import MIX_UP, Likeness, compared_on, likeness_of, not_compared

_LONGEST_S = 600.0  # of a record; what follows is not read

Direction = NDArray[np.float64]


class Comparer:
    """Compares records; what was worked out of a record and a set of leads is kept.

    Args:
        encoder: tells persons apart.
        identity: what is known of it.
    """

    def __init__(self, encoder: Encoder, identity: Identity) -> None:
        self.encoder, self.identity = encoder, identity
        self._directions: dict[tuple[str, tuple[str, ...]], Direction] = {}
        self._refusals: dict[str, str | None] = {}

    def compare(self, first: Record, second: Record) -> Likeness:
        """Give how alike two records are, or why they are not compared."""
        for record in (first, second):
            refusal = self._refusal(record)
            if refusal is not None:
                return not_compared(first, second, f"Not compared: {record.name}. {refusal}")
        tried, leads = compared_on(self.identity, first, second)
        spec = self.identity.spec
        if not leads:
            return not_compared(first, second, "Not compared: the two records share no lead that the model reads.")
        if leads != spec.leads and not spec.fewer_leads:
            return not_compared(first, second, f"Not compared: the model reads all of {', '.join(spec.leads)}.")
        similarity = float(self._direction(first, leads) @ self._direction(second, leads))
        return likeness_of(
            (first.name, second.name),
            tried,
            leads,
            min(max(similarity, -1.0), 1.0),
            seen=bool({first.digest, second.digest} & set(self.identity.seen)),
            same_signal=first.digest == second.digest,
        )

    def _direction(self, record: Record, leads: tuple[str, ...]) -> Direction:
        key = (record.digest, leads)
        if key not in self._directions:
            spec = self.identity.spec
            signal = whole(record)[:, : round(_LONGEST_S * record.rate)]
            given = given_rows(spec.leads, leads)
            signal = np.where(given[:, None], arrange(signal, record.rate, record.leads, spec), np.float32(0))
            self._directions[key] = unit(window_features(self.encoder, signal, spec).mean(axis=0))
        return self._directions[key]

    def _refusal(self, record: Record) -> str | None:
        if record.digest not in self._refusals:
            self._refusals[record.digest] = check_quality(record).blocked
        return self._refusals[record.digest]


def nearest(comparer: Comparer, gallery: Sequence[Record], probe: Record, most: int) -> list[Likeness]:
    """Give the records of a gallery that are most like a probe, the nearest first; those not compared come last."""
    found = [comparer.compare(one, probe) for one in gallery]
    return sorted(found, key=lambda one: -2.0 if one.similarity is None else one.similarity, reverse=True)[:most]


def identify(model: Path, gallery: Reading, probes: Reading, most: int) -> dict[str, Any]:
    """Give the JSON form of `identify`: for each probe the nearest records of the gallery.

    Args:
        model: folder of a bundle.
        gallery: among whom is looked.
        probes: who is looked for.
        most: records of the gallery to give for each.

    Raises:
        BundleError: the model is damaged, or was never tried on telling persons apart.
    """
    torch.set_num_threads(1)  # the sums come in the same order everywhere, so page and command line agree
    comparer = Comparer(*load_identifier(model))
    manifest, sha256 = read_manifest(model)
    return {
        "model": {"name": manifest.name, "sha256": sha256},
        "gallery": len(gallery.records),
        "probes": [
            {"name": probe.name, "nearest": [_entry(one) for one in nearest(comparer, gallery.records, probe, most)]}
            for probe in probes.records
        ],
        "refused": [asdict(one) for one in (*gallery.refused, *probes.refused)],
        "note": f"{MIX_UP} {PURPOSE}",
    }


def _entry(found: Likeness) -> dict[str, Any]:
    tree = asdict(found)
    del tree["second"]  # the probe
    return {"name": tree.pop("first"), **tree}
