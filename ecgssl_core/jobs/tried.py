"""A pace measured on this machine where no run tells it: a few steps in a process of their own."""

import json
import subprocess
import tempfile
from pathlib import Path

from ecgssl_core.errors import OwnFault
from ecgssl_core.settings import Settings, settings_text

from .expected import Pace
from .launch import COMMAND, environment

PATIENCE_S = 120.0


def tried_pace(settings: Settings, root: Path) -> Pace:
    """Give the pace of a few steps of a training on noise; takes some seconds, and keeps nothing.

    Args:
        settings: of the training.
        root: the data folder.

    Raises:
        OwnFault: the steps failed, or took too long.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "settings.toml"
        file.write_text(settings_text(settings))
        words = [*COMMAND, "measure", str(file), "--json"]
        try:
            done = subprocess.run(
                words, capture_output=True, text=True, timeout=PATIENCE_S, check=False, env=environment(root)
            )
        except subprocess.TimeoutExpired as error:
            raise OwnFault("The steps that were tried out took too long; start with a smaller batch.") from error
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise OwnFault(f"The steps could not be tried out: {last[0].rstrip('.')}.")
    return Pace(tuple(json.loads(done.stdout)["seconds_of_a_record"]), 0.0, None, True)
