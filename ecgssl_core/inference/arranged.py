"""A record in a model's leads and at its rate, whatever is missing in it (NumPy only)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.pack import Pack, require_leads
from ecgssl_core.errors import BundleError, CorpusError
from ecgssl_core.models.manifest import Manifest
from ecgssl_core.records import Record
from ecgssl_core.signals.leads import complete_limb_leads
from ecgssl_core.signals.spec import InputSpec, arrange

_DERIVABLE = ("III", "aVR", "aVL", "aVF")


def arranged(manifest: Manifest, record: Record) -> NDArray[np.float32]:
    """Give a record in a model's leads and at its rate, (leads, samples) in mV, before any filter.

    Raises:
        BundleError: the record lacks a lead that the model needs.
    """
    missing = missing_leads(manifest.spec, record.leads)
    if missing:
        raise BundleError(f"The model reads {', '.join(missing)}, which this record does not have.")
    return arrange(whole(record), record.rate, record.leads, manifest.spec)


def packed(pack: Pack, row: int, spec: InputSpec) -> NDArray[np.float32]:
    """Give a record of a pack in a network's leads and at its rate, (leads, samples) in mV, before any filter."""
    signal = pack.signal(row)
    if pack.leads == spec.leads and pack.rate == spec.rate:
        return signal
    return arrange(signal, pack.rate, pack.leads, spec)


def require_suited(pack: Pack, spec: InputSpec) -> None:
    """Stop a use of a pack that a network cannot read.

    Raises:
        CorpusError: its rate is too low, or it lacks leads.
    """
    if pack.rate < spec.rate:
        raise CorpusError(
            f"The pack {pack.name} has {pack.rate:g} Hz, and {spec.rate:g} Hz are needed here: pack it again with "
            f"--rate {spec.rate:g}."
        )
    if not spec.fewer_leads:
        require_leads(pack, spec.leads)
    elif not set(pack.leads) & set(spec.leads):
        raise CorpusError(f"The pack {pack.name} has none of the leads {', '.join(spec.leads)}; name its leads first.")


def missing_leads(spec: InputSpec, leads: tuple[str, ...]) -> tuple[str, ...]:
    """Give the leads that a network needs and that are neither among these nor follow from them.

    A network that reads fewer leads needs any one of them.
    """
    if spec.fewer_leads and set(spec.leads) & set(leads):
        return ()
    derivable = _DERIVABLE if {"I", "II"} <= set(leads) else ()
    return tuple(lead for lead in spec.leads if lead not in (*leads, *derivable))


def given_rows(all_leads: Sequence[str], leads: tuple[str, ...]) -> NDArray[np.bool_]:
    """Say of each of a network's leads whether it is given by a set: as one of it, or as following from I and II."""
    filled = {*leads, *complete_limb_leads(np.zeros((len(leads), 1), np.float32), leads)[1]}
    return np.array([lead in filled for lead in all_leads])


def whole(record: Record) -> NDArray[np.float32]:
    """Give a record's signal with its lead's median where a sample is missing, 0 in a lead that has none."""
    signal = record.signal
    lost = ~np.isfinite(signal)
    if not lost.any():
        return signal
    rows = [np.median(row[~gone]) if (~gone).any() else 0.0 for row, gone in zip(signal, lost, strict=True)]
    return np.where(lost, np.array(rows, np.float32)[:, None], signal)
