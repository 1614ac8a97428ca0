"""Numbers as tables print them."""

from collections.abc import Iterable

from ecgssl_core.evaluation import Interval

NONE = "–"
LACKING = "replicates lacking a class"
TITLES = {
    "auroc": "AUROC",
    "auprc": "AUPRC",
    "accuracy": "Acc",
    "f_measure": "F1",
    "f_beta_2": "F2",
    "g_beta_2": "G2",
    "challenge_metric": "ChM",
}


def number(value: float | None, digits: int = 3, signed: bool = False) -> str:
    """Give a number with so many decimals, a dash where there is none."""
    if value is None or value != value:
        return NONE
    return f"{value:+.{digits}f}".replace("-", "−") if signed else f"{value:.{digits}f}".replace("-", "−")


def ends(found: Interval, digits: int = 3, signed: bool = False, scale: float = 1) -> str:
    """Give the ends of an interval in brackets, a dash where there are none."""
    if found.low != found.low or found.high != found.high:
        return NONE
    low, high = (number(scale * end, digits, signed) for end in (found.low, found.high))
    return f"[{low}, {high}]"


def with_ends(found: Interval, digits: int = 3, signed: bool = False) -> str:
    """Give a value and, in brackets, its interval."""
    value = number(found.value, digits, signed)
    return value if value == NONE else f"{value} {ends(found, digits, signed)}"


def spread(mean: float, sd: float, digits: int = 3, signed: bool = False) -> str:
    """Give mean ± standard deviation; the mean alone where there is no spread."""
    return number(mean, digits, signed) + (f" ± {sd:.{digits}f}" if sd == sd else "")


def ranges(values: Iterable[int]) -> str:
    """Give whole numbers in order, neighbours drawn together: 0–2, 5."""
    parts: list[list[int]] = []
    for value in sorted(set(values)):
        if parts and value == parts[-1][1] + 1:
            parts[-1][1] = value
        else:
            parts.append([value, value])
    return ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in parts)


def chance(p: float) -> str:
    """Give a p-value."""
    if p != p:
        return NONE
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
