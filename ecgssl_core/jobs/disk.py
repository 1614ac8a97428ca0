"""How much disk a run will take: what an earlier one of its kind took, or a generous guess."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from ecgssl_core.errors import EcgError
from ecgssl_core.runs import RunDir, data_root, list_runs
from ecgssl_core.settings import Settings

GUESS_MB = 1000.0
MEGABYTE = 1e6
LOOK_BACK = 50


@dataclass(frozen=True)
class DiskNeed:
    """Disk space in megabytes: what a run is expected to take and what is free; `like` is the run it is judged by."""

    needed_mb: float
    free_mb: float
    like: str | None

    @property
    def fits(self) -> bool:
        """Whether a checkpoint can be written aside before the one before it is removed."""
        return self.free_mb > 2 * self.needed_mb


def disk_need(settings: Settings, root: Path | None = None) -> DiskNeed:
    """Give the disk space that a run with these settings is expected to take.

    Args:
        settings: of the run to come.
        root: the data folder; `data_root()` if None.
    """
    root = root or data_root()
    existing = next(folder for folder in (root, *root.absolute().parents) if folder.is_dir())
    free = shutil.disk_usage(existing).free / MEGABYTE
    like = next((run for run in list_runs(root)[:LOOK_BACK] if _is_like(run, settings)), None)
    needed = _size_mb(like) if like else GUESS_MB
    return DiskNeed(needed, free, like.name if like else None)


def _is_like(run: RunDir, settings: Settings) -> bool:
    try:
        return run.state().state == "done" and run.settings().preset == settings.preset
    except EcgError:
        return False


def _size_mb(run: RunDir) -> float:
    return sum(path.stat().st_size for path in run.path.rglob("*") if path.is_file()) / MEGABYTE
