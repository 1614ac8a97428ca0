"""The verbs about scores: of output files, of runs with fewer leads, and of runs beside the paper."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ecgssl_core.errors import EcgError, SettingsError

from .told import say_begun

if TYPE_CHECKING:
    from ecgssl_core.runs import RunDir


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
    runs = list_runs() if asked.runs == ["all"] else [run for word in asked.runs for run in runs_of(word)]
    card = make_card(runs, asked.replicates, say_begun)
    for path in write_card(card, asked.out, say_begun):
        print(path)
    return 0


def lead_sets(asked: argparse.Namespace) -> int:
    """Score test folds again with fewer leads, and print what that costs."""
    from ecgssl_core.report.lead_sets import lead_section, lead_trees
    from ecgssl_core.report.make import study_of
    from ecgssl_core.signals.lead_sets import LEAD_SETS, find_sets
    from ecgssl_core.training.lead_sets import score_lead_sets

    sets = find_sets(asked.sets) if asked.sets else LEAD_SETS
    failed, scored = False, []
    for run in [run for word in asked.runs for run in runs_of(word)]:
        try:
            score_lead_sets(run, say_begun, sets)
            scored.append(run)
        except EcgError as error:
            failed = True
            print(error, file=sys.stderr)
    if scored and not asked.score_only:
        study = study_of(scored, asked.replicates)
        if asked.json:
            print(json.dumps(lead_trees(study), indent=1, allow_nan=False))
        elif (section := lead_section(study)) is not None:
            print("\n".join([*section.sentences, section.tables[""].to_string(index=False)]))
    return 1 if failed else 0


def score_pack(asked: argparse.Namespace) -> int:
    """Score a released model on a labelled pack that it was not made for."""
    import torch

    from ecgssl_core.corpus.pack import open_pack
    from ecgssl_core.inference.card import default_model
    from ecgssl_core.inference.score_elsewhere import lines_elsewhere, score_elsewhere
    from ecgssl_core.models.bundle import load_bundle
    from ecgssl_core.signals.lead_sets import parse_leads

    torch.set_num_threads(1)
    leads = parse_leads(asked.leads) if asked.leads else None
    bundle, pack = load_bundle(asked.model or default_model()), open_pack(asked.pack)
    say_begun(f"Scoring {bundle.manifest.name} on {pack.name}")
    found = score_elsewhere(bundle, pack, leads, asked.without, asked.replicates)
    print(json.dumps(found, indent=1, allow_nan=False) if asked.json else "\n".join(lines_elsewhere(found)))
    return 0


def runs_of(word: str) -> "list[RunDir]":
    """Give the scored runs of a sweep, or the run of a name or folder."""
    from ecgssl_core.runs import open_run, open_sweep, sweep_names

    if word in sweep_names():
        return open_sweep(word).scored()
    return [open_run(Path(word) if "/" in word else word, wanted="fine-tuning")]
