"""One run folder, and the only code that knows the names inside it."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from ecgssl_core.durable import is_locked, locked, replace_file
from ecgssl_core.errors import RunError
from ecgssl_core.runs.plain import parsed_line, plain_json, plain_line
from ecgssl_core.runs.state import RunState, Stage, derived, stamped
from ecgssl_core.settings import Settings, parse_settings, settings_text

LOG_TAIL_BYTES = 16384


class RunDir:
    """One run: its settings, state, metrics, checkpoints and results.

    Args:
        path: the folder `<data>/runs/<utc>_<preset>_<4 letters>`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name

    def __repr__(self) -> str:
        return f"RunDir({self.name})"

    @property
    def log(self) -> Path:
        """The file that takes what the command prints."""
        return self.path / "log.txt"

    def last_words(self, lines: int = 20) -> str:
        """Give the end of what the command printed."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - LOG_TAIL_BYTES))
            text = file.read(LOG_TAIL_BYTES).decode(errors="replace")
        return "\n".join([line for line in text.splitlines() if line.strip()][-lines:])

    def begin(self, settings: Settings, words: list[str]) -> None:
        """Write what the run needs, once: the merged settings, the words that do it, the state queued."""
        replace_file(self.path / "config.toml", settings_text(settings).encode())
        self._write("words.json", words)
        self.write_state("queued", epochs=settings.training.epochs)

    def settings(self) -> Settings:
        """Give the whole settings that the run was made with.

        Raises:
            RunError: they are missing.
            SettingsError: they are damaged, or this version of the program does not understand them.
        """
        return parse_settings(self._text("config.toml"), f"The config.toml of {self.name}")

    def words(self) -> list[str]:
        """Give the words of the command line that do the run, without `--run`; none for a run started by hand."""
        return list(self._json("words.json") or [])

    def state(self) -> RunState:
        """Give how far the run is.

        Raises:
            RunError: its state is missing or damaged.
        """
        kept = self._json("state.json")
        if not isinstance(kept, dict) or "state" not in kept:
            raise RunError(f"The run {self.name} has no state; remove its folder, or start it again.")
        alive = self.is_held() or is_locked(self.path / "claim")
        return derived(kept, alive, self._heartbeat_age())

    def write_state(
        self, state: Stage, step: int = 0, steps: int = 0, epoch: int = 0, epochs: int = 0, reason: str = ""
    ) -> None:
        """Replace the state in one move; a change of state survives a loss of power, mere progress need not.

        Args:
            state: any but `interrupted`, which is derived.
            step: optimiser steps done.
            steps: optimiser steps of the whole run.
            epoch: passes done.
            epochs: passes of the whole run.
            reason: one sentence: an error's own, or why the run ended.

        Raises:
            ValueError: the state is `interrupted`.
        """
        if state == "interrupted":
            raise ValueError("interrupted is derived from the lock, never written")
        before = self._json("state.json") or {}
        now = {"state": state, "step": step, "steps": steps, "epoch": epoch, "epochs": epochs, "reason": reason}
        self._write("state.json", stamped(before, now), sync=before.get("state") != state)

    def beat(self) -> None:
        """Give a sign of life."""
        # monotonic: setting the clock makes nobody look dead, and a sleeping laptop does not age
        replace_file(self.path / "heartbeat", str(time.monotonic()).encode(), sync=False)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the run for the length of a with block: this is what makes it alive.

        Raises:
            RunError: another process works on the run.
        """
        with locked(self.path / "lock", f"The run {self.name} is being worked on already; cancel it first."):
            yield

    def is_held(self) -> bool:
        """Tell whether a living process works on the run."""
        return is_locked(self.path / "lock")

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Hold the run for the one who starts its command: alive before the command itself holds it.

        Raises:
            RunError: another process has the run's command in hand.
        """
        with locked(self.path / "claim", f"The command of the run {self.name} is being started already."):
            yield

    def ask_to_stop(self) -> None:
        """Ask whoever works on the run to finish the step, save and end."""
        replace_file(self.path / "stop", b"")

    def stop_asked(self) -> bool:
        """Tell whether the run was asked to stop."""
        return (self.path / "stop").exists()

    def forget_stop(self) -> None:
        """Take back the wish that the run should stop."""
        (self.path / "stop").unlink(missing_ok=True)

    def add_metrics(self, values: Mapping[str, float | int | str]) -> None:
        """Append one line of metrics; a number that is not finite becomes null."""
        line = plain_line(values)
        with (self.path / "metrics.jsonl").open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                # a line torn by an earlier death must not swallow this one
                line = line if file.read(1) == b"\n" else b"\n" + line
            file.write(line)

    def metrics(self) -> list[dict[str, Any]]:
        """Give the lines of metrics in order; a torn one is left out."""
        path = self.path / "metrics.jsonl"
        lines = path.read_bytes().splitlines() if path.exists() else []
        return [values for values in map(parsed_line, lines) if values is not None]

    def cut_metrics(self, step: int) -> None:
        """Drop the lines after a step: what is done again after a resume is recorded once."""
        kept = [plain_line(values) for values in self.metrics() if values.get("step", 0) <= step]
        replace_file(self.path / "metrics.jsonl", b"".join(kept))

    def checkpoints(self) -> Path:
        """Give the folder of the checkpoints, made if it is not there."""
        folder = self.path / "checkpoints"
        folder.mkdir(exist_ok=True)
        return folder

    def write_provenance(self, values: Mapping[str, Any]) -> None:
        """Replace what the run is made from: revision, packages, device, seeds, digests."""
        self._write("provenance.json", dict(values))

    def provenance(self) -> dict[str, Any]:
        """Give what the run is made from; empty before its first start."""
        return dict(self._json("provenance.json") or {})

    def write_predictions(self, frame: pd.DataFrame) -> None:
        """Replace the table of predictions, one row a record."""
        buffer = BytesIO()
        frame.to_parquet(buffer, index=False)
        replace_file(self.path / "predictions.parquet", buffer.getvalue())

    def predictions(self) -> pd.DataFrame | None:
        """Give the table of predictions, None before there is one.

        Raises:
            RunError: the table is damaged.
        """
        return self._table("predictions.parquet")

    def write_lead_scores(self, frame: pd.DataFrame) -> None:
        """Replace the table of what the network says with fewer leads, one row a record and set of leads."""
        buffer = BytesIO()
        frame.to_parquet(buffer, index=False)
        replace_file(self.path / "lead_sets.parquet", buffer.getvalue())

    def lead_scores(self) -> pd.DataFrame | None:
        """Give that table, None before there is one.

        Raises:
            RunError: the table is damaged.
        """
        return self._table("lead_sets.parquet")

    def write_identification(self, found: Mapping[str, Any]) -> None:
        """Write how well persons are told apart."""
        self._write("identification.json", dict(found))

    def identification(self) -> dict[str, Any] | None:
        """Give how well persons are told apart, None where that was not tried.

        Raises:
            RunError: the file is damaged.
        """
        found = self._json("identification.json")
        return dict(found) if isinstance(found, dict) else None

    def write_results(self, results: Mapping[str, Any]) -> None:
        """Write the scores, once.

        Raises:
            RunError: the run has been scored before.
        """
        if (self.path / "metrics.json").exists():
            raise RunError(f"The run {self.name} has been scored already; what nothing has seen is scored once.")
        self._write("metrics.json", dict(results))

    def results(self) -> dict[str, Any] | None:
        """Give the scores, None before there are any.

        Raises:
            RunError: the scores are damaged.
        """
        found = self._json("metrics.json")
        if found is not None and not isinstance(found, dict):
            raise RunError(f"The run {self.name} has a damaged metrics.json; bring the file back, or remove the run.")
        return found

    def keep(self, name: str, data: bytes) -> None:
        """Put a small file beside those of the run, in one move."""
        replace_file(self.path / name, data)

    def _table(self, name: str) -> pd.DataFrame | None:
        path = self.path / name
        try:
            return pd.read_parquet(path) if path.exists() else None
        except (OSError, ValueError) as error:
            raise RunError(f"The run {self.name} has a damaged {name}; score it again.") from error

    def _heartbeat_age(self) -> float | None:
        try:
            age = time.monotonic() - float((self.path / "heartbeat").read_text())
        except (OSError, ValueError):
            return None
        return age if age >= 0 else None  # negative: written before the machine was started

    def _write(self, name: str, values: Any, sync: bool = True) -> None:
        replace_file(self.path / name, plain_json(values), sync)

    def _text(self, name: str) -> str:
        try:
            return (self.path / name).read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise RunError(f"The run {self.name} has no readable {name}.") from error

    def _json(self, name: str) -> Any:
        if not (self.path / name).exists():
            return None
        try:
            return json.loads(self._text(name))
        except json.JSONDecodeError as error:
            raise RunError(
                f"The run {self.name} has a damaged {name}; bring the file back, or remove the run."
            ) from error
