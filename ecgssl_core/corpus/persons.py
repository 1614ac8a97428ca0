"""Who is who: of how many records nobody knows the patient, which "by patient" does not tell."""

from ecgssl_core.corpus.pack import Pack


def nobody_knows(pack: Pack) -> int:
    """Give the number of records whose patient nobody knows."""
    return int((~pack.table["patient_known"].astype(bool)).sum())


def told_of_patients(pack: Pack) -> str:
    """Say in one sentence of how many records nobody knows the patient; nothing where all are known."""
    return patients_sentence(nobody_knows(pack), len(pack))


def patients_sentence(unknown: int, records: int) -> str:
    """Give that sentence for so many of all records; nothing for none."""
    if not unknown:
        return ""
    return (
        f"Nobody knows the patients of {unknown:,} of {records:,} records: each is taken as a person of its own, so two "
        "recordings of one person may lie in different folds."
    )
