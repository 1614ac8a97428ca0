"""A record in a model's leads and at its rate, whatever is missing in it (NumPy only)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.pack import Pack, require_leads
from ecgssl_core.errors import BundleError, CorpusError
from ecgssl_core.models.manifest import Manifest
from ecgssl_core.records import Record
from ecgssl_core.signals.spec import InputSpec, arrange, arrange_given

DERIVABLE = ("III", "aVR", "aVL", "aVF")  # from I and II


def arranged(manifest: Manifest, record: Record) -> NDArray[np.float32]:
    """Give a record in a model's leads and at its rate, (leads, samples) in mV, before any filter.

    Raises:
        BundleError: the record lacks a lead that the model needs.
    """
    missing = missing_leads(manifest.spec, record.leads)
    if missing:
        raise BundleError(f"The model reads {', '.join(missing)}, which this record does not have.")
    return arrange(whole(record), record.rate, record.leads, manifest.spec)


def packed(pack: Pack, row: int, spec: InputSpec, given: Sequence[str] | None = None) -> NDArray[np.float32]:
    """Give a record of a pack in a network's leads and at its rate, (leads, samples) in mV, before any filter.

    given: use these leads only; those that do not follow from them are silent.
    """
    signal = pack.signal(row)
    if given is not None and not set(spec.leads) <= set(given):
        return arrange_given(signal, pack.rate, pack.leads, given, spec)
    if pack.leads == spec.leads and pack.rate == spec.rate:
        return signal
    return arrange(signal, pack.rate, pack.leads, spec)


def require_suited(pack: Pack, spec: InputSpec, given: Sequence[str] | None = None) -> None:
    """Stop a use of a pack that a network cannot read.

    Args:
        pack: the pack.
        spec: what the network reads.
        given: the leads that are used, where it is not all of them; then it needs one of these alone.

    Raises:
        CorpusError: its rate is too low, or it lacks leads.
    """
    if pack.rate < spec.rate:
        raise CorpusError(
            f"The pack {pack.name} has {pack.rate:g} Hz, and {spec.rate:g} Hz are needed here: pack it again with "
            f"--rate {spec.rate:g}."
        )
    wanted = spec.leads if given is None else [lead for lead in spec.leads if lead in given]
    if given is None and not spec.fewer_leads:
        require_leads(pack, spec.leads)
    elif not set(pack.leads) & set(wanted):
        raise CorpusError(f"The pack {pack.name} has none of the leads {', '.join(wanted)}; name its leads first.")


def missing_leads(spec: InputSpec, leads: tuple[str, ...]) -> tuple[str, ...]:
    """Give the leads that a network needs and that are neither among these nor follow from them.

    A network that reads fewer leads needs any one of them.
    """
    if spec.fewer_leads and set(spec.leads) & set(leads):
        return ()
    derivable = DERIVABLE if {"I", "II"} <= set(leads) else ()
    return tuple(lead for lead in spec.leads if lead not in (*leads, *derivable))


def whole(record: Record) -> NDArray[np.float32]:
    """Give a record's signal with its lead's median where a sample is missing, 0 in a lead that has none."""
    signal = record.signal
    lost = ~np.isfinite(signal)
    if not lost.any():
        return signal
    rows = [np.median(row[~gone]) if (~gone).any() else 0.0 for row, gone in zip(signal, lost, strict=True)]
    return np.where(lost, np.array(rows, np.float32)[:, None], signal)
