"""Every verb by its word, the two that concern the installation, and how a verb's mistakes end."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from ecgssl_core.errors import EcgError, SettingsError
from ecgssl_core.words import parser

from .corpora import download, embed, folds, pack
from .exchange import export_onnx, import_model, release
from .identifying import identify
from .queue import jobs, worker
from .reading import predict, read
from .scoring import lead_sets, report, score, score_pack
from .sweeps import ablate, crossval
from .trainings import finetune, measure, pretrain


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


def doctor(_asked: argparse.Namespace) -> int:
    """Check the installation."""
    from ecgssl_core.doctor import findings

    found = findings()
    for finding in found:
        print(f"{'ok ' if finding.fine else 'BAD'}  {finding.what}: {finding.text}")
    return 0 if all(finding.fine for finding in found) else 1


def demo(asked: argparse.Namespace) -> int:
    """Go the whole way once, on made ECGs."""
    from ecgssl_core.demo import go_the_whole_way

    return go_the_whole_way(asked.folder, main, tiny=asked.tiny)


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "read": read,
    "predict": predict,
    "identify": identify,
    "download": download,
    "pack": pack,
    "embed": embed,
    "lead-sets": lead_sets,
    "folds": folds,
    "pretrain": pretrain,
    "finetune": finetune,
    "measure": measure,
    "score": score,
    "score-pack": score_pack,
    "report": report,
    "release": release,
    "export-onnx": export_onnx,
    "import-model": import_model,
    "jobs": jobs,
    "crossval": crossval,
    "ablate": ablate,
    "worker": worker,
    "doctor": doctor,
    "demo": demo,
}
