"""Runs that nobody needs any more: moved into a trash folder of the data folder, and back."""

from pathlib import Path

from ecgssl_core.durable import sync_folder
from ecgssl_core.errors import OwnFault, RunError
from ecgssl_core.runs import Glance, RunDir, data_root, glance, glances, open_run

from .places import queue_changed

TRASH = "trash"


def discard(run: RunDir) -> Path:
    """Move a run that has ended into the trash folder, and give where it lies now; nothing is erased.

    Raises:
        RunError: it waits or works, or a run that waits or works needs it.
        OwnFault: the disk refused.
    """
    root = run.path.absolute().parents[1]
    with queue_changed(root):
        if glance(run).is_active or run.is_held():
            raise RunError(f"The run {run.name} waits or works; cancel it first.")
        needing = [one.name for one in glances(root) if one.is_active and run.name in _encoders(one)]
        if needing:
            raise RunError(f"The run {run.name} is needed by {needing[0]}, which is not done; cancel that first.")
        return _moved(run.path, root / TRASH / run.name)


def restore(name: str, root: Path | None = None) -> RunDir:
    """Bring a run back from the trash folder.

    Raises:
        RunError: no run of this name lies there, or there is one in its place.
        OwnFault: the disk refused.
    """
    root = (root or data_root()).absolute()
    if name not in trashed(root):
        raise RunError("There is no such run in the trash; `jobs trash` names those that are.")
    return open_run(_moved(root / TRASH / name, root / "runs" / name))


def trashed(root: Path | None = None) -> list[str]:
    """Give the names of the runs in the trash folder, the newest first."""
    folder = (root or data_root()) / TRASH
    return sorted((path.name for path in folder.iterdir() if path.is_dir()), reverse=True) if folder.is_dir() else []


def _encoders(one: Glance) -> tuple[str, ...]:
    return one.settings.data.encoders if one.settings else ()


def _moved(path: Path, to: Path) -> Path:
    if to.exists():
        raise RunError(f"There is a folder {to.name} in that place already; move it away first.")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        path.rename(to)
        sync_folder(path.parent)
        sync_folder(to.parent)
    except OSError as error:
        raise OwnFault(f"The run {path.name} could not be moved ({error.strerror}).") from error
    return to
