"""The verbs about models that leave a run or come from elsewhere."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import ecgssl_core
from ecgssl_core.errors import SettingsError

from .told import say, say_begun

if TYPE_CHECKING:
    from ecgssl_core.runs import RunDir


def release(asked: argparse.Namespace) -> int:
    """Make a bundle."""
    from ecgssl_core.runs import open_run
    from ecgssl_core.training.export import release as export

    *names, folder = asked.words
    if not names:
        raise SettingsError("release needs at least one run and a folder to write to.")
    version = asked.model_version or ecgssl_core.__version__
    runs = [open_run(name, wanted="fine-tuning") for name in names]
    if runs[0].settings().method == "arcface":
        return _release_identity(runs, Path(folder))
    manifest = export(runs, Path(folder), asked.remark, version, asked.keep_weights, say_begun)
    print(f"{manifest.name}: {manifest.training.arm}, {len(manifest.labels.codes)} classes")
    say(f"`python -m ecgssl_core predict FILE --model {folder}` uses it; the Models page lists those in checkpoints/.")
    return 0


def _release_identity(runs: "list[RunDir]", folder: Path) -> int:
    """Add a network that tells persons apart to the bundle in a folder."""
    from ecgssl_core.training.release_identity import release_identity

    if len(runs) > 1:
        raise SettingsError("A model tells persons apart by one run; name one.")
    manifest = release_identity(runs[0], folder)
    found = manifest.identity.figures if manifest.identity else {}
    print(f"{manifest.name}: tells persons apart, tried on {found.get('persons')} persons")
    say(f"`python -m ecgssl_core identify GALLERY PROBE --model {folder}` uses it, and the Compare page.")
    return 0


def export_onnx(asked: argparse.Namespace) -> int:
    """Write a bundle as ONNX."""
    from ecgssl_core.inference.card import read_card
    from ecgssl_core.inference.onnx_file import example_windows
    from ecgssl_core.models.onnx_export import STEPS
    from ecgssl_core.models.onnx_export import export_onnx as export

    def step(number: int, name: str) -> None:
        say(f"{number + 1} of {len(STEPS)}: {name}")

    made = export(asked.model, asked.out, example_windows(read_card(asked.model).manifest.spec), step)
    differs = f"probabilities within {made.difference.probability:.1e} of torch on {made.windows} windows"
    print(f"{made.graph.name} and {made.sidecar.name}: {differs}")
    return 0


def import_model(asked: argparse.Namespace) -> int:
    """Put the model of a zip into the data folder."""
    from ecgssl_core.inference.exchange import import_bundle, read_zip
    from ecgssl_core.models.identifier import load_whole
    from ecgssl_core.runs import data_root

    folder = import_bundle(read_zip(asked.zip), data_root(), load_whole)
    print(f"{folder.name} is whole, gives its reference output here, and is listed from now on")
    return 0
