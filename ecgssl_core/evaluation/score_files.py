"""From the texts of a challenge's files to its scores: what the verb `score` prints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ecgssl_core.evaluation.challenge_classes import challenge_classes
from ecgssl_core.evaluation.challenge_files import ChallengeTexts
from ecgssl_core.evaluation.compatible_reader import read_compatible
from ecgssl_core.evaluation.official import official_scores, scores_json
from ecgssl_core.evaluation.tolerant_reader import read_tolerant

_MOST_NOTES = 20


@dataclass(frozen=True)
class ScoredFiles:
    """Scores as a tree fit for JSON and as lines of text, and sentences on what was odd in the files."""

    tree: dict[str, Any]
    lines: tuple[str, ...]
    notes: tuple[str, ...]


def score_files(
    files: Sequence[tuple[str, str, str]], year: int, compatible: bool = False, allow_unlabelled: bool = False
) -> ScoredFiles:
    """Give the scores of output files.

    Args:
        files: name, header text and output text of each recording, in the order of the names.
        year: of the challenge, 2020 or 2021.
        compatible: read the files with all faults of that year's official program.
        allow_unlabelled: take a header without a diagnosis line for one without a diagnosis; not when compatible.

    Raises:
        BrokenFile: a file cannot be read in the chosen way.
        ValueError: another year, or no file.
    """
    scored = challenge_classes(year)
    texts = [ChallengeTexts(*file) for file in files]
    arrays = read_compatible(texts, scored) if compatible else read_tolerant(texts, scored, allow_unlabelled)
    found = official_scores(arrays.labels, arrays.scores, arrays.outputs, scored.weights, scored.normal)
    tree = {**scores_json(found, scored), "records": len(files)}
    return ScoredFiles(tree, tuple(_lines(tree)), _shortened(arrays.notes))


def _lines(tree: dict[str, Any]) -> Iterator[str]:
    yield f"{tree['records']} records, {len(tree['classes'])} classes of {tree['year']}"
    for name, value in tree.items():
        if isinstance(value, float) or value is None:
            yield f"{name:18s}{_shown(value)}"
    rows = zip(tree["classes"], *tree["per_class"].values(), strict=True)
    yield "  ".join(f"{name:>10s}" for name in ("class", *tree["per_class"]))
    yield from (f"{code:>10s}  " + "  ".join(f"{_shown(value):>10s}" for value in values) for code, *values in rows)


def _shown(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.6f}"


def _shortened(notes: tuple[str, ...]) -> tuple[str, ...]:
    if len(notes) <= _MOST_NOTES:
        return notes
    return (*notes[:_MOST_NOTES], f"{len(notes) - _MOST_NOTES} notes more of these kinds.")
