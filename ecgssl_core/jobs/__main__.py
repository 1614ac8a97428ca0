"""The worker as a process: `python -m ecgssl_core.jobs DATA [COMMAND…]` drains the queue of a data folder."""

import sys
from pathlib import Path

from ecgssl_core.jobs.launch import COMMAND
from ecgssl_core.jobs.worker import drain

drain(Path(sys.argv[1]), sys.argv[2:] or COMMAND)
