"""A table as LaTeX, to be pasted into a paper (it needs the package booktabs)."""

from collections.abc import Iterable

import pandas as pd

_LETTERS = {letter: f"\\{letter}" for letter in "&%$#_{}"} | {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "±": "$\\pm$",
    "−": "$-$",
    "–": "--",
    "<": "$<$",
    ">": "$>$",
    "·": "$\\cdot$",
    "≠": "$\\neq$",
    "\n": " ",
    "\r": " ",
}
_PLAIN = str.maketrans(_LETTERS)


def table_latex(table: pd.DataFrame, caption: str) -> str:
    """Give a table in booktabs style; nothing in its cells means anything to LaTeX.

    Args:
        table: texts and numbers; the first column is set to the left, the others in the middle.
        caption: what stands under it, in plain words.
    """
    lines = [_line(table.columns), *map(_line, table.itertuples(index=False))]
    columns = "l" + "c" * (len(table.columns) - 1)
    return "\n".join(
        [
            r"\begin{table}",
            r"\centering",
            rf"\begin{{tabular}}{{{columns}}}",
            r"\toprule",
            lines[0],
            r"\midrule",
            *lines[1:],
            r"\bottomrule",
            r"\end{tabular}",
            rf"\caption{{{_plain(caption)}}}",
            r"\end{table}",
        ]
    )


def _line(cells: Iterable[object]) -> str:
    return " & ".join(_plain(str(cell)) for cell in cells) + r" \\"


def _plain(text: str) -> str:
    return text.translate(_PLAIN)
