"""The part of a model card that says how well the model tells persons apart, in Markdown."""

from collections.abc import Sequence
from typing import Any

HEADING = "## Same person?"
_PURPOSE = (
    "To notice mix-ups, and to measure what a recording gives away; not authentication: nobody may be let in, or be "
    "taken for somebody, because of these numbers."
)


def identity_section(found: dict[str, Any]) -> str:
    """Give the section, from what a run of identification wrote."""
    whole = next(iter(found["sets"].values()))
    recordings, crops = whole["recordings"], whole["crops of one recording"]
    return "\n\n".join(
        part
        for part in (
            HEADING,
            _PURPOSE,
            f"{found['persons']} persons with two recordings, {found['strangers']} further ones in the gallery, and "
            f"{found['deciding']} on whom the thresholds were chosen; none of them trained. The first recording is in "
            f"the gallery ({found['order']}). {_exposure(found['exposure'])}",
            f"Two recordings of one person ({recordings['genuine_pairs']} pairs of one person, "
            f"{recordings['impostor_pairs']:,} of two):",
            _table(found["sets"], "recordings"),
            f"{_sentence(found['weaker'])}:",
            _table(found["sets"], "crops of one recording") if "rank" in crops else "Too few records are long enough.",
            _frozen(found.get("frozen")),
        )
        if part
    )


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _exposure(found: dict[str, Any]) -> str:
    if not found["pretrained"]:
        return "Nothing was pretrained."
    if not found["seen"]:
        return "The pretraining had not seen them either (fold_pure)."
    return (
        f"The pretraining had seen {found['seen']} of {found['held']} of their records, without names (transductive)."
    )


def _table(sets: dict[str, Any], kind: str) -> str:
    rows = ["| leads | gallery | nearest is right | equal error rate | missed at 1 in 100 | missed at 1 in 1,000 |"]
    rows.append("|---|---|---|---|---|---|")
    for name, one in sets.items():
        found = one[kind]
        missed = [_missed(found["thresholds"][rate]) for rate in ("0.01", "0.001")]
        nearest = _with(found["rank_among_all"]["1"], found["rank_among_all_interval"]["1"])
        rows.append(
            f"| {name} | {found['gallery']} | {nearest} | {_with(found['eer'], found['eer_interval'])} "
            f"| {missed[0]} | {missed[1]} |"
        )
    return "\n".join(rows)


def _missed(found: dict[str, Any]) -> str:
    if found["threshold"] is None:
        return f"not said: {found['why']}"
    return _with(found["fnmr"], found["fnmr_interval"])


def _with(value: float, interval: Sequence[float]) -> str:
    return f"{value:.2f} ({interval[0]:.2f} – {interval[1]:.2f})"


def _frozen(found: dict[str, Any] | None) -> str:
    if found is None:
        return ""
    recordings = next(iter(found["sets"].values()))["recordings"]
    value, interval = recordings["rank_among_all"]["1"], recordings["rank_among_all_interval"]["1"]
    return (
        f"Privacy: what was pretrained, and never taught to tell persons apart, finds the right one of "
        f"{recordings['gallery']} for {_with(value, interval)} of them. Embeddings are to be kept as recordings are."
    )
