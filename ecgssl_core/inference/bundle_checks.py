"""A manifest that a stranger may have written: everything in it is held against what a released model can be."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pydantic import ValidationError

from ecgssl_core.errors import BundleError
from ecgssl_core.models.identity import IDENTITY
from ecgssl_core.models.manifest import CARD, FORMAT, KNOWN, MANIFEST, Band, Manifest, Reliability
from ecgssl_core.signals.leads import LEADS
from ecgssl_core.signals.spec import InputSpec

MOST_CLASSES, LONGEST_WINDOW, LONGEST_STFT = 1000, 10_000, 1000
RATES = (20.0, 4000.0)
_DAMAGED = "The model.json in the zip is damaged; fetch the model again."


def checked_manifest(content: bytes, parts: Mapping[str, bytes]) -> Manifest:
    """Give the manifest of a bundle that comes from elsewhere.

    Args:
        content: of `model.json`.
        parts: every part's content by its name.

    Raises:
        BundleError: it is no manifest, of another format, does not belong to the parts, or asks for what no released
            model is.
    """
    try:
        tree = json.loads(content)
        manifest = Manifest.model_validate(tree)
    except (ValueError, ValidationError, RecursionError) as error:
        raise BundleError(_DAMAGED) from error
    if manifest.format != FORMAT:
        raise BundleError(f"The model has format {manifest.format}, this program reads {FORMAT}.")
    if set(manifest.parts) != set(parts) - {MANIFEST}:
        raise BundleError("The model.json in the zip names other parts than the zip holds; fetch the model again.")
    for name, digest in manifest.parts.items():
        if hashlib.sha256(parts[name]).hexdigest() != digest:
            raise BundleError(f"{name} in the zip is not what was released; fetch the model again.")
    if not _is_text(parts[CARD]):
        raise BundleError(f"{CARD} in the zip is no text; fetch the model again.")
    if not (_fits(manifest) and _knows(manifest) and _is_input(manifest.input) and _identifies(manifest)):
        raise BundleError("The model.json in the zip contradicts itself; fetch the model again.")
    return manifest


def _fits(manifest: Manifest) -> bool:
    """Tell whether everything that has one entry a class has as many, and all numbers are numbers."""
    labels, decision = manifest.labels, manifest.decision
    numbers = (decision.temperature, decision.bias, decision.thresholds, decision.conformal, manifest.reference)
    per_class = (labels.names, labels.abbreviations, manifest.training.support, *numbers)
    count = len(labels.codes)
    return (
        0 < count <= MOST_CLASSES
        and all(len(one) == count for one in per_class)
        and labels.normal in labels.codes
        and all(math.isfinite(number) for row in (*numbers, manifest.training.ages) for number in row)
        and all(number > 0 for number in decision.temperature)
    )


def _knows(manifest: Manifest) -> bool:
    """Tell whether what the model says of itself, of its sureness and of the records that it knows, can be so."""
    known, decision = manifest.distribution, manifest.decision
    return (
        (KNOWN in manifest.parts) == (known is not None)
        and (known is None or (math.isfinite(known.limit) and known.limit > 0))
        and (decision.band is None or _is_band(decision.band, len(manifest.labels.codes)))
        and (decision.reliability is None or _is_reliability(decision.reliability, manifest.labels.codes))
    )


def _identifies(manifest: Manifest) -> bool:
    """Tell whether what the model says of telling persons apart can be so."""
    found = manifest.identity
    if found is None or IDENTITY not in manifest.parts:
        return found is None and IDENTITY not in manifest.parts
    rates = [one for row in found.sets for point in row.points for one in point.model_dump().values()]
    return (
        _is_input(found.input)
        and all(math.isfinite(one) for one in (*rates, *found.reference))
        and 0 < len(found.reference) <= LONGEST_WINDOW
        and all(set(row.leads) <= set(LEADS) for row in found.sets)
    )


def _is_band(band: Band, count: int) -> bool:
    edges = (*band.below, *band.above)
    return len(band.below) == len(band.above) == count and all(0 <= edge <= 1 for edge in edges)


def _is_reliability(found: Reliability, codes: tuple[str, ...]) -> bool:
    bins = [one for group in (found.pooled, *found.per_class.values()) for one in group]
    return set(found.per_class) <= set(codes) and all(
        0 <= one.low_edge <= one.high_edge <= 1 and 0 <= one.low <= one.high <= 1 and 0 <= one.true <= one.said != 0
        for one in bins
    )


def _is_input(tree: dict[str, Any]) -> bool:
    """Tell whether a network's input is one that this program can prepare, and none that takes all memory."""
    try:
        leads, rate, window, stride = tree["leads"], tree["rate"], tree["window"], tree["stride"]
        sizes = (window, stride, tree["stft_window"], tree["stft_overlap"])
        rows = [tree[f"{what}_{which}"] for what in ("time", "spectrogram") for which in ("mean", "std")]
        return (
            0 < len(leads) == len(set(leads))
            and set(leads) <= set(LEADS)
            and all(type(size) is int for size in sizes)
            and RATES[0] <= rate <= RATES[1]
            and 1 <= stride <= LONGEST_WINDOW
            and 2 <= tree["stft_window"] <= window <= LONGEST_WINDOW
            and 0 <= tree["stft_overlap"] < tree["stft_window"] <= LONGEST_STFT
            and 0 <= tree["highpass_hz"] < rate / 2
            and isinstance(tree["log_spectrogram"], bool)
            and all(len(row) == len(leads) and all(math.isfinite(number) for number in row) for row in rows)
            and isinstance(tree.get("fewer_leads", False), bool)
            and {*tree, "fewer_leads"} == {field.name for field in fields(InputSpec)}  # older models do not know it
        )
    except (KeyError, TypeError):
        return False


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
