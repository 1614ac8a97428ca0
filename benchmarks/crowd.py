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
WARM_S = 15.0  # the second of the processes that predict starts ten seconds after the first
AIM_S = 2.0
PAPER = b"ecg_paper"  # the component that draws; it follows the name of the recording


def main() -> None:
    """Print waits and crossings for each crowd."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--records", type=Path, help="a folder of WFDB recordings with .mat signals; else the examples")
    words.add_argument("--seconds", type=float, default=SECONDS)
    asked = words.parse_args()
    headers = sorted(asked.records.rglob("*.hea")) if asked.records else [example(place) for place in range(3)]
    print(f"{len(headers)} recordings; {THINK_S[0]:g} to {THINK_S[1]:g} s between two clicks of a person")
    print("people  kind               clicks   median s    95 % s   worst s")
    for people in CROWDS:
        with tempfile.TemporaryDirectory() as data, served(ROOT / "app.py", Path(data)) as address:
            _crowd(address, people, headers, asked.seconds)


def _crowd(address: str, people: int, headers: list[Path], seconds: float) -> None:
    waits: dict[str, list[float]] = defaultdict(list)
    visitors = [Visitor(address) for _ in range(people)]
    side_by_side([visitor.until_quiet for visitor in visitors])
    time.sleep(WARM_S)
    given: list[list[str]] = [[] for _ in visitors]
    end = time.monotonic() + seconds

    def visit(place: int) -> None:
        visitor, chance = visitors[place], random.Random(place)
        turn = 0
        while time.monotonic() < end:
            name = f"canary{people:02d}p{place:02d}t{turn:03d}"
            given[place].append(name)
            header = headers[(place + turn * people) % len(headers)]
            files, before, begun = canary(header, name), len(visitor.heard), time.monotonic()
            waits["upload, all of it"].append(visitor.upload(files))
            waits["upload, its paper"].append(_painted(visitor, name, before) - begun)
            for label, options in (("Speed, mm/s", ("50", "25")), ("Gain, mm/mV", ("20", "10"))):
                for option in options:
                    time.sleep(chance.uniform(*THINK_S))
                    waits["plot"].append(visitor.choose(label, option))
            turn += 1

    side_by_side([lambda place=place: visit(place) for place in range(people)])
    waits["click to paint"] = waits["upload, its paper"] + waits["plot"]
    waits["click to rest"] = waits["upload, all of it"] + waits["plot"]
    for kind, found in waits.items():
        late = statistics.quantiles(found, n=20)[-1] if len(found) > 1 else found[0]
        print(
            f"{people:6d}  {kind:17s} {len(found):7d} {statistics.median(found):10.2f} {late:9.2f} {max(found):9.2f}"
            + (f"   aim {AIM_S:g} s" if kind == "click to paint" else "")
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


def _painted(visitor: Visitor, name: str, before: int) -> float:
    """Give the moment at which a visitor got the paper of a recording, of what came after the first messages.

    Raises:
        LookupError: it never came.
    """
    named = False
    for content, moment in zip(visitor.heard[before:], visitor.heard_at[before:], strict=True):
        named = named or name.encode() in content
        if named and PAPER in content:
            return moment
    raise LookupError(f"{name} was not drawn")


if __name__ == "__main__":
    main()
