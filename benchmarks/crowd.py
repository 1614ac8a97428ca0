"""How long ten people wait who upload, plot and predict at once, and whether anybody hears of another's ECG."""

import argparse
import random
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from tests.browser.canaries import canary, example
from tests.browser.chromium import ROOT, served
from tests.browser.visitor import Visitor, side_by_side

CROWDS = (1, 5, 10)
SECONDS = 60.0
THINK_S = (2.0, 6.0)  # between two clicks of a person
AIM_S = 2.0


def main() -> None:
    """Print waits and crossings for each crowd."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--records", type=Path, help="a folder of WFDB recordings with .mat signals; else the examples")
    words.add_argument("--seconds", type=float, default=SECONDS)
    asked = words.parse_args()
    headers = sorted(asked.records.rglob("*.hea")) if asked.records else [example(place) for place in range(3)]
    print(f"{len(headers)} recordings; {THINK_S[0]:g} to {THINK_S[1]:g} s between two clicks of a person")
    print("people  kind      clicks   median s    95 % s   worst s")
    for people in CROWDS:
        with tempfile.TemporaryDirectory() as data, served(ROOT / "app.py", Path(data)) as address:
            _crowd(address, people, headers, asked.seconds)


def _crowd(address: str, people: int, headers: list[Path], seconds: float) -> None:
    waits: dict[str, list[float]] = defaultdict(list)
    visitors = [Visitor(address) for _ in range(people)]
    side_by_side([visitor.until_quiet for visitor in visitors])
    given: list[list[str]] = [[] for _ in visitors]
    end = time.monotonic() + seconds

    def visit(place: int) -> None:
        visitor, chance = visitors[place], random.Random(place)
        turn = 0
        while time.monotonic() < end:
            name = f"canary{people:02d}p{place:02d}t{turn:03d}"
            given[place].append(name)
            header = headers[(place + turn * people) % len(headers)]
            waits["upload"].append(visitor.upload(canary(header, name)))
            for label, options in (("Speed, mm/s", ("50", "25")), ("Gain, mm/mV", ("20", "10"))):
                for option in options:
                    time.sleep(chance.uniform(*THINK_S))
                    waits["plot"].append(visitor.choose(label, option))
            turn += 1

    side_by_side([lambda place=place: visit(place) for place in range(people)])
    for kind, found in [*waits.items(), ("all", [one for some in waits.values() for one in some])]:
        late = statistics.quantiles(found, n=20)[-1] if len(found) > 1 else found[0]
        print(
            f"{people:6d}  {kind:8s} {len(found):7d} {statistics.median(found):10.2f} {late:9.2f} {max(found):9.2f}"
            + (f"   aim {AIM_S:g} s" if kind == "all" else "")
        )
    crossings = sum(
        name.encode() in message
        for place, visitor in enumerate(visitors)
        for message in visitor.heard
        for other, names in enumerate(given)
        if other != place
        for name in names
    )
    print(f"{people:6d}  recordings that somebody else heard of: {crossings}")
    for visitor in visitors:
        visitor.close()


if __name__ == "__main__":
    main()
