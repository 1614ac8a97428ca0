"""Several runs that were planned together, and which run does which part."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecgssl_core.durable import replace_file
from ecgssl_core.errors import RunError, nearest

from .run_dir import RunDir
from .shelf import NAME, data_root, open_run

_FILE = "sweep.json"


@dataclass(frozen=True)
class Sweep:
    """A sweep's folder `<data>/sweeps/<name>`; its parts are runs like all others.

    Args:
        path: the folder.
    """

    path: Path

    @property
    def name(self) -> str:
        """Its name."""
        return self.path.name

    @property
    def digest(self) -> str:
        """The sha256 of its plan."""
        return str(self._content()["plan"])

    def runs(self) -> dict[str, str]:
        """Give the run of each part that has one, by the part's name."""
        return {str(part): str(run) for part, run in self._content()["runs"].items()}

    def scored(self, root: Path | None = None) -> list[RunDir]:
        """Give the runs that have come to scores; those still to come, and those removed since, are left out."""
        found = []
        for name in self.runs().values():
            try:
                run = open_run(name, root)
            except RunError:
                continue
            if run.results() is not None:
                found.append(run)
        return found

    def note(self, part: str, run: str) -> None:
        """Write down which run does a part."""
        content = self._content()
        self._write(content["plan"], {**content["runs"], part: run})

    def _content(self) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads((self.path / _FILE).read_text())
        except (OSError, ValueError) as error:
            raise RunError(f"The sweep {self.name} is damaged; start it anew.") from error
        return content

    def _write(self, digest: str, runs: Mapping[str, str]) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        replace_file(self.path / _FILE, json.dumps({"plan": digest, "runs": dict(runs)}, indent=1).encode())


def create_sweep(name: str, digest: str, root: Path | None = None) -> Sweep:
    """Make a sweep of the plan with this digest, without runs yet.

    Raises:
        RunError: the name is taken, or is no name.
    """
    if not re.fullmatch(NAME, name):
        raise RunError("A sweep's name holds letters, digits, dots, hyphens and underscores.")
    sweep = Sweep(_folder(root) / name)
    if (sweep.path / _FILE).exists():
        raise RunError(f"There is a sweep {name} already.")
    sweep._write(digest, {})
    return sweep


def open_sweep(name: str, root: Path | None = None) -> Sweep:
    """Give a sweep by its name.

    Raises:
        RunError: there is none of this name.
    """
    if name not in sweep_names(root):
        raise RunError(f"There is no sweep {name!r}: {nearest(name, sweep_names(root))}")
    return Sweep(_folder(root) / name)


def sweep_names(root: Path | None = None) -> list[str]:
    """List the sweeps by name."""
    folder = _folder(root)
    return sorted(path.parent.name for path in folder.glob(f"*/{_FILE}")) if folder.is_dir() else []


def _folder(root: Path | None) -> Path:
    return (root or data_root()) / "sweeps"
