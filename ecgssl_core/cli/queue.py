"""The verbs about runs that wait, go on, or have ended."""

import argparse

from ecgssl_core.errors import RunError, SettingsError

_OR = {"cancel": " or a sweep", "resume": " or a sweep"}
_DONE = {"cancel": "cancelled", "resume": "resumed"}


def jobs(asked: argparse.Namespace) -> int:
    """List, cancel, resume, delete or bring back runs, or cancel and resume whole sweeps."""
    from ecgssl_core.jobs import cancel, discard, restore, resume, run_lines, trashed
    from ecgssl_core.runs import open_run, sweep_names

    if asked.action in ("list", "trash"):
        for line in run_lines() if asked.action == "list" else trashed():
            print(line)
        return 0
    if asked.run is None:
        raise SettingsError(f"jobs {asked.action} needs the name of a run{_OR.get(asked.action, '')}.")
    if asked.action == "restore":
        restore(asked.run)
    elif asked.action in _OR and asked.run in sweep_names():
        _whole_sweep(asked.action, asked.run)
    else:
        {"cancel": cancel, "resume": resume, "delete": discard}[asked.action](open_run(asked.run))
    return 0


def _whole_sweep(action: str, name: str) -> None:
    from ecgssl_core.jobs import cancel_all, resume_all, sweep_glances

    count = {"cancel": cancel_all, "resume": resume_all}[action](sweep_glances(name))
    if not count:
        raise RunError(f"No run of the sweep {name} can be {_DONE[action]}; `jobs list` shows how far they are.")
    print(f"{name}: {count} run{'s' * (count > 1)} {_DONE[action]}")


def worker(asked: argparse.Namespace) -> int:
    """Do what waits in the queue."""
    from ecgssl_core.jobs.worker import drain
    from ecgssl_core.runs import data_root

    drain(data_root(), at_once=asked.at_once)
    return 0
