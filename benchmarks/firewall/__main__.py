"""Measure the checks of a signal: python -m benchmarks.firewall DATA."""

import argparse
from pathlib import Path

from tests.conftest import CACHE

from . import challenge, clean, corrupted, swaps

PARTS = {"challenge": challenge.report, "clean": clean.report, "corrupted": corrupted.report, "swaps": swaps.report}


def main() -> None:
    """Print every table, or one."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path, nargs="?", default=CACHE, help="folder of the unpacked recordings")
    arguments.add_argument("--only", choices=PARTS, help="measure this part alone")
    given = arguments.parse_args()
    for name, report in PARTS.items():
        if given.only in (None, name):
            print(f"## {name}\n")
            for line in report(given.data):
                print(line, flush=True)
            print()


if __name__ == "__main__":
    main()
