"""Colours of ECG paper: pink as it is sold, grey for those who do not see pink, dark for the night."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Inks:
    """Colours of a paper as #rrggbb: its ground, its thin and heavy lines, and what is drawn on it.

    traces holds the record, and one laid over it; flag is for what must not be overlooked; toward and against are the
    shades of what speaks for a class and against it; mark is for calipers and beats.
    """

    ground: str
    thin: str
    thick: str
    traces: tuple[str, str]
    text: str
    flag: str
    toward: str
    against: str
    mark: str


# orange and blue stay apart for eyes that do not tell red from green, and orange is no line of the pink grid
PAPERS = {
    "pink": Inks(
        "#fffaf8", "#f8dcd8", "#ecaca4", ("#14181d", "#0b5cad"), "#3b2b29", "#9a3412", "#e08a00", "#3d8fc4", "#6d28a8"
    ),
    "grey": Inks(
        "#ffffff", "#e9ebed", "#c3c8cc", ("#14181d", "#0b5cad"), "#30363b", "#9a3412", "#e08a00", "#3d8fc4", "#6d28a8"
    ),
    "night": Inks(
        "#11161b", "#1e272e", "#34414b", ("#f0f3f5", "#6bb8f0"), "#c6d0d7", "#ffb27a", "#e69f00", "#56b4e9", "#c9a4f5"
    ),
}


def inks_json(paper: str) -> dict[str, str | tuple[str, str]]:
    """Give the colours of a paper by their names."""
    return asdict(PAPERS[paper])


def contrast(one: str, other: str) -> float:
    """Give how far two colours stand apart, from 1 (the same) to 21 (black and white).

    WCAG 2.2, "contrast ratio": 3 is the least for what must be seen in a figure.
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
