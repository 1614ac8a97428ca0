"""What a card is made of: sections of sentences, tables and figures, whatever they are written as."""

from dataclasses import dataclass, field

import pandas as pd
import plotly.graph_objects as go


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure, the name of its file, and the words for those who do not see it.

    `least_pixels` is the width below which it is to be scrolled, not squeezed.
    """

    name: str
    alt: str
    figure: go.Figure
    least_pixels: int = 0


@dataclass(frozen=True, eq=False)
class Section:
    """A heading and what stands under it, in this order: sentences, tables by their captions, figures."""

    name: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    drawings: tuple[Drawing, ...] = ()


@dataclass(frozen=True, eq=False)
class Card:
    """The whole report; all its texts are plain words, not yet fit to stand in HTML or Markdown."""

    title: str
    sections: tuple[Section, ...]

    def section(self, name: str) -> Section | None:
        """Give a section by its name, None if these runs have nothing for it."""
        return next((section for section in self.sections if section.name == name), None)
