"""A packing as others see it: how far it is, whether it lives, and a word that makes it stop."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ecgssl_core.durable import is_locked, replace_file
from ecgssl_core.errors import CorpusError

PART = ".part"
_PROGRESS, _STOP, _LOCK = "progress.json", "stop", "lock"


@dataclass(frozen=True)
class Packing:
    """An unfinished pack.

    Args:
        name: of the pack it will be.
        alive: a process is at work on it; else it waits to be gone on with.
        done: records handled.
        total: records of the corpus; 0 where none was handled yet.
        left_s: seconds that the rest will take at the pace so far; None where nothing can be said.
    """

    name: str
    alive: bool
    done: int
    total: int
    left_s: float | None


def packings(root: Path) -> list[Packing]:
    """List the unfinished packs of a data folder, by name."""
    return [_packing(folder) for folder in sorted((root / "packs").glob(f"*{PART}")) if folder.is_dir()]


def reporting(out: Path, tell: Callable[[int, int], None], every_s: float = 0.5) -> Callable[[int, int], None]:
    """Give the `progress` of a `build_pack` into out, which leaves word of how far it is and stops when told to.

    Args:
        out: folder of the pack.
        tell: also called with the numbers of records handled, and of all.
        every_s: seconds between two words.

    Raises:
        CorpusError: raised by what is given, where `stop_packing` was called since.
    """
    folder = out.resolve().with_name(f"{out.name}{PART}")
    (folder / _STOP).unlink(missing_ok=True)
    began, first, last = time.monotonic(), -1, 0.0

    def progress(done: int, total: int) -> None:
        nonlocal first, last
        first = done if first < 0 else first
        now = time.monotonic()
        if now - last >= every_s:
            last = now
            pace = (done - first) / (now - began) if done > first else 0.0
            state = {"done": done, "total": total, "left_s": (total - done) / pace if pace else None}
            replace_file(folder / _PROGRESS, json.dumps(state).encode(), sync=False)
            if (folder / _STOP).exists():
                (folder / _STOP).unlink()
                raise CorpusError(f"Packing stopped at {done} of {total} records; the same again goes on from there.")
        tell(done, total)

    return progress


def stop_packing(root: Path, name: str) -> None:
    """Ask whoever packs a pack to stop; what is packed so far is kept."""
    folder = root / "packs" / f"{name}{PART}"
    if folder.is_dir():
        (folder / _STOP).touch()


def _packing(folder: Path) -> Packing:
    name = folder.name.removesuffix(PART)
    alive = is_locked(folder / _LOCK)
    try:
        state = json.loads((folder / _PROGRESS).read_bytes())
        return Packing(name, alive, int(state["done"]), int(state["total"]), state["left_s"] if alive else None)
    except (OSError, ValueError, KeyError, TypeError):
        return Packing(name, alive, 0, 0, None)  # nothing was said yet
