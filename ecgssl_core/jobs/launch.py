"""Processes that outlive whoever starts them: a session of their own, their words kept in a file."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import ecgssl_core
from ecgssl_core.cores import usable_cores

COMMAND = (sys.executable, "-m", "ecgssl_core")
"""What stands before the words of a job."""


def launch(words: Sequence[str], log: Path, root: Path) -> subprocess.Popen[bytes]:
    """Start a detached process whose output is appended to a file.

    Args:
        words: program and arguments; no shell ever sees them.
        log: the file that takes what it prints.
        root: the data folder that it works in.

    Raises:
        OSError: the program or the file cannot be opened.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            list(words),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=environment(root),
        )


def let_run(words: Sequence[str], log: Path, root: Path) -> None:
    """Start a detached process that nobody waits for; as `launch` otherwise."""
    process = launch(words, log, root)
    # somebody has to collect its exit status; it does not end with us
    threading.Thread(target=process.wait, daemon=True).start()


def environment(root: Path) -> dict[str, str]:
    """Give the environment of a process that works in a data folder."""
    # one core stays free for whoever looks at the page; what a person has set is kept
    threads = str(max(1, usable_cores() - 1))
    capped = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads)
    source = str(Path(ecgssl_core.__file__).parents[1])
    paths = [source, *filter(None, [os.environ.get("PYTHONPATH")])]
    fixed = {"ECGSSL_DATA": str(root), "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}
    return {**capped, **os.environ, **fixed}
