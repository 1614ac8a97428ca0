"""Recordings that are told apart wherever they turn up: real signals under names that nothing else has."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def canary(header: Path, name: str) -> dict[str, bytes]:
    """Give the files of a WFDB recording as if it were called by another name.

    Args:
        header: its `.hea`; the signal lies beside it as `.mat`.
        name: its new name.
    """
    text = header.read_text().replace(header.stem, name)
    return {f"{name}.hea": text.encode(), f"{name}.mat": header.with_suffix(".mat").read_bytes()}


def example(number: int) -> Path:
    """Give the header of one of the recordings that come with the workbench."""
    headers = sorted((ROOT / "examples").glob("HR*.hea"))
    return headers[number % len(headers)]
