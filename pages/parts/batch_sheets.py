"""The reading sheets of many records as one zip, printed in a process of its own while the page goes on."""

import io
import zipfile
from collections.abc import Callable, Hashable, Sequence
from threading import Event

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.inference.card import BundleCard
from ecgssl_core.inference.prediction import Prediction
from ecgssl_core.printed import Press, SheetOptions, csv_text
from ecgssl_core.records import Record
from pages.parts.cache import identity
from pages.parts.keys import BATCH
from pages.parts.names import shown_name
from pages.parts.out import ICON, choose_paper
from pages.parts.pending import awaited_steps, forget

MOST = 200  # sheets in one zip; it stays in memory until it is fetched
_ASKED = f"{BATCH} sheets"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same records always give the same zip
Pair = tuple[Record, Prediction]


def offer_sheets(found: Sequence[Pair], card: BundleCard) -> None:
    """Offer a sheet of each record: asked for with one button, fetched with another once they are printed."""
    if not found:
        return
    options = SheetOptions(paper=choose_paper("batch paper"))
    key = ("sheets", options, card.sha256, *(identity(record) for record, _ in found))
    if st.session_state.get(_ASKED) != key:
        many = len(found) > MOST
        words = f"`python -m ecgssl_core predict FILE … --pdf FOLDER` prints more than {MOST}." if many else None
        label = f"Print {len(found)} sheet{'s' * (len(found) != 1)}"
        icon = ":material/print:"
        st.button(label, key="batch print", on_click=_ask, args=(key,), icon=icon, disabled=many, help=words)
        return
    stop: Event = st.session_state.setdefault(f"{_ASKED} stop", Event())
    doing = f"Printing {len(found)} sheets"
    try:
        content = awaited_steps(key, doing, lambda said: zipped(found, card, options, stop, said), stop.set)
    except EcgError as error:
        st.error(shown_name(str(error), 300), icon=":material/error:")
        return
    if content is None:
        return
    if stop.is_set():
        _give_up(key)
        st.rerun()
    size = f"{len(content) / 1e6:.1f} MB"
    st.download_button(
        f"Sheets, {size}", content, "sheets.zip", "application/zip", key="batch zip", on_click="ignore", icon=ICON
    )


def zipped(
    found: Sequence[Pair], card: BundleCard, options: SheetOptions, stop: Event, said: Callable[[float], None]
) -> bytes:
    """Give a zip of numbered sheets, and a table which record each is; as far as it came where it is stopped.

    Raises:
        OwnFault: the process that prints died.
    """
    content, rows = io.BytesIO(), []
    with zipfile.ZipFile(content, "w") as archive, Press() as press:
        for number, (record, prediction) in enumerate(found, 1):
            if stop.is_set():
                break
            name = f"{number:03}-{record.digest[:8]}.pdf"
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), press.sheet(record, prediction, card.folder, options))
            rows.append({"sheet": name, "record": record.name, "sha256": record.digest})
            said(number / len(found))
        archive.writestr(zipfile.ZipInfo("sheets.csv", _LONG_AGO), csv_text(("sheet", "record", "sha256"), rows))
    return content.getvalue()


def _ask(key: Hashable) -> None:
    forget(st.session_state.get(_ASKED, ()))  # one zip a session is enough to keep
    st.session_state[_ASKED] = key
    st.session_state[f"{_ASKED} stop"] = Event()


def _give_up(key: Hashable) -> None:
    forget(key)
    st.session_state.pop(_ASKED, None)
