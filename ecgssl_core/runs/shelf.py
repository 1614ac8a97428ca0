"""The folder of all runs: make one, find one by its name, list them."""

import os
import re
import secrets
import shutil
import string
from collections.abc import Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from ecgssl_core.durable import sync_folder
from ecgssl_core.errors import EcgError, OwnFault, RunError
from ecgssl_core.runs.run_dir import RunDir
from ecgssl_core.settings import Settings

Wanted = Literal["run", "pretraining", "fine-tuning"]
_NONE = {
    "run": "no run has been started yet.",
    "pretraining": "no pretraining is done yet; `pretrain` makes one.",
    "fine-tuning": "no fine-tuning is done yet; `finetune` makes one.",
}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def data_root() -> Path:
    """Give the folder of packs and runs: `ECGSSL_DATA`, or `data` where the program was started."""
    return Path(os.environ.get("ECGSSL_DATA") or "data").absolute()


def create_run(settings: Settings, root: Path | None = None, words: Sequence[str] = ()) -> RunDir:
    """Make a run folder in the state queued; it appears whole or not at all.

    Args:
        settings: everything that decides the run.
        root: the data folder; `data_root()` if None.
        words: what a person would type after `python -m ecgssl_core` to do it, without `--run`.

    Raises:
        OwnFault: the disk refused.
    """
    runs = _folder(root)
    preset = re.sub(r"[^A-Za-z0-9-]+", "-", settings.preset).strip("-") or settings.method.replace("_", "-")
    letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(4))
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}_{preset}_{letters}"
    aside = runs / f".{name}"
    try:
        aside.mkdir(parents=True)
        RunDir(aside).begin(settings, list(words))
        aside.rename(runs / name)
        sync_folder(runs)
    except OSError as error:
        raise OwnFault(f"No run could be made in the data folder ({error.strerror}).") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return RunDir(runs / name)


def open_run(name_or_path: str | Path, root: Path | None = None, wanted: Wanted = "run") -> RunDir:
    """Give a run by its name in the data folder, or by the path of its folder.

    Args:
        name_or_path: a name as text, which may not lead out of the folder of runs, or a Path.
        root: the data folder; `data_root()` if None.
        wanted: what it is wanted for; a run of another kind, or one that is not done, is not recommended in its place.

    Raises:
        RunError: the name is no name of a run, or there is no such run.
    """
    if isinstance(name_or_path, str) and not NAME.fullmatch(name_or_path):
        raise RunError("That is not the name of a run; names hold letters, digits, dots, hyphens and underscores.")
    path = name_or_path.absolute() if isinstance(name_or_path, Path) else _folder(root) / name_or_path
    if not path.is_dir():
        raise RunError(f"There is no run {path.name!r}: {_suggestion(path.name, root, wanted)}")
    return RunDir(path)


def list_runs(root: Path | None = None) -> list[RunDir]:
    """List the runs, the newest first, damaged ones among them.

    Args:
        root: the data folder; `data_root()` if None.
    """
    folder = _folder(root)
    found = (
        [path for path in folder.iterdir() if NAME.fullmatch(path.name) and path.is_dir()] if folder.is_dir() else []
    )
    return [RunDir(path) for path in sorted(found, key=_age, reverse=True)]


def _folder(root: Path | None) -> Path:
    return (root or data_root()) / "runs"


def _age(path: Path) -> tuple[str, int, str]:
    # the name tells seconds only; the settings, written once, tell the order within one
    config = path / "config.toml"
    return path.name.split("_")[0], config.stat().st_mtime_ns if config.exists() else 0, path.name


def _suggestion(name: str, root: Path | None, wanted: Wanted) -> str:
    known = [run.name for run in list_runs(root) if wanted == "run" or _finished(run) == wanted]
    if not known:
        return _NONE[wanted]
    close = get_close_matches(name, known, 1, 0.5)
    kind = wanted if wanted == "run" else f"finished {wanted}"
    return f"did you mean {close[0]!r}?" if close else f"the newest {kind} is {known[0]!r}."


def _finished(run: RunDir) -> str:
    """Give what kind of training a run has finished, "" where it is not done or damaged."""
    try:
        if run.state().state != "done":
            return ""
        return {"supervised": "fine-tuning", "baseline": "baseline"}.get(run.settings().method, "pretraining")
    except EcgError:
        return ""
