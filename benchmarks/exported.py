"""How far a model as ONNX is from the same model in torch, over every window of a pack of real records.

python -m benchmarks.exported MODEL.onnx PACK [BUNDLE]: the largest difference of a probability and of a logit, with the
number of windows. The file comes from `python -m ecgssl_core export-onnx BUNDLE --out MODEL.onnx`.
"""

import sys
import time
from pathlib import Path

import numpy as np

from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.inference.card import default_model
from ecgssl_core.models.bundle import load_network
from ecgssl_core.models.onnx_export import TOLERANCE, largest_difference
from ecgssl_core.signals.spec import prepare

GROUP = 50  # records at a time


def main(graph: Path, pack_path: Path, folder: Path) -> None:
    """Print the differences, and whether they are within the tolerance of the export."""
    content, network, pack = graph.read_bytes(), load_network(folder), open_pack(pack_path)
    windows, probability, logit, begun = 0, 0.0, 0.0, time.monotonic()
    for first in range(0, len(pack), GROUP):
        rows = range(first, min(first + GROUP, len(pack)))
        part = np.concatenate([prepare(pack.signal(row), pack.rate, pack.leads, network.spec) for row in rows])
        found = largest_difference(content, network, part)
        windows += len(part)
        probability, logit = max(probability, found.probability), max(logit, found.logit)
    print(f"{len(pack)} records of {pack.name}, {windows} windows, {time.monotonic() - begun:.0f} s")
    print(f"largest difference of a probability {probability:.2e}, of a logit as |a - b| / (1 + |b|) {logit:.2e}")
    print("within" if max(probability, logit) <= TOLERANCE else "NOT within", f"{TOLERANCE:g}")


if __name__ == "__main__":
    words = [Path(word) for word in sys.argv[1:]]
    if len(words) > 1:
        main(words[0], words[1], words[2] if len(words) > 2 else default_model())
    else:
        print("Left out: name an ONNX file and a pack.")
