"""The very signal that a model's network reads of a record (NumPy only)."""

from ecgssl_core.models.manifest import Manifest
from ecgssl_core.records import Record
from ecgssl_core.signals.leads import complete_limb_leads
from ecgssl_core.signals.spec import InputSpec, filtered

from .arranged import arranged
from .explained import Seen


def seen_by(manifest: Manifest, record: Record) -> Seen:
    """Give what the network of a model reads of a record, before it is cut into windows.

    Raises:
        BundleError: the record lacks a lead that the model needs.
    """
    spec = manifest.spec
    return Seen(filtered(arranged(manifest, record), spec), spec.rate, spec.leads, _what(spec, record))


def _what(spec: InputSpec, record: Record) -> str:
    same = record.rate == spec.rate
    steps = [f"{spec.rate:g} Hz as recorded" if same else f"resampled from {record.rate:g} to {spec.rate:g} Hz"]
    derived = [lead for lead in complete_limb_leads(record.signal, record.leads)[2] if lead in spec.leads]
    if derived:
        steps.append(f"{', '.join(derived)} derived from I and II")
    steps.append(f"{spec.highpass_hz:g} Hz high-pass" if spec.highpass_hz else "no filter")
    return ", ".join(steps)
