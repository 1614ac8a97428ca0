"""A download as others see it: how far it is, whether it lives, what it said last, and a word that makes it stop."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ecgssl_core.durable import is_locked, replace_file
from ecgssl_core.errors import CorpusError

LOGS = "downloads"  # in the data folder: what each download printed
LOCK = ".download"  # in a corpus's folder, held while files come
# what the workbench keeps in a data folder itself
OWN = ("packs", "runs", "sweeps", "trash", "embeddings", "models", "exports", LOGS)
STOP, PROGRESS = ".stop", ".progress.json"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,63}")


@dataclass(frozen=True)
class Fetching:
    """A download that was begun from the page.

    name: of the folder. alive: files come now. done, total: files handled and of all, 0 where nobody knows yet. left_s:
    seconds that the rest takes at the pace so far; None where nothing can be said. words: what it said last.
    """

    name: str
    alive: bool
    done: int
    total: int
    left_s: float | None
    words: str

    @property
    def whole(self) -> bool:
        """Whether every file came."""
        return " files are there and whole" in self.words


def fetchings(root: Path) -> list[Fetching]:
    """List the downloads of a data folder whose words nobody has put away, by name."""
    return [_fetching(root, log) for log in sorted((root / LOGS).glob("*.log"))]


def watched(
    folder: Path, tell: Callable[[int, int, int], None], every_s: float = 0.5
) -> Callable[[int, int, int], None]:
    """Give the `progress` of a download into a folder, which leaves word of how far it is and stops when told to.

    Args:
        folder: where the files come to.
        tell: also called with the numbers of files handled, of all, and of bytes received.
        every_s: seconds between two words.

    Raises:
        CorpusError: raised by what is given, where `stop_fetching` was called since.
    """
    (folder / STOP).unlink(missing_ok=True)
    began, last = time.monotonic(), 0.0

    def progress(done: int, total: int, received: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= every_s or done == total:
            last = now
            left = (total - done) * (now - began) / done if received else None
            state = {"done": done, "total": total, "left_s": left}
            replace_file(folder / PROGRESS, json.dumps(state).encode(), sync=False)
        if (folder / STOP).exists():
            (folder / STOP).unlink()
            raise CorpusError(
                f"The download was stopped at {done} of {total} files; the same again goes on from there."
            )
        tell(done, total, received)

    return progress


def stop_fetching(root: Path, name: str) -> None:
    """Ask a download to stop; what has come is kept."""
    if NAME.fullmatch(name) and (root / name).is_dir():
        (root / name / STOP).touch()


def put_away(root: Path, name: str) -> None:
    """Forget what a download said; its files stay."""
    if NAME.fullmatch(name):
        for ending in ("log", "words"):
            (root / LOGS / f"{name}.{ending}").unlink(missing_ok=True)


def checked_name(root: Path, name: str) -> Path:
    """Give the folder of the data folder that a corpus is to be downloaded into.

    Raises:
        CorpusError: the name leads elsewhere, or is that of the workbench's own folders.
    """
    if not NAME.fullmatch(name) or name in OWN:
        raise CorpusError("A folder's name holds letters, digits, dots, hyphens and blanks, and is none in use here.")
    return root / name


def _fetching(root: Path, log: Path) -> Fetching:
    folder = root / log.stem
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    try:
        state = json.loads((folder / PROGRESS).read_bytes())
        done, total, left = int(state["done"]), int(state["total"]), state["left_s"]
    except (OSError, ValueError, KeyError, TypeError):
        done, total, left = 0, 0, None  # nothing was said yet
    alive = is_locked(folder / LOCK)
    return Fetching(log.stem, alive, done, total, left if alive else None, lines[-1][:300] if lines else "")
