"""Commands, run elsewhere, watched: a queue made of the run folders, and a worker that outlives who started it."""

from ecgssl_core.jobs.disk import DiskNeed, disk_need
from ecgssl_core.jobs.queue import cancel, resume, submit, wake
from ecgssl_core.jobs.worker import drain

__all__ = ["DiskNeed", "cancel", "disk_need", "drain", "resume", "submit", "wake"]
