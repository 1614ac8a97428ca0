"""The whole way once, on made ECGs: folder, pack, folds, pretraining, fine-tuning, report; every command is printed."""

import os
import shlex
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ecgssl_core.corpus.made import make_corpus
from ecgssl_core.errors import SettingsError
from ecgssl_core.runs import list_runs

RECORDS, TINY_RECORDS = 300, 48
CALM = ["classifier.average_weights=0", "optimiser.warmup_epochs=1"]


def go_the_whole_way(folder: Path, command: Callable[[Sequence[str]], int], tiny: bool = False) -> int:
    """Go from made records to a report within two minutes, and give the exit code of the first command that failed.

    Args:
        folder: where everything goes; it may not hold anything yet.
        command: does what the words of a command line ask, and gives its exit code.
        tiny: as little as possible.

    Raises:
        SettingsError: the folder is in use.
        EcgError: the made ECGs could not be written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise SettingsError(f"{folder.name} is not empty; name a folder for the demo that is not there yet.")
    begun = time.monotonic()
    make_corpus(folder / "records", TINY_RECORDS if tiny else RECORDS, said=print)
    with _data_in(folder.absolute() / "data") as data:
        for words in _way(folder, data, tiny):
            print(f"\n$ python -m ecgssl_core {shlex.join(words)}", flush=True)
            code = command(words)
            if code:
                return code
    print(f"\nThe whole way took {time.monotonic() - begun:.0f} s. The report: {folder / 'report' / 'report.html'}")
    print(f"Look around in the dashboard: ECGSSL_DATA={shlex.quote(str(folder / 'data'))} streamlit run app.py")
    return 0


def _way(folder: Path, data: Path, tiny: bool) -> Iterator[list[str]]:
    """Give the commands one by one; a later one may name what an earlier one made."""
    pack = str(data / "packs" / "made")
    yield ["pack", str(folder / "records"), "--out", pack]
    yield ["folds", pack, "--count", "3" if tiny else "5"]
    little = ["distillation.prototypes=32", "distillation.hidden=64", "training.probe_epochs=0"] if tiny else []
    views = ["views.locals=1"] if tiny else ["views.locals=2"]
    short = ["training.batch=16", f"training.epochs={1 if tiny else 3}", *views, *little]
    yield ["pretrain", pack, "--preset", "quick-time", "--fold", "0", "--set", *short]
    encoder = list_runs(data)[0].name
    long = ['classifier.modalities=["time"]', f"training.epochs={2 if tiny else 12}", "training.batch=16", *CALM]
    yield ["finetune", pack, "--preset", "quick-tsg", "--fold", "0", "--from", encoder, "--set", *long]
    yield ["finetune", pack, "--preset", "baseline", "--fold", "0", "--set", "baseline.kind=prevalence"]
    yield ["report", "all", "--out", str(folder / "report"), "--replicates", "50" if tiny else "500"]


@contextmanager
def _data_in(folder: Path) -> Iterator[Path]:
    before = os.environ.get("ECGSSL_DATA")
    os.environ["ECGSSL_DATA"] = str(folder)
    try:
        yield folder
    finally:
        if before is None:
            del os.environ["ECGSSL_DATA"]
        else:
            os.environ["ECGSSL_DATA"] = before
