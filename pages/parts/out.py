"""What a person takes away of one record: the reading sheet as PDF, the numbers as JSON and CSV."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, get_args

import streamlit as st

from ecgssl_core import PURPOSE
from ecgssl_core.inference.card import BundleCard
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.printed import SheetOptions, findings_csv, intervals_csv, reading_sheet
from ecgssl_core.printed.options import SHOWN_S, Paper
from ecgssl_core.records import Intervals, Quality, Record, Refusal, is_scaled
from pages.parts.cache import looked_already, service
from pages.parts.keys import PAPER_NOW
from pages.parts.terms import help_on

Looked = tuple[Quality | None, Intervals | None]
ICON = ":material/download:"
_JSON_HELP = "The same numbers, to the last digit, as `python -m ecgssl_core predict FILE --json`."
_PDF_HELP = (
    "The trace at true scale, 25 mm/s and 10 mm/mV unless the paper above is set otherwise, then quality, intervals, "
    "findings and the model. Print it at 100 %; a ruler on the page checks the printer."
)


def offer_out(
    record: Record,
    prediction: Prediction | None,
    card: BundleCard | None,
    refused: Sequence[Refusal] = (),
) -> None:
    """Offer a record as PDF, JSON and CSV.

    Args:
        record: as it is shown.
        prediction: what a model says of it; None if none was asked.
        card: of that model.
        refused: files of the upload that gave no record.
    """
    looked = _looked(record)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _pdf(record, looked, prediction, card)
        if prediction is not None:
            offer_json([prediction], refused)
            _csv("Findings CSV", "findings", lambda: findings_csv([prediction], refused), help=help_on("Abstain"))
        _csv("Intervals CSV", "intervals", lambda: intervals_csv([(record.name, looked()[1])]))


def offer_json(predictions: Sequence[Prediction], refused: Sequence[Refusal]) -> None:
    """Offer predictions, by one model, as a file."""
    st.download_button(
        "JSON",
        lambda: as_json(predictions, refused),
        "findings.json",
        "application/json",
        key="json",
        on_click="ignore",
        icon=ICON,
        help=_JSON_HELP,
    )


def as_json(predictions: Sequence[Prediction], refused: Sequence[Refusal]) -> str:
    """Give predictions, by one model, letter by letter as the command line prints them."""
    first = predictions[0]
    tree: dict[str, Any] = {
        "model": {"name": first.model_name, "sha256": first.model_sha256},
        "records": [prediction.as_json() for prediction in predictions],
        "refused": [asdict(refusal) for refusal in refused],
        "note": PURPOSE,
    }
    return json.dumps(tree, indent=1, allow_nan=False) + "\n"


def remember_paper() -> None:
    """Note how the paper of the page is set just now, so that a sheet printed later is the one that is seen.

    The paper is drawn in a fragment: what stands below it would otherwise know only how it was set before.
    """
    now = st.session_state.setdefault(PAPER_NOW, {})
    now.update(
        layout=st.session_state.get("layout") or "3x4",
        cabrera=st.session_state.get("order") == "Cabrera",
        speed=float(st.session_state.get("speed") or 25),
        gain=float(st.session_state.get("gain") or 10),
        begin=float(st.session_state.get("from") or 0),
    )


def chosen_paper(paper: Paper, rhythm: bool = False) -> Callable[[float], SheetOptions]:
    """Give a function from the length of a record to its options: as the paper is set when the function is called."""
    remember_paper()
    now = st.session_state[PAPER_NOW]

    def options(seconds: float) -> SheetOptions:
        begin = now["begin"] if now["begin"] < seconds and seconds > SHOWN_S else 0.0
        return SheetOptions(paper=paper, rhythm=rhythm, **{**now, "begin": begin})

    return options


def choose_paper(key: str) -> Paper:
    """Show the choice of the paper's size."""
    return st.selectbox("Paper size", get_args(Paper), key=key, width=120, persist_state="session")


def _looked(record: Record) -> Callable[[], Looked]:
    """Give a function to quality and intervals of a record, None where unit or rate are unknown.

    It runs when a button is pressed, in a thread of its own: what the page has by then is taken, or asked for.
    """
    warm, known = service(), looked_already(record)
    unknown = not is_scaled(record)
    return lambda: (None, None) if unknown else known or warm.looked(record)


def _pdf(record: Record, looked: Callable[[], Looked], prediction: Prediction | None, card: BundleCard | None) -> None:
    paper = choose_paper("paper size")
    rhythm = False
    if record.seconds > SHOWN_S:
        rhythm = st.checkbox("A page of rhythm too", key="rhythm page", help="One lead for as long as a page holds.")
    options = chosen_paper(paper, rhythm)
    st.download_button(
        "PDF",
        lambda: reading_sheet(record, *looked(), prediction, card, options(record.seconds)),
        f"ecg-{record.digest[:8]}.pdf",
        "application/pdf",
        key="pdf",
        on_click="ignore",
        icon=":material/print:",
        type="primary",
        help=_PDF_HELP,
    )


def _csv(label: str, name: str, data: Callable[[], str], **more: str) -> None:
    st.download_button(label, data, f"{name}.csv", "text/csv", key=f"{name} csv", on_click="ignore", icon=ICON, **more)
