"""The command line: one function a verb, each reading its words, calling the core once, and printing."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ecgssl_core.errors import EcgError, SettingsError
from ecgssl_core.settings import Settings, load_preset, override
from ecgssl_core.words import parser


def main(words: Sequence[str]) -> int:
    """Do what the words ask, and give the exit code: 0 fine, 1 failed with a sentence, 2 wrong words."""
    asked = parser().parse_args(words)
    try:
        return VERBS[asked.verb](asked)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except EcgError as error:
        print(error, file=sys.stderr)
        return 1


def read(asked: argparse.Namespace) -> int:
    """Print what was understood of files."""
    from ecgssl_core.inference.read import read_files, reading_json

    reading = read_files(asked.files)
    _print(reading_json(reading), asked.json)
    return 1 if reading.refused else 0


def predict(asked: argparse.Namespace) -> int:
    """Print what a model finds in files."""
    from ecgssl_core.inference.card import default_model
    from ecgssl_core.inference.predict import predict_reading
    from ecgssl_core.inference.read import read_files

    reading = read_files(asked.files)
    leads = tuple(asked.leads.split(",")) if asked.leads else None
    found = predict_reading(asked.model or default_model(), reading, leads)
    _print(found, asked.json)
    return 1 if reading.refused else 0


def pack(asked: argparse.Namespace) -> int:
    """Make a pack."""
    from ecgssl_core.corpus.build import build_pack
    from ecgssl_core.corpus.source import open_source

    source = open_source(asked.source, asked.folder, asked.labels)
    made = build_pack(source, asked.out, asked.rate, _progress)
    for row in made.refused.itertuples():
        print(f"{row.key}: {row.sentence}", file=sys.stderr)
    summary = {"pack": made.name, "records": len(made), "refused": len(made.refused), "digest": made.digest}
    _print(summary, asked.json)
    return 0


def folds(asked: argparse.Namespace) -> int:
    """Divide a pack."""
    from ecgssl_core.corpus.folds import make_folds
    from ecgssl_core.corpus.leaks import refuse_leaks
    from ecgssl_core.corpus.pack import open_pack

    whole = open_pack(asked.pack)
    made = make_folds(whole, asked.count, asked.seed)
    refuse_leaks(whole, made)
    for fold in range(made.count):
        print(f"fold {fold}: {len(made.test(fold))} records")
    return 0


def pretrain(asked: argparse.Namespace) -> int:
    """Train an encoder without labels."""
    from ecgssl_core.training.work import work

    return work(asked.run, lambda: _pretraining(asked), "pretrain")


def finetune(asked: argparse.Namespace) -> int:
    """Train a classifier and score it."""
    from ecgssl_core.training.work import work

    return work(asked.run, lambda: _finetuning(asked), "finetune")


def release(asked: argparse.Namespace) -> int:
    """Make a bundle."""
    from ecgssl_core.runs import open_run
    from ecgssl_core.training.export import release as export

    *names, folder = asked.words
    if not names:
        raise SettingsError("release needs at least one run and a folder to write to.")
    manifest = export([open_run(name) for name in names], Path(folder), asked.remark)
    print(f"{manifest.name}: {manifest.training.arm}, {len(manifest.labels.codes)} classes")
    return 0


def jobs(asked: argparse.Namespace) -> int:
    """List, cancel or resume runs."""
    from ecgssl_core.jobs import cancel, resume
    from ecgssl_core.runs import list_runs, open_run

    if asked.action == "list":
        for run in list_runs():
            state = run.state()
            print(f"{run.name}  {state.state}  {state.step}/{state.steps}  {state.reason}")
        return 0
    if asked.run is None:
        raise SettingsError(f"jobs {asked.action} needs the name of a run.")
    (cancel if asked.action == "cancel" else resume)(open_run(asked.run))
    return 0


def worker(_asked: argparse.Namespace) -> int:
    """Do what waits in the queue."""
    from ecgssl_core.jobs.worker import drain
    from ecgssl_core.runs import data_root

    drain(data_root())
    return 0


def doctor(_asked: argparse.Namespace) -> int:
    """Check the installation."""
    from ecgssl_core.doctor import findings

    found = findings()
    for finding in found:
        print(f"{'ok ' if finding.fine else 'BAD'}  {finding.what}: {finding.text}")
    return 0 if all(finding.fine for finding in found) else 1


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "read": read,
    "predict": predict,
    "pack": pack,
    "folds": folds,
    "pretrain": pretrain,
    "finetune": finetune,
    "release": release,
    "jobs": jobs,
    "worker": worker,
    "doctor": doctor,
}


def _pretraining(asked: argparse.Namespace) -> Settings:
    unlabelled = tuple(str(path.absolute()) for path in asked.unlabelled)
    settings = _settings(asked, {"unlabelled": unlabelled})
    if settings.method == "supervised":
        raise SettingsError(f"The preset {settings.preset} is for finetune; take one for pretraining.")
    return settings


def _finetuning(asked: argparse.Namespace) -> Settings:
    settings = _settings(asked, {"encoders": tuple(asked.encoders)})
    if settings.method != "supervised":
        raise SettingsError(f"The preset {settings.preset} is for pretrain; take one for fine-tuning.")
    return settings


def _settings(asked: argparse.Namespace, data: dict[str, Any]) -> Settings:
    if asked.preset is None:
        raise SettingsError("A training needs --preset NAME, or --run RUN to go on with one.")
    settings = override(load_preset(asked.preset), asked.changes)
    part = settings.data.model_copy(update={"pack": str(asked.pack.absolute()), "fold": asked.fold, **data})
    return settings.model_copy(update={"data": part})


def _progress(done: int, count: int) -> None:
    if done % 100 == 0 or done == count:
        print(f"{done} of {count} records", file=sys.stderr)


def _print(tree: dict[str, Any], as_json: bool) -> None:
    from ecgssl_core.inference.read import lines_of

    print(json.dumps(tree, indent=1, allow_nan=False) if as_json else "\n".join(lines_of(tree)))
