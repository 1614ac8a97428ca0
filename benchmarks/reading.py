"""How many of the real files at hand each reader reads, and refuses: `python -m benchmarks.reading DATA`."""

import sys
from collections import Counter
from pathlib import Path

from ecgssl_core.errors import RecordError
from ecgssl_core.records.read import gather, read_records, reader_of

SIGNALS = (".dat", ".mat")


def main(data: Path) -> None:
    """Print a line a reader: files tried, records, refused by kind, and questions left open by kind."""
    tried, records, refused, asked = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for path in _files(data):
        files, _ = gather([path])
        name = _reader(path.name, files.get(path.name, b""))
        tried[name] += 1
        reading = read_records(files)
        records[name] += len(reading.records)
        refused.update(f"{name} {one.kind}" for one in reading.refused)
        asked.update(
            f"{name} {one.kind}" for record in reading.records for one in record.issues if one.severity == "block"
        )
    print("| reader | files | records | refused | asked, or kept from models |\n|---|---|---|---|---|")
    for name in sorted(tried):
        cells = [_of(counter, name) for counter in (refused, asked)]
        print(f"| {name} | {tried[name]:,} | {records[name]:,} | {cells[0]} | {cells[1]} |")


def _files(data: Path) -> list[Path]:
    files = [path for path in sorted(data.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    headers = {path.with_suffix("") for path in files if path.suffix == ".hea"}
    brought = {path for path in files if path.suffix != ".hea" and path.with_suffix("") in headers}
    tables = {path for path in files if path.parent.parent == data and path.suffix in (".csv", ".txt", ".md")}
    return [path for path in files if path not in brought | tables]


def _reader(name: str, content: bytes) -> str:
    try:
        return reader_of(name, content).NAME
    except RecordError:
        return "none"


def _of(counter: "Counter[str]", name: str) -> str:
    found = {key.removeprefix(f"{name} "): count for key, count in counter.items() if key.startswith(f"{name} ")}
    return ", ".join(f"{kind} {count}" for kind, count in sorted(found.items())) or "–"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
