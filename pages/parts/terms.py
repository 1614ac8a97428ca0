"""The words of the field where they stand: one sentence, and a link to the page that says more."""

import re
from functools import cache
from pathlib import Path

TEXT = Path(__file__).parents[2] / "docs" / "terms.md"


def help_on(term: str) -> str:
    """Give the sentence on a term and a link to the page of terms, for the `help` of a widget or heading.

    Raises:
        KeyError: docs/terms.md has no such heading.
    """
    return f"{terms()[term]} [More](terms#{_anchor(term)})"


@cache
def terms() -> dict[str, str]:
    """Give the first sentence of every term, by its heading in docs/terms.md."""
    _, *parts = re.split(r"^### ", TEXT.read_text(), flags=re.MULTILINE)
    split = [part.split("\n", 1) for part in parts]
    return {title.strip(): body.strip().split("\n\n")[0] for title, body in split}


def _anchor(term: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")
