"""One record before one model: what every panel of Inspect that asks why is about."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from ecgssl_core.inference.card import BundleCard
from ecgssl_core.inference.prediction import Finding, Prediction
from ecgssl_core.inference.stated import by_height
from ecgssl_core.records import Record
from pages.parts.cache import identity
from pages.parts.pending import already, awaited, remembered

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Case:
    """A record, the model, and what that says of it."""

    record: Record
    card: BundleCard
    prediction: Prediction

    @property
    def findings(self) -> list[Finding]:
        """What is said, in the order of the table."""
        return by_height(self.prediction.findings)

    def asked(self, verb: str, doing: str, work: Callable[[], T], *more: Hashable) -> T | None:
        """Give what is worked out from the case once a session; None, and a line that says so, meanwhile.

        Args:
            verb: what is worked out.
            doing: what the person reads meanwhile.
            work: gives it.
            more: what else it depends on.
        """
        return awaited(case_key(self.record, self.card, verb, *more), doing, work)

    def drawn(self, what: str, draw: Callable[[], T], *more: Hashable) -> T:
        """Give a figure of the case, drawn once a session.

        Args:
            what: is drawn.
            draw: draws it.
            more: what else it depends on.
        """
        return remembered(case_key(self.record, self.card, f"drawn {what}", *more), draw)


def known_of(record: Record, card: BundleCard, verb: str, *more: Hashable) -> object:
    """Give what was worked out from a case before, or None; nothing is begun."""
    return already(case_key(record, card, verb, *more))


def case_key(record: Record, card: BundleCard, verb: str, *more: Hashable) -> Hashable:
    """Give the name under which a session keeps what is worked out from a record and a model."""
    return (verb, *identity(record), card.sha256, *more)
