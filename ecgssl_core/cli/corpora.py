"""The verbs about corpora: fetching one, making a pack of it, dividing it, and keeping a model's features of it."""

import argparse
import sys
import time
from pathlib import Path

from ecgssl_core.errors import SettingsError

from .told import count_files, count_records, print_tree, say

PACK_RATES = (20.0, 4000.0)


def download(asked: argparse.Namespace) -> int:
    """Fetch a corpus."""
    from ecgssl_core.corpus.download import download as fetch
    from ecgssl_core.corpus.fetching import watched
    from ecgssl_core.corpus.physionet import PROJECTS, ROOT, find_project

    if asked.source is None:
        for one in PROJECTS:
            print(f"{one.name:9} {one.gigabytes:5.1f} GB  {one.licence:10}  {one.holds}")
        return 0
    project, root = find_project(asked.source), asked.base_url or ROOT
    print(f"{project.path}: {project.holds}, {project.licence}, about {project.gigabytes:g} GB", file=sys.stderr)
    folder = asked.folder or Path(asked.source)
    made = fetch(project, folder, asked.only, watched(folder, count_files), root)
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
    if source.has_records_table and (remark := told_of_table(source.entries, asked.labels, columns)):
        say(remark)
    leads = None if asked.leads == "any" else asked.leads.split(",") if asked.leads else LEADS
    answers = parse_answers(asked.unit, None if asked.leads == "any" else asked.leads)
    if not asked.out.exists():
        say(estimate_budget(source, asked.rate, leads=leads, answers=answers).sentence())
    start = time.monotonic()
    made = build_pack(
        source,
        asked.out,
        asked.rate,
        reporting(asked.out, count_records),
        leads=leads,
        answers=answers,
        report=lambda changes: say(changes.sentence()),
    )
    took = spent(made, time.monotonic() - start)
    for row in made.refused.itertuples():
        say(f"{row.key}: {row.sentence}")
    say(took.sentence())
    summary = {"pack": made.name, "records": len(made), "refused": len(made.refused), "digest": made.digest}
    truth = {"minutes": round(took.minutes, 2), "gigabytes": round(took.gigabytes, 3)}
    if asked.json:
        print_tree({**summary, "leads": list(made.leads), **truth}, as_json=True)
    else:
        print_tree({**summary, "leads": ", ".join(made.leads)}, as_json=False)  # time and size were told above
    return 0


def folds(asked: argparse.Namespace) -> int:
    """Divide a pack."""
    from ecgssl_core.corpus.folds import make_folds
    from ecgssl_core.corpus.leaks import refuse_leaks
    from ecgssl_core.corpus.pack import open_pack
    from ecgssl_core.corpus.persons import patients_unknown

    whole = open_pack(asked.pack)
    made = make_folds(whole, asked.count, asked.seed, not asked.anew)
    refuse_leaks(whole, made)
    for fold in range(made.count):
        print(f"fold {fold}: {len(made.test(fold))} records")
    if unknown := patients_unknown(whole):
        say(f"{unknown[0].upper()}{unknown[1:]}, so two recordings of one person may lie in different folds.")
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
    worked = write(bundle, whole, folder, count_records)
    print(f"{folder.name}: {len(whole)} records, {worked} of them now")
    return 0
