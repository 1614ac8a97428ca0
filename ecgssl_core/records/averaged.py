"""What is told where a file holds averaged beats, or several rhythms of which one is shown."""

from typing import Literal

from .record import Issue


def rhythm_issues(rhythms: int, chosen: str, severity: Literal["warn", "note"] = "note") -> list[Issue]:
    """Give what a person must know of the choice of a rhythm.

    Args:
        rhythms: how many the file holds; 0 where it holds averaged beats only, which are never scored.
        chosen: what tells the one that is shown from the others, such as `the longest`.
        severity: of other rhythms being left out.
    """
    if rhythms == 0:
        told = "The file holds an averaged beat and no rhythm; shown, not scored."
        return [Issue("NOPRED", None, "block", told, "Export it with its rhythm.")]
    if rhythms == 1:
        return []
    told = f"The file holds {rhythms} rhythms; only {chosen} is shown."
    return [Issue("PART", None, severity, told, "Export the others alone." if severity == "warn" else "")]
