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
            _by_size(found["sets"], "recordings"),
            _alike(whole["alike"]),
            f"{_sentence(found['weaker'])}:",
            _table(found["sets"], "crops of one recording") if "rank" in crops else "Too few records are long enough.",
            _by_size(found["sets"], "crops of one recording") if "rank" in crops else "",
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
    head = "| leads | gallery | nearest is right | among five nearest | equal error rate | missed at 1 in 100 "
    rows = [f"{head}| missed at 1 in 1,000 |", "|---|---|---|---|---|---|---|"]
    for name, one in sets.items():
        found = one[kind]
        missed = [_missed(found["thresholds"][rate]) for rate in ("0.01", "0.001")]
        first, fifth = (_with(found["rank_among_all"][at], found["rank_among_all_interval"][at]) for at in ("1", "5"))
        rows.append(
            f"| {name} | {found['gallery']} | {first} | {fifth} | {_with(found['eer'], found['eer_interval'])} "
            f"| {missed[0]} | {missed[1]} |"
        )
    return "\n".join(rows)


def _by_size(sets: dict[str, Any], kind: str) -> str:
    """Give the share of nearest ones that are right, a column a size of the gallery."""
    sizes = list(next(iter(sets.values()))[kind]["rank_by_size"])
    rows = [f"| leads | {' | '.join(sizes)} |", f"|---{'|---' * len(sizes)}|"]
    for name, one in sets.items():
        shares = [f"{one[kind]['rank_by_size'][size][0]:.2f}" for size in sizes]
        rows.append(f"| {name} | {' | '.join(shares)} |")
    return "Nearest is right, by size of the gallery (mean over 20 drawn ones):\n\n" + "\n".join(rows)


def _alike(found: dict[str, Any]) -> str:
    """Give how much more often persons match who have something in common."""
    said = [
        f"{one['fmr']:.1%} of {one['pairs']:,} pairs of one {name}"
        for name, one in found.items()
        if one["fmr"] is not None
    ]
    return f"Where 1% of all pairs of two deciding persons match, so do {' and '.join(said)}." if said else ""


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
