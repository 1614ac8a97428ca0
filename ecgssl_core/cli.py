"""The command line: one function a verb, each reading its words, calling the core once, and printing."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ecgssl_core
from ecgssl_core.errors import EcgError, SettingsError, nearest
from ecgssl_core.settings import DataSettings, Settings, load_preset, override
from ecgssl_core.words import parser

if TYPE_CHECKING:
    from ecgssl_core.corpus.pack import Pack
    from ecgssl_core.jobs.plan import Asked, Part
    from ecgssl_core.runs import RunDir


PACK_RATES = (20.0, 4000.0)


def main(words: Sequence[str]) -> int:
    """Do what the words ask, and give the exit code: 0 fine, 1 failed with a sentence, 2 wrong words."""
    asked = parser().parse_args(words)
    try:
        return VERBS[asked.verb](asked)
    except BrokenPipeError:  # whoever read along has had enough
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 - python's own last flush must not fail too
        return 1
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except EcgError as error:
        print(error, file=sys.stderr)
        return 1


def read(asked: argparse.Namespace) -> int:
    """Print what was understood of files."""
    from ecgssl_core.inference.files import read_files
    from ecgssl_core.inference.read import reading_json
    from ecgssl_core.records import parse_answers

    reading = read_files(asked.files, parse_answers(asked.unit, asked.leads, asked.rate))
    _print(reading_json(reading), asked.json)
    return 1 if reading.refused else 0


def predict(asked: argparse.Namespace) -> int:
    """Print what a model finds in files."""
    from ecgssl_core.inference.card import default_model
    from ecgssl_core.inference.challenge_outputs import write_outputs
    from ecgssl_core.inference.files import read_files
    from ecgssl_core.inference.predict import predict_reading
    from ecgssl_core.records import parse_answers

    reading = read_files(asked.files, parse_answers(asked.unit, asked.leads, asked.rate))
    leads = tuple(asked.leads.split(",")) if asked.leads else None
    found = predict_reading(asked.model or default_model(), reading, leads)
    for remark in write_outputs(found, asked.outputs) if asked.outputs else ():
        print(remark, file=sys.stderr)
    _print(found, asked.json)
    return 1 if reading.refused else 0


def download(asked: argparse.Namespace) -> int:
    """Fetch a corpus."""
    from ecgssl_core.corpus.download import download as fetch
    from ecgssl_core.corpus.physionet import PROJECTS, ROOT, find_project

    if asked.source is None:
        for one in PROJECTS:
            print(f"{one.name:9} {one.gigabytes:5.1f} GB  {one.licence:10}  {one.holds}")
        return 0
    project, root = find_project(asked.source), asked.base_url or ROOT
    print(f"{project.path}: {project.holds}, {project.licence}, about {project.gigabytes:g} GB", file=sys.stderr)
    made = fetch(project, asked.folder or Path(asked.source), asked.only, _fetched, root)
    print(f"{made.files} files are there and whole; {made.fetched} came now, {made.received / 1e6:.1f} MB")
    return 0


def pack(asked: argparse.Namespace) -> int:
    """Make a pack, saying before what it will take, and afterwards what it took."""
    from ecgssl_core.corpus.budget import estimate_budget, spent
    from ecgssl_core.corpus.build import build_pack
    from ecgssl_core.corpus.column_map import parse_columns
    from ecgssl_core.corpus.known import told_of_table
    from ecgssl_core.corpus.source import open_source
    from ecgssl_core.corpus.watch import reporting
    from ecgssl_core.records import parse_answers
    from ecgssl_core.signals.leads import LEADS

    columns = parse_columns(asked.columns) if asked.columns else None
    if not PACK_RATES[0] <= asked.rate <= PACK_RATES[1]:
        raise SettingsError(
            f"--rate {asked.rate:g}: a pack has {PACK_RATES[0]:g} to {PACK_RATES[1]:g} samples a second."
        )
    source = open_source(asked.source, asked.folder, asked.labels, columns)
    if asked.labels and (remark := told_of_table(source.entries, asked.labels, columns)):
        _told(remark)
    leads = None if asked.leads == "any" else asked.leads.split(",") if asked.leads else LEADS
    answers = parse_answers(asked.unit, None if asked.leads == "any" else asked.leads)
    if not asked.out.exists():
        _told(estimate_budget(source, asked.rate, leads=leads, answers=answers).sentence())
    start = time.monotonic()
    made = build_pack(
        source,
        asked.out,
        asked.rate,
        reporting(asked.out, _progress),
        leads=leads,
        answers=answers,
        report=lambda changes: _told(changes.sentence()),
    )
    took = spent(made, time.monotonic() - start)
    for row in made.refused.itertuples():
        _told(f"{row.key}: {row.sentence}")
    _told(took.sentence())
    summary = {"pack": made.name, "records": len(made), "refused": len(made.refused), "digest": made.digest}
    truth = {"minutes": round(took.minutes, 2), "gigabytes": round(took.gigabytes, 3)}
    _print({**summary, "leads": list(made.leads), **truth}, asked.json)
    return 0


def folds(asked: argparse.Namespace) -> int:
    """Divide a pack."""
    from ecgssl_core.corpus.folds import make_folds
    from ecgssl_core.corpus.leaks import refuse_leaks
    from ecgssl_core.corpus.pack import open_pack

    whole = open_pack(asked.pack)
    made = make_folds(whole, asked.count, asked.seed, not asked.anew)
    refuse_leaks(whole, made)
    for fold in range(made.count):
        print(f"fold {fold}: {len(made.test(fold))} records")
    return 0


def embed(asked: argparse.Namespace) -> int:
    """Keep a model's features of a pack."""
    from ecgssl_core.corpus.pack import open_pack
    from ecgssl_core.inference.card import default_model
    from ecgssl_core.inference.embed import embed as write
    from ecgssl_core.inference.embeddings import embeddings_folder
    from ecgssl_core.models.bundle import load_bundle
    from ecgssl_core.runs import data_root

    whole, bundle = open_pack(asked.pack.absolute()), load_bundle(asked.model or default_model())
    folder = asked.out or embeddings_folder(data_root(), whole, bundle.sha256)
    worked = write(bundle, whole, folder, _progress)
    print(f"{folder.name}: {len(whole)} records, {worked} of them now")
    return 0


def pretrain(asked: argparse.Namespace) -> int:
    """Train an encoder without labels."""
    from ecgssl_core.training.work import work

    return work(asked.run, lambda: _pretraining(asked), "pretrain")


def finetune(asked: argparse.Namespace) -> int:
    """Train a classifier and score it."""
    from ecgssl_core.training.work import work

    return work(asked.run, lambda: _finetuning(asked), "finetune")


def score(asked: argparse.Namespace) -> int:
    """Score output files as the challenges of 2020 and 2021 do."""
    from ecgssl_core.corpus.challenge_folder import read_challenge_folders
    from ecgssl_core.evaluation.score_files import score_files

    files = read_challenge_folders(asked.labels, asked.outputs)
    found = score_files(files, int(asked.year), asked.compatible, asked.allow_unlabelled)
    for note in found.notes:
        print(note, file=sys.stderr)
    print(json.dumps(found.tree, indent=1, allow_nan=False) if asked.json else "\n".join(found.lines))
    return 0


def report(asked: argparse.Namespace) -> int:
    """Write what finished runs show beside the paper."""
    from ecgssl_core.report.make import make_card
    from ecgssl_core.report.write import write_card
    from ecgssl_core.runs import list_runs

    if asked.replicates < 1:
        raise SettingsError("--replicates is at least 1.")
    runs = list_runs() if asked.runs == ["all"] else [run for word in asked.runs for run in _runs(word)]
    card = make_card(runs, asked.replicates, _said)
    for path in write_card(card, asked.out, _said):
        print(path)
    return 0


def release(asked: argparse.Namespace) -> int:
    """Make a bundle."""
    from ecgssl_core.runs import open_run
    from ecgssl_core.training.export import release as export

    *names, folder = asked.words
    if not names:
        raise SettingsError("release needs at least one run and a folder to write to.")
    version = asked.model_version or ecgssl_core.__version__
    runs = [open_run(name) for name in names]
    manifest = export(runs, Path(folder), asked.remark, version, asked.keep_weights)
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


def crossval(asked: argparse.Namespace) -> int:
    """Train and score arms over folds and seeds."""
    from ecgssl_core.jobs.plan import plan_crossval

    return _sweep(asked, plan_crossval(_asked(asked), asked.arms))


def ablate(asked: argparse.Namespace) -> int:
    """Pretrain with one transformation, both or none, and score each."""
    from ecgssl_core.jobs.plan import plan_ablation

    return _sweep(asked, plan_ablation(_asked(asked), asked.modalities, asked.lead_masking))


def worker(asked: argparse.Namespace) -> int:
    """Do what waits in the queue."""
    from ecgssl_core.jobs.worker import drain
    from ecgssl_core.runs import data_root

    drain(data_root(), at_once=asked.at_once)
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
    "download": download,
    "pack": pack,
    "embed": embed,
    "folds": folds,
    "pretrain": pretrain,
    "finetune": finetune,
    "score": score,
    "report": report,
    "release": release,
    "jobs": jobs,
    "crossval": crossval,
    "ablate": ablate,
    "worker": worker,
    "doctor": doctor,
}


def _asked(asked: argparse.Namespace) -> "Asked":
    from ecgssl_core.corpus.folds import read_folds
    from ecgssl_core.corpus.pack import open_pack
    from ecgssl_core.jobs.plan import Asked
    from ecgssl_core.runs import open_run

    pack, words = open_pack(asked.pack), vars(asked)
    count, sources = read_folds(pack).count, _sources(pack, words.get("without", ()))
    return Asked(
        pack=asked.pack,
        # a source is held out once: folds only divide the others
        folds=_numbers("--folds", asked.folds, int, range(count)) or tuple(range(1 if sources else count)),
        seeds=_numbers("--seeds", asked.seeds, int),
        shares=_numbers("--shares", words.get("shares", ("1",)), float),
        unlabelled=tuple(asked.unlabelled),
        encoders={open_run(name).settings().modality: name for name in words.get("encoders", ())},
        family=asked.family,
        changes=tuple(asked.changes),
        pretrain_changes=tuple(asked.pretrain_set),
        choose=words.get("choose", ""),
        pretrain_seed=asked.pretrain_seed,
        sources=sources or ("",),
    )


def _sources(pack: "Pack", names: Sequence[str]) -> tuple[str, ...]:
    known = sorted(pack.table["source"].dropna().astype(str).unique())
    if tuple(names) == ("all",):
        return tuple(known)
    strange = next((name for name in names if name not in known), None)
    if strange is not None:
        raise SettingsError(f"{pack.name} has no source {strange!r}: {nearest(strange, known)}")
    return tuple(names)


def _numbers(word: str, texts: Sequence[str], kind: type, known: range | None = None) -> tuple[Any, ...]:
    try:
        numbers = tuple(kind(text) for text in texts)
    except ValueError as error:
        raise SettingsError(f"{word} takes numbers with commas between, not {','.join(texts)!r}.") from error
    strange = [number for number in numbers if known is not None and number not in known]
    if known is not None and strange:
        raise SettingsError(f"There is no fold {strange[0]}; the pack has the folds 0 to {known[-1]}.")
    return numbers


def _sweep(asked: argparse.Namespace, parts: "list[Part]") -> int:
    from ecgssl_core.jobs import drain, wake
    from ecgssl_core.jobs.sweeps import begin, counts, queue_sweep, wait_for
    from ecgssl_core.runs import data_root

    sweep = begin(asked.verb, asked.name, parts)
    runs = queue_sweep(sweep, parts)
    print(f"{sweep.name}: {len(runs)} runs", flush=True)
    if asked.wait:
        drain(data_root(), at_once=asked.at_once)
        found = wait_for(runs)
    else:
        wake(data_root())
        found = counts(runs)
    print(", ".join(f"{number} {state}" for state, number in found.items()))
    return 0 if set(found) <= {"done", "queued", "starting", "running"} else 1


def _pretraining(asked: argparse.Namespace) -> Settings:
    unlabelled = tuple(str(path.absolute()) for path in asked.unlabelled)
    settings = _settings(asked, {"unlabelled": unlabelled})
    if settings.method in ("supervised", "baseline"):
        raise SettingsError(f"The preset {settings.preset} is for finetune; take one for pretraining.")
    return settings


def _finetuning(asked: argparse.Namespace) -> Settings:
    settings = _settings(asked, {"encoders": tuple(asked.encoders)})
    if settings.method not in ("supervised", "baseline"):
        raise SettingsError(f"The preset {settings.preset} is for pretrain; take one for fine-tuning.")
    return settings


def _settings(asked: argparse.Namespace, data: dict[str, Any]) -> Settings:
    if asked.preset is None:
        raise SettingsError("A training needs --preset NAME, or --run RUN to go on with one.")
    settings = override(load_preset(asked.preset), asked.changes)
    if not any(change.startswith("data.classes=") for change in asked.changes):
        data["classes"] = _classes(asked.pack)
    part = settings.data.model_copy(update={"pack": str(asked.pack.absolute()), "fold": asked.fold, **data})
    return settings.model_copy(update={"data": part})


def _classes(pack: Path) -> str:
    from ecgssl_core.corpus.pack import MANIFEST, open_pack
    from ecgssl_core.corpus.source import label_set_of

    if not (pack / MANIFEST).is_file():
        return DataSettings().classes  # the training says what is wrong with the pack
    return label_set_of(pack.absolute(), str(open_pack(pack).manifest.get("source", "")))


def _runs(word: str) -> "list[RunDir]":
    """Give the scored runs of a sweep, or the run of a name or folder."""
    from ecgssl_core.runs import open_run, open_sweep, sweep_names

    if word in sweep_names():
        return open_sweep(word).scored()
    return [open_run(Path(word) if "/" in word else word)]


def _told(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _said(what: str) -> None:
    print(f"{what} …", file=sys.stderr)


def _fetched(done: int, count: int, received: int) -> None:
    if done % 100 == 0 or done == count:
        print(f"{done} of {count} files, {received / 1e6:.0f} MB", file=sys.stderr)


def _progress(done: int, count: int) -> None:
    if done % 100 == 0 or done == count:
        print(f"{done} of {count} records", file=sys.stderr)


def _print(tree: dict[str, Any], as_json: bool) -> None:
    from ecgssl_core.inference.read import lines_of

    print(json.dumps(tree, indent=1, allow_nan=False) if as_json else "\n".join(lines_of(tree)))
