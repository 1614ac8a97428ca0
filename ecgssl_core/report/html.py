"""A card as one HTML file that needs nothing else: no network, no fonts, no second file."""

from html import escape

import pandas as pd
from plotly.offline import get_plotlyjs

from ecgssl_core import PURPOSE
from ecgssl_core.report.card import Card, Drawing, Section

# nothing may be fetched or sent, whatever a name in the card says
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)
_CONFIG = {"displaylogo": False, "responsive": True, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
_STYLE = """
:root { color-scheme: light dark; --ink: #1b2430; --quiet: #5a6675; --line: #d5dbe3; --ground: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf0; --quiet: #a3adba; --line: #3a4452; --ground: #12171e; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--ground); }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.3rem; margin-top: 2.5rem; }
p, nav { max-width: 50rem; } .quiet, caption { color: var(--quiet); }
nav a { margin-right: 1rem; color: inherit; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: 0.86rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0.3rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.7rem 0.25rem 0; white-space: nowrap;
  border-bottom: 1px solid var(--line); }
td.long { white-space: normal; min-width: min(22rem, 60vw); }
figure { margin: 1.5rem 0; } figcaption { font-size: 0.86rem; }
.js-plotly-plot :is([class$="tick"], [class^="g-x"], [class^="g-y"], .annotation, .legend) text {
  fill: var(--ink) !important; }
@media print {
  :root { --ink: #000000; --quiet: #333333; --line: #bbbbbb; --ground: #ffffff; color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; } nav, .modebar-container { display: none; }
  .scroll { overflow: visible; } table { font-size: 6.5pt; } th, td { white-space: normal; padding-right: 0.3rem; }
  td.long { min-width: 0; } .scroll > div { min-width: 0 !important; }
  .figure, tr { break-inside: avoid; } h2 { break-after: avoid; } }
"""
_LONG = 80  # letters from which on a cell is broken into lines
# a printed page is narrower than the window that the figures were drawn for
_PRINT = """
addEventListener("beforeprint", () => document.querySelectorAll(".js-plotly-plot").forEach(
  figure => Plotly.relayout(figure, {width: 680})));
addEventListener("afterprint", () => document.querySelectorAll(".js-plotly-plot").forEach(
  figure => Plotly.relayout(figure, {width: null, autosize: true})));
"""


def card_html(card: Card) -> str:
    """Give the card as one HTML text; every word in it is escaped, and its figures' library stands inside."""
    links = "".join(f'<a href="#{escape(each.name)}">{escape(each.title)}</a> ' for each in card.sections)
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(card.title)}</title><style>{_STYLE}</style>",
            f"<script>{get_plotlyjs()}</script></head><body>",
            f"<h1>{escape(card.title)}</h1>",
            f'<p class="quiet">{escape(PURPOSE)}</p>',
            f"<nav>{links}</nav>",
            *(_section(section) for section in card.sections),
            f"<script>{_PRINT}</script></body></html>\n",
        ]
    )


def _section(section: Section) -> str:
    parts = [f'<section id="{escape(section.name)}"><h2>{escape(section.title)}</h2>']
    parts += [f"<p>{escape(sentence)}</p>" for sentence in section.sentences]
    parts += [_table(caption, table) for caption, table in section.tables.items()]
    parts += [_figure(drawing) for drawing in section.drawings]
    return "\n".join([*parts, "</section>"])


def _table(caption: str, table: pd.DataFrame) -> str:
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in table.columns)
    rows = ["".join(_cell(str(cell)) for cell in row) for row in table.itertuples(index=False)]
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="scroll" tabindex="0"><table>{title}<thead><tr>{head}</tr></thead><tbody>\n{body}'
        "</tbody></table></div>"
    )


def _cell(text: str) -> str:
    return f'<td class="long">{escape(text)}</td>' if len(text) > _LONG else f"<td>{escape(text)}</td>"


def _figure(drawing: Drawing) -> str:
    inner = drawing.figure.to_html(
        full_html=False, include_plotlyjs=False, config=_CONFIG, div_id=f"figure-{drawing.name}"
    )
    return (
        f'<figure class="figure"><figcaption class="quiet">{escape(drawing.alt)}</figcaption>'
        f'<div class="scroll"><div style="min-width: {drawing.least_pixels}px">{inner}</div></div></figure>'
    )
