"""The records of a corpus counted by source: formats, rates, lengths, leads, units, scale, quality, refusals."""

import json
from bisect import bisect_right
from collections import Counter
from typing import Any

SECONDS = (0.0, 1.0, 2.5, 5.0, 9.0, 11.0, 20.0, 30.0, 60.0, 120.0, 600.0, 1800.0, 3600.0)
SPAN_MV = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 6.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
MOST_KINDS = 40  # different leads, rates and so on of a source; what comes later is counted as OTHER
OTHER = "other"
COUNTED = ("refused", "formats", "rates_hz", "leads", "units", "seconds", "span_mv", "quality")


class Tally:
    """Counts that grow by a record at a time; their size does not depend on the number of records."""

    def __init__(self) -> None:
        self._sources: dict[str, dict[str, Counter[str]]] = {}
        self._records: Counter[str] = Counter()

    def add(self, origin: dict[str, Any]) -> None:
        """Count a record, as `origins.parquet` describes it."""
        name = origin["source"]
        self._records[name] += 1
        counts = self._sources.setdefault(name, {what: Counter() for what in COUNTED})
        if origin["kind"]:
            _count(counts["refused"], origin["kind"])
        if not origin["format"]:
            return  # it was refused before anything was understood
        _count(counts["formats"], origin["format"])
        _count(counts["rates_hz"], f"{origin['rate_hz']:g}")
        _count(counts["leads"], " ".join(json.loads(origin["leads"])))
        _count(counts["units"], origin["units"])
        _count(counts["seconds"], bin_of(origin["seconds"], SECONDS))
        if origin["span_mv"]:
            _count(counts["span_mv"], bin_of(origin["span_mv"], SPAN_MV))
        if origin["quality"]:
            _count(counts["quality"], origin["quality"])

    def tree(self) -> dict[str, dict[str, Any]]:
        """Give the counts by source, each kind with the commonest first, bins in their order."""
        return {
            name: {"records": self._records[name], **_sorted(self._sources[name])} for name in sorted(self._sources)
        }


def bin_of(value: float, edges: tuple[float, ...]) -> str:
    """Give the name of the bin of a value, its lower edge inside: `9 to 11`, and `from 3600` above all edges."""
    at = bisect_right(edges, value)
    return f"from {edges[-1]:g}" if at == len(edges) else f"{edges[max(at, 1) - 1]:g} to {edges[max(at, 1)]:g}"


def _count(counter: "Counter[str]", name: str) -> None:
    counter[name if name in counter or len(counter) < MOST_KINDS else OTHER] += 1


def _sorted(counts: dict[str, "Counter[str]"]) -> dict[str, dict[str, int]]:
    order = {"seconds": SECONDS, "span_mv": SPAN_MV}
    found = {}
    for what, counter in counts.items():
        if what in order:
            names = [bin_of(edge, order[what]) for edge in order[what]]
            found[what] = {name: counter[name] for name in names if counter[name]}
        else:
            found[what] = dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))
    return found
