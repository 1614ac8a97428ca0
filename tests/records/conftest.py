"""WFDB records made in memory: a header of any words, and a signal file that fits it."""

from collections.abc import Callable

import numpy as np
import pytest

from ecgssl_core.signals.leads import LEADS

SAMPLES = 1500


def made_counts(samples: int = SAMPLES) -> np.ndarray:
    """Give twelve leads as counts of 1 µV, (12, samples), whose limb leads obey Einthoven and Goldberger."""
    chance = np.random.default_rng(0)
    free = 2 * np.rint(chance.normal(size=(8, samples)) * 150)
    one, two, chest = free[0], free[1], free[2:]
    rows = [one, two, two - one, -(one + two) / 2, one - two / 2, two - one / 2, *chest]
    return np.stack(rows).astype("<i2")


@pytest.fixture
def upload() -> Callable[..., dict[str, bytes]]:
    """Give a function from what is odd about a record to its uploaded set: `made.hea` and `made.dat`."""

    def make(
        gain: str = "1000/mV", rate: str = "500", file: str = "made.dat", form: str = "16", first: str = "I",
        head: str = "", checksum: int = 0, comments: str = "", samples: int = SAMPLES,
    ) -> dict[str, bytes]:  # fmt: skip
        counts = made_counts()
        sums = [(int(row.sum(dtype=np.int64)) & 0xFFFF) + (checksum if at == 1 else 0) for at, row in enumerate(counts)]
        names = (first, *LEADS[1:])
        rows = [f"{file} {form} {gain} 16 0 0 {total} 0 {lead}" for total, lead in zip(sums, names, strict=True)]
        text = "\n".join([head or f"made 12 {rate} {samples}", *rows, comments])
        return {"made.hea": text.encode(), "made.dat": counts.T.tobytes()}

    return make
