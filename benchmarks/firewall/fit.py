"""Fit the frozen numbers of the checks again: python -m benchmarks.firewall.fit DATA."""

import argparse
from pathlib import Path

import ecgssl_core.records
from tests.conftest import CACHE

from . import fit_arrangements, fit_score, fit_time_scale

PARTS = {"arrangements": fit_arrangements.fit, "time": fit_time_scale.fit, "score": fit_score.fit}


def main() -> None:
    """Write the tables of the package anew."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path, nargs="?", default=CACHE, help="folder of the unpacked recordings")
    arguments.add_argument("--only", choices=PARTS, help="fit this part alone")
    given = arguments.parse_args()
    tables = Path(ecgssl_core.records.__file__).parent / "tables"
    for name, fit in PARTS.items():
        if given.only in (None, name):
            fit(given.data, tables)
            print(f"{name}: written")


if __name__ == "__main__":
    main()
