"""What the readers of the challenge's files have in common: the texts that go in, the arrays that come out."""

from dataclasses import dataclass

from ecgssl_core.evaluation.arrays import Floats, Labels, Outputs

# the words of the official programs for a positive output
POSITIVE = ("1", "True", "true", "T", "t")


@dataclass(frozen=True)
class ChallengeTexts:
    """One recording's name, and the texts of its header `<name>.hea` and of its output file `<name>.csv`."""

    name: str
    header: str
    output: str


@dataclass(frozen=True, eq=False)
class ChallengeArrays:
    """Labels and answers in the order of the year's classes, (records, classes) each.

    Attributes:
        labels: 1 or 0.
        outputs: binary answers.
        scores: scalar answers, never NaN.
        notes: one sentence for each thing that was not as the challenge describes it, and how it was taken.
    """

    labels: Labels
    outputs: Outputs
    scores: Floats
    notes: tuple[str, ...]


def lines_of(text: str) -> list[str]:
    """Give the lines of a text as reading a file gives them, without their ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def cells_of(line: str) -> list[str]:
    """Give what stands between the commas of a line, without blanks around it."""
    return [cell.strip() for cell in line.split(",")]


def number(text: str) -> float | None:
    """Give the number that a text is, which may be infinite or NaN; None if it is no number."""
    try:
        return float(text)
    except ValueError:
        return None
