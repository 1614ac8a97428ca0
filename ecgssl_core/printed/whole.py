"""A record looked at and printed in one step."""

from ecgssl_core.inference.card import BundleCard
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.records import Record, check_quality, is_scaled, measure

from .options import SheetOptions
from .reading_sheet import reading_sheet


def whole_sheet(
    record: Record, prediction: Prediction | None, card: BundleCard | None, options: SheetOptions | None = None
) -> bytes:
    """Give the reading sheet of a record, with its quality and intervals where its unit and rate are known."""
    if not is_scaled(record):
        return reading_sheet(record, None, None, prediction, card, options)
    return reading_sheet(record, check_quality(record), measure(record), prediction, card, options)
