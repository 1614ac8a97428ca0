"""The paper of Inspect: the record, what the model sees of it, its beats, what was leaned on, and a brush."""


from ecgssl_core.inference.card import BundleCard
from ecgssl_core.records import Record
from pages.parts.paper_ecg import show_paper

_TAKEN = "brush taken"


def show_sheet(record: Record, card: BundleCard | None) -> None:
    """Show a record on paper, with all that is known of it by now; a stretch that is brushed on it goes to Why."""
    show_paper(record)
