"""What `doctor` says of the installation, asked of a process of its own."""

import re
import subprocess
from dataclasses import dataclass

from ecgssl_core.errors import OwnFault
from ecgssl_core.jobs.launch import COMMAND

_LINE = re.compile(r"(ok |BAD)  (.+?): (.*)")
_PATIENCE_S = 120.0


@dataclass(frozen=True)
class Checked:
    """One thing that was checked: what it is, whether it is fine, and what was found."""

    what: str
    fine: bool
    text: str


def checkup() -> tuple[Checked, ...]:
    """Give everything that `doctor` checks.

    Raises:
        OwnFault: it gave no answer.
    """
    try:
        done = subprocess.run([*COMMAND, "doctor"], capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OwnFault("The installation could not be checked; run `python -m ecgssl_core doctor` by hand.") from error
    found = [_LINE.fullmatch(line) for line in done.stdout.splitlines()]
    lines = tuple(Checked(one[2], one[1] == "ok ", one[3]) for one in found if one)
    if not lines:
        raise OwnFault("The installation could not be checked; run `python -m ecgssl_core doctor` by hand.")
    return lines
