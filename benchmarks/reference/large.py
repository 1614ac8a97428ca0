"""A folder of long recordings, which is what a packing's memory is measured on."""

from pathlib import Path

import numpy as np

from ecgssl_core.signals.leads import LEADS

MEGABYTES = (11, 11, 11, 11, 11, 11, 20, 40, 60)  # eleven: half an hour of twelve leads at 257 Hz
RATE = 257


def write_large(folder: Path) -> Path:
    """Write WFDB records of twelve leads with files of these sizes, and give their folder."""
    folder.mkdir()
    for at, megabytes in enumerate(MEGABYTES):
        samples = megabytes * 10**6 // (2 * len(LEADS))
        time = np.arange(samples) / RATE
        rows = [np.rint(1000 * np.sin(2 * np.pi * (1 + lead / 20) * time)).astype("<i2") for lead in range(len(LEADS))]
        (folder / f"{at}.dat").write_bytes(np.stack(rows).T.tobytes())
        lines = [
            f"{at}.dat 16 1000/mV 16 0 {row[0]} {int(row.sum(dtype=np.int64)) % 65536} 0 {lead}"
            for lead, row in zip(LEADS, rows, strict=True)
        ]
        (folder / f"{at}.hea").write_text("\n".join([f"{at} 12 {RATE} {samples}", *lines]) + "\n")
    return folder
