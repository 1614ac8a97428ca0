"""The card as files: safe, whole, needing nothing else, and replaced in one move."""

import re
import sys
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest

from ecgssl_core.errors import OwnFault
from ecgssl_core.report.card import Card, Drawing, Section
from ecgssl_core.report.html import card_html
from ecgssl_core.report.make import make_card
from ecgssl_core.report.markdown import card_markdown
from ecgssl_core.report.write import write_card
from tests.report.conftest import Make
from tests.report.studies import arms_of_time

EVIL = "</script><script>alert(1)</script>"
TABLE = pd.DataFrame({"run": [f"<img src=x> {EVIL}"], "a|b": ["1|2\n3"]})


def evil_card() -> Card:
    figure = go.Figure(go.Scatter(y=[1, 2], name=EVIL))
    return Card(EVIL, (Section("one", EVIL, (EVIL,), {EVIL: TABLE}, (Drawing("f", EVIL, figure),)),))


@pytest.fixture
def without_kaleido(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecgssl_core.report.write.find_spec", lambda _: None)


def test_no_name_becomes_markup_in_html() -> None:
    text = card_html(evil_card())
    assert EVIL not in text
    assert "<img" not in text.partition("<body>")[2]
    assert text.count("&lt;/script&gt;&lt;script&gt;alert(1)") >= 5


def test_no_name_becomes_markup_in_markdown() -> None:
    text = card_markdown(evil_card(), [], "report.html")
    assert "<" not in text.replace("\\<", "")
    assert "| \\<img src=x\\> \\</script\\>\\<script\\>alert(1)\\</script\\> | 1\\|2 3 |" in text


def test_the_page_needs_no_network() -> None:
    text = card_html(evil_card())
    head = text.partition("<script>")[0]
    assert "default-src 'none'" in head
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", text)
    assert text.count("plotly.js v") == 1


@pytest.mark.usefixtures("without_kaleido")
def test_a_card_of_runs_is_written_whole(data: Path, made: Make) -> None:
    card = make_card(arms_of_time(made), replicates=10)
    names = [
        "protocol",
        "overview",
        "table_I",
        "table_II",
        "differences",
        "classes",
        "confusion",
        "trust",
        "learning",
        "runs",
    ]
    assert [section.name for section in card.sections] == names
    paths = write_card(card, data / "out")
    assert [path.name for path in paths] == ["report.md", "report.html"]
    text = paths[0].read_text()
    assert "needs the package" not in text
    assert "to draw them as files takes the package kaleido and a Chromium" in text
    assert "| SSL-T | AUROC | 95.70 |" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert rows
    page = paths[1].read_text()
    drawings = [drawing for section in card.sections for drawing in section.drawings]
    assert all(f'id="figure-{drawing.name}"' in page for drawing in drawings)


def test_every_row_of_markdown_has_the_columns_of_its_head(made: Make) -> None:
    text = card_markdown(make_card(arms_of_time(made), replicates=5), [], "report.html")
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1


@pytest.mark.usefixtures("without_kaleido")
def test_old_files_are_replaced_and_stay_whole_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_card(Card("old", ()), tmp_path)
    write_card(Card("new", ()), tmp_path)
    assert (tmp_path / "report.md").read_text().startswith("# new")
    monkeypatch.setattr("os.fsync", _full)
    with pytest.raises(OwnFault, match="free some disk space"):
        write_card(Card("torn", ()), tmp_path)
    assert (tmp_path / "report.md").read_text().startswith("# new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.md"]


@pytest.mark.usefixtures("without_kaleido")
def test_a_folder_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OwnFault, match="The folder out could not be made"):
        write_card(Card("any", ()), tmp_path / "out")


def test_figures_that_no_browser_can_draw_are_left_to_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_browser(*_: object, **__: object) -> None:
        raise RuntimeError("no browser")

    monkeypatch.setattr("ecgssl_core.report.write.find_spec", lambda _: sys)
    monkeypatch.setattr("plotly.io.write_images", no_browser)
    write_card(evil_card(), tmp_path)
    assert "Figure in [report.html](report.html#one)" in (tmp_path / "report.md").read_text()


def test_figures_that_can_be_drawn_lie_beside_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(figures: list[go.Figure], paths: list[Path], width: list[int]) -> None:
        for figure, path, pixels in zip(figures, paths, width, strict=True):
            assert figure.layout.paper_bgcolor == "white"
            path.write_text(f"<svg width='{pixels}'/>")

    monkeypatch.setattr("ecgssl_core.report.write.find_spec", lambda _: sys)
    monkeypatch.setattr("plotly.io.write_images", draw)
    write_card(evil_card(), tmp_path)
    assert (tmp_path / "figures" / "f.svg").read_text() == "<svg width='900'/>"
    assert "](figures/f.svg)" in (tmp_path / "report.md").read_text()


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")
