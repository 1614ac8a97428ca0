"""The run folder: what a training leaves on disk, and how far it is; what is trained is not known here."""

from ecgssl_core.runs.differing import differing, value_of
from ecgssl_core.runs.glance import Glance, glance, glances, settings_of
from ecgssl_core.runs.lengths import spoken
from ecgssl_core.runs.remarks import Remarks, read_remarks, write_remarks
from ecgssl_core.runs.run_dir import RunDir
from ecgssl_core.runs.shelf import create_run, data_root, list_runs, open_run
from ecgssl_core.runs.state import ENDED, RESUMABLE, WORKING, RunState, Stage
from ecgssl_core.runs.sweep import Sweep, create_sweep, open_sweep, sweep_names

__all__ = [
    "ENDED",
    "RESUMABLE",
    "WORKING",
    "Glance",
    "Remarks",
    "RunDir",
    "RunState",
    "Stage",
    "Sweep",
    "create_run",
    "create_sweep",
    "data_root",
    "differing",
    "glance",
    "glances",
    "list_runs",
    "open_run",
    "open_sweep",
    "read_remarks",
    "settings_of",
    "spoken",
    "sweep_names",
    "value_of",
    "write_remarks",
]
