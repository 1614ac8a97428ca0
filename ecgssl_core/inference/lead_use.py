"""Which of its leads a model finds in a record, and what is known of how well it does with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecgssl_core.models.manifest import Manifest, TestedSet

from .arranged import DERIVABLE, missing_leads
from .card import reads_fewer


@dataclass(frozen=True)
class LeadUse:
    """The leads that a model reads of a record.

    leads: its own leads that the record has, or that follow from those.
    note: what is known of these leads, in one sentence; None where none of the model's leads is missing.
    unfit: why nothing is to be said with them; None where something may.
    """

    leads: tuple[str, ...]
    note: str | None
    unfit: str | None


def lead_use(manifest: Manifest, leads: Sequence[str]) -> LeadUse:
    """Give what a model reads of a record with these leads.

    A model that was tested with some of them may speak: more leads than those do not make it worse. Where several such
    sets were tested, the largest stands for these leads.
    """
    spec = manifest.spec
    there = (*leads, *(DERIVABLE if {"I", "II"} <= set(leads) else ()))
    read = tuple(lead for lead in spec.leads if lead in there)
    if len(read) == len(spec.leads):
        return LeadUse(read, None, None)
    if not spec.fewer_leads:
        return LeadUse(read, None, f"Not assessed: the model was made for {len(spec.leads)} leads.")
    tested = nearest_tested(manifest, read)
    if tested is None:
        return LeadUse(read, None, f"Not assessed: the model was never tested with so few ({', '.join(read)}).")
    return LeadUse(read, tested_sentence(manifest, tested, read), None)


def nearest_tested(manifest: Manifest, leads: Sequence[str]) -> TestedSet | None:
    """Give the largest set of leads among these that a model was tested with; None where there is none."""
    inside = [one for one in manifest.tested if set(one.leads) <= set(leads)]
    return max(inside, key=lambda one: len(one.leads), default=None)


def tested_sentence(manifest: Manifest, tested: TestedSet, leads: Sequence[str]) -> str:
    """Give how well a model does with a set of leads, in one sentence."""
    at = tested.auroc
    whole = max(manifest.tested, key=lambda one: len(one.leads))
    beside = f", against {whole.auroc.value:.3f} with {len(whole.leads)} leads" if tested is not whole else ""
    only = "" if set(tested.leads) >= set(leads) else "; with the others beside it the model was not tested"
    return (
        f"Read with {', '.join(leads)}. Tested with {tested.name}: macro AUROC {at.value:.3f} "
        f"[{at.low:.3f}, {at.high:.3f}]{beside}{only}. Thresholds and probabilities are those of all leads, and nobody "
        "has measured how unlike the known records it is."
    )


def lacking_sentence(manifest: Manifest, leads: Sequence[str]) -> str | None:
    """Give the sentence that a model cannot read a record with these leads, and which can; None where it can."""
    missing = missing_leads(manifest.spec, tuple(leads))
    if not missing:
        return None
    able = reads_fewer()
    way = f"the model {able} reads records with fewer" if able else "another model may read records with fewer"
    count = len(manifest.spec.leads)
    return f"Not assessed: the model reads {count} leads, and {', '.join(missing)} are missing here; {way}."
