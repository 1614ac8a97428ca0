"""Who is who: of how many records nobody knows the patient, which "by patient" alone does not tell."""

from ecgssl_core.corpus.pack import Pack


def patients_unknown(pack: Pack) -> str:
    """Say of how many records nobody knows the patient, without a full stop; "" where all are known."""
    unknown = int((~pack.table["patient_known"].astype(bool)).sum())
    if not unknown:
        return ""
    return f"nobody knows the patients of {unknown:,} of {len(pack):,} records: each is taken as a person of its own"
