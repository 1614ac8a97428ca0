"""A card as files: one HTML page, one Markdown text, and its figures as SVG where something can draw them."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import plotly.graph_objects as go
import plotly.io

from ecgssl_core.durable import replace_file
from ecgssl_core.errors import OwnFault
from ecgssl_core.report.card import Card, Drawing
from ecgssl_core.report.html import card_html
from ecgssl_core.report.markdown import FIGURES, card_markdown

PAGE, TEXT = "report.html", "report.md"
_PIXELS = 900


def write_card(card: Card, folder: Path, progress: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Write the card, each file replaced in one move, and give the files.

    Everything is made before the first is written. Figures as files need the package kaleido and a Chromium; without
    them the Markdown text says that they are in the HTML page.

    Args:
        card: the report.
        folder: made if it is not there.
        progress: is told what is being made.

    Raises:
        OwnFault: the folder cannot be made or written to.
    """
    progress("the HTML page")
    page = card_html(card).encode()
    progress("the figures")
    images = drawn_images([drawing for section in card.sections for drawing in section.drawings])
    text = card_markdown(card, images.keys(), PAGE).encode()
    files = {folder / FIGURES / f"{name}.svg": image for name, image in images.items()}
    files |= {folder / TEXT: text, folder / PAGE: page}
    for path, content in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OwnFault(f"The folder {folder.name} could not be made ({error.strerror}).") from error
        replace_file(path, content)
    return list(files)


def drawn_images(drawings: list[Drawing]) -> dict[str, bytes]:
    """Give the figures as SVG by their names; none where kaleido or a browser for it is missing."""
    if not drawings or find_spec("kaleido") is None:
        return {}
    with TemporaryDirectory() as place:
        paths = [Path(place) / f"{drawing.name}.svg" for drawing in drawings]
        widths = [max(_PIXELS, drawing.least_pixels) for drawing in drawings]
        try:
            plotly.io.write_images([_printed(drawing.figure) for drawing in drawings], paths, width=widths)
        except (OSError, RuntimeError, ValueError):
            return {}
        return {path.stem: path.read_bytes() for path in paths if path.exists()}


def _printed(figure: go.Figure) -> go.Figure:
    """Give the figure on white: a file may be looked at on any ground."""
    return go.Figure(figure).update_layout(paper_bgcolor="white", plot_bgcolor="white")
