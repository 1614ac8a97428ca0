"""A run at a glance: state, settings and remarks, read fast enough for hundreds of runs at once."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ecgssl_core.errors import EcgError
from ecgssl_core.settings import Settings

from .remarks import Remarks, read_remarks
from .run_dir import RunDir
from .shelf import list_runs
from .state import ENDED, RunState


@dataclass(frozen=True)
class Glance:
    """A run as a list shows it; of a damaged one, `state` and `settings` are None and `damage` says what is wrong."""

    run: RunDir
    state: RunState | None
    settings: Settings | None
    remarks: Remarks
    damage: str = ""

    @property
    def name(self) -> str:
        """The run's name."""
        return self.run.name

    @property
    def is_active(self) -> bool:
        """Whether something may still happen to it by itself."""
        return self.state is not None and self.state.state not in ENDED


def glances(root: Path | None = None) -> list[Glance]:
    """Give all runs at a glance, the newest first.

    Args:
        root: the data folder; `data_root()` if None.
    """
    return [glance(run) for run in list_runs(root)]


def glance(run: RunDir) -> Glance:
    """Give a run at a glance."""
    try:
        return Glance(run, run.state(), settings_of(run), read_remarks(run))
    except EcgError as error:
        return Glance(run, None, None, read_remarks(run), str(error))


def settings_of(run: RunDir) -> Settings:
    """Give the settings of a run, parsed once as long as their file stays the same.

    Raises:
        EcgError: they are missing or damaged.
    """
    file = run.path / "config.toml"
    stamp = file.stat().st_mtime_ns if file.exists() else 0
    return _parsed(run.path, stamp)


@lru_cache(4096)
def _parsed(path: Path, _stamp: int) -> Settings:
    return RunDir(path).settings()
