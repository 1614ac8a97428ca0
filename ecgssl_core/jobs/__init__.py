"""Commands, run elsewhere, watched: a queue made of the run folders, and a worker that outlives who started it."""

from ecgssl_core.jobs.causes import Cause, cause_of
from ecgssl_core.jobs.cost import Cost, sweep_cost
from ecgssl_core.jobs.discard import discard, restore, trashed
from ecgssl_core.jobs.disk import DiskNeed, disk_need
from ecgssl_core.jobs.expected import Expected, Pace, expected_time, pace_of, steps_of
from ecgssl_core.jobs.listed import run_lines, sweep_glances
from ecgssl_core.jobs.queue import cancel, resume, submit, waiting, wake
from ecgssl_core.jobs.sweep_state import SweepState, cancel_all, resume_all, sweep_state
from ecgssl_core.jobs.tried import tried_pace
from ecgssl_core.jobs.worker import drain

__all__ = [
    "Cause",
    "Cost",
    "DiskNeed",
    "Expected",
    "Pace",
    "SweepState",
    "cancel",
    "cancel_all",
    "cause_of",
    "discard",
    "disk_need",
    "drain",
    "expected_time",
    "pace_of",
    "restore",
    "resume",
    "resume_all",
    "run_lines",
    "steps_of",
    "submit",
    "sweep_cost",
    "sweep_glances",
    "sweep_state",
    "trashed",
    "tried_pace",
    "waiting",
    "wake",
]
