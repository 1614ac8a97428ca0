"""How far a released classifier's features, taught nothing of persons, tell persons apart: a figure of privacy."""

import json
import sys
from pathlib import Path
from typing import Any

import torch

from ecgssl_core.corpus.leaks import hashes_seen
from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.corpus.repeaters import part_persons
from ecgssl_core.inference.card import default_model
from ecgssl_core.models.bundle import load_network
from ecgssl_core.models.manifest import read_manifest
from ecgssl_core.training.identity_figures import tried


def identity_leak(model: Path, pack_folder: Path) -> dict[str, Any]:
    """Give how well the features of a bundle's classifier tell persons apart who have two recordings in a pack.

    seen: how many of the records in question the model was trained, pretrained or decided on.
    """
    pack = open_pack(pack_folder)
    persons = part_persons(pack, [], -1, deciding=4)
    tested = set(hashes_seen(pack, [*persons.gallery, *persons.probes]))
    seen = tested & set(read_manifest(model)[0].training.seen)
    figures = tried(load_network(model), pack, persons, every_set=False)
    return {"model": model.name, "pack": pack.digest, "tested": len(tested), "seen": len(seen), **figures}


if __name__ == "__main__":
    torch.set_num_threads(1)
    words = [Path(word) for word in sys.argv[1:]]
    if words:
        print(json.dumps(identity_leak(words[1] if len(words) > 1 else default_model(), words[0]), indent=1))
    else:
        print("Left out: name a pack of a corpus that says whose its recordings are.")
