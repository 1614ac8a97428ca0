"""How many processor cores this process may use."""

import os


def usable_cores() -> int:
    """Give the cores that the system lets this process run on, at least 1."""
    if hasattr(os, "sched_getaffinity"):  # Linux; elsewhere a process may use all
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
