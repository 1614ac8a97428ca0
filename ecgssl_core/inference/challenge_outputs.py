"""Predictions as the challenges' output files, one a record, for `score` and for anybody else's scorer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ecgssl_core.durable import replace_file
from ecgssl_core.errors import OwnFault


def write_outputs(found: dict[str, Any], folder: Path) -> list[str]:
    """Write `<record>.csv` for each record that the model speaks of: its name, codes, binary outputs and scores.

    Args:
        found: what `predict_reading` gives.
        folder: where to; made if it is not there.

    Returns:
        Sentences on records that have no file, or whose figures do not count because the model has seen them.

    Raises:
        OwnFault: the folder cannot be written.
    """
    remarks = []
    written: set[str] = set()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for record in found["records"]:
            if record["abstained"] is not None:
                remarks.append(f"{record['name']}: no output. {record['abstained']}")
                continue
            if record["seen"]:
                remarks.append(f"{record['name']}: the model was trained on it; leave it out of any score.")
            name = record["name"]
            if name in written:
                remarks.append(f"{name}: no output, for another record of that name has one; give each its own name.")
                continue
            written.add(name)
            replace_file(folder / f"{name}.csv", output_text(name, record["findings"]).encode())
    except OSError as error:
        raise OwnFault(f"The outputs cannot be written into {folder.name} ({error.strerror}).") from error
    return remarks


def output_text(name: str, findings: Sequence[dict[str, Any]]) -> str:
    """Give the four lines of an output file of the challenges of 2020 and 2021."""
    rows = (
        [finding["code"] for finding in findings],
        [str(int(finding["positive"])) for finding in findings],
        [repr(finding["probability"]) for finding in findings],
    )
    return "\n".join([f"#{name}", *(",".join(row) for row in rows)]) + "\n"
