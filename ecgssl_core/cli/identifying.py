"""The verb that looks for a person's other records."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecgssl_core.errors import EmptyFile, SettingsError

from .told import print_tree, say

if TYPE_CHECKING:
    from ecgssl_core.records import Answers, Reading


def identify(asked: argparse.Namespace) -> int:
    """Print, for each probe, the records of the gallery that are most like it."""
    from ecgssl_core.inference.card import identifying_model
    from ecgssl_core.inference.same_person import identify as find
    from ecgssl_core.records import parse_answers

    if asked.most < 1:
        raise SettingsError("--most is at least 1.")
    model, remark = identifying_model(asked.model)
    if remark:
        say(remark)
    answers = parse_answers(asked.unit, asked.leads, asked.rate)
    gallery, probes = _read([asked.gallery], answers), _read(asked.probes, answers)
    for reading, name in ((gallery, asked.gallery.name), (probes, "PROBE")):
        if not reading.records:
            for refusal in reading.refused:
                print(f"{refusal.name}: {refusal.kind}: {refusal.sentence}", file=sys.stderr)
            raise EmptyFile(name, "no record could be read there, so nothing is compared.")
    found = find(model, gallery, probes, asked.most)
    if asked.json:
        print_tree(found, as_json=True)
    else:
        print("\n".join(_lines(found)))
    return 1 if found["refused"] else 0


def _read(paths: Sequence[Path], answers: "Answers") -> "Reading":
    """Read files, and of folders every file that is an ECG; what else lies in a folder is passed over."""
    from ecgssl_core.inference.files import read_files
    from ecgssl_core.records import Reading

    files, inside = [], set()
    for path in paths:
        if path.is_dir():
            found = sorted(one for one in path.rglob("[!.]*") if one.is_file())
            files += found
            inside |= {one.name for one in found}
        else:
            files.append(path)
    reading = read_files(files, answers)
    passed = [one for one in reading.refused if one.kind in ("FORMAT", "EMPTY") and one.name in inside]
    if passed:
        say(f"Passed over, for they are no ECG: {', '.join(sorted({one.name for one in passed})[:5])}.")
    return Reading(reading.records, tuple(one for one in reading.refused if one not in passed))


def _lines(tree: dict[str, Any]) -> Iterator[str]:
    count = tree["gallery"]
    yield f"{tree['model']['name']}: a false-match rate is of one pair, and each probe is asked {count} times"
    for probe in tree["probes"]:
        yield probe["name"]
        for one in probe["nearest"]:
            value = "not compared" if one["similarity"] is None else f"similarity {one['similarity']:+.3f}"
            rate = "–" if one["rate"] is None else f"{one['rate']:g}"
            yield f"  {one['name']:24}  {value:18}  false-match rate {rate:7}  {one['sentence']}"
    for refusal in tree["refused"]:
        yield f"{refusal['name']}: {refusal['kind']}: {refusal['sentence']}"
    yield tree["note"]
