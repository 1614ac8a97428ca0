"""The verbs about runs that wait, go on, or have ended."""

import argparse

from ecgssl_core.errors import SettingsError


def jobs(asked: argparse.Namespace) -> int:
    """List, cancel, resume, delete or bring back runs."""
    from ecgssl_core.jobs import cancel, discard, restore, resume, trashed
    from ecgssl_core.runs import list_runs, open_run

    if asked.action == "list":
        for run in list_runs():
            state = run.state()
            print(f"{run.name}  {state.state}  {state.step}/{state.steps}  {state.reason}")
        return 0
    if asked.action == "trash":
        print("\n".join(trashed()))
        return 0
    if asked.run is None:
        raise SettingsError(f"jobs {asked.action} needs the name of a run.")
    if asked.action == "restore":
        restore(asked.run)
    else:
        {"cancel": cancel, "resume": resume, "delete": discard}[asked.action](open_run(asked.run))
    return 0


def worker(asked: argparse.Namespace) -> int:
    """Do what waits in the queue."""
    from ecgssl_core.jobs.worker import drain
    from ecgssl_core.runs import data_root

    drain(data_root(), at_once=asked.at_once)
    return 0
