"""What is submitted runs, detached; what is cancelled ends; nothing is stranded, doubled or left running when dead."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ecgssl_core.errors import RunError
from ecgssl_core.jobs import cancel, drain, resume, submit, wake
from ecgssl_core.jobs.places import is_worked_off, only_worker, queue_changed
from ecgssl_core.runs import ENDED, RunDir, create_run
from ecgssl_core.settings import Settings

COMMAND = (sys.executable, str(Path(__file__).parent / "little_command.py"))


def wait_for(claim: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def end(run: RunDir) -> str:
    wait_for(lambda: run.state().state in ENDED)
    return run.state().state


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    wait_for(lambda: not is_worked_off(tmp_path))


def queued(root: Path, *words: str) -> RunDir:
    return create_run(Settings(preset="quick-time"), root, words)


def submitted(root: Path, *words: str) -> RunDir:
    return submit(words, Settings(preset="quick-time"), root, COMMAND)


def test_a_submitted_run_is_done_by_a_process_in_its_own_session(root: Path) -> None:
    run = submitted(root, "finish", "0.2")
    assert run.state().state in ("queued", "starting", "running", "done")
    assert end(run) == "done"


def test_queued_runs_are_done_oldest_first_and_one_at_a_time(root: Path) -> None:
    runs = [queued(root, "finish") for _ in range(3)]
    drain(root, COMMAND)
    assert (root / "runs" / "order").read_text().split() == [run.name for run in runs]
    assert {run.state().state for run in runs} == {"done"}


def test_a_command_that_dies_leaves_its_last_sentence(root: Path) -> None:
    run = queued(root, "fail")
    drain(root, COMMAND)
    assert (run.state().state, run.state().reason) == ("failed", "The pack holds no labels; give --labels.")
    assert run.last_words().startswith("Reading the pack.")


def test_a_killed_command_is_failed_and_the_next_one_runs(root: Path) -> None:
    killed, after = queued(root, "killed"), queued(root, "finish")
    drain(root, COMMAND)
    assert killed.state().state == "failed"
    assert "SIGKILL" in killed.state().reason
    assert after.state().state == "done"


def test_a_command_that_ends_without_a_word_is_failed_not_run_for_ever(root: Path) -> None:
    run = queued(root, "nothing")
    drain(root, COMMAND)
    assert (run.state().state, run.state().reason) == ("failed", "The command ended with status 0 and said nothing.")


def test_a_program_that_is_not_there_is_a_failed_run(root: Path) -> None:
    run = queued(root, "finish")
    drain(root, [str(root / "no such program")])
    assert run.state().state == "failed"
    assert "could not be started" in run.state().reason


def test_a_waiting_run_is_cancelled_at_once_and_never_starts(root: Path) -> None:
    run = queued(root, "finish")
    cancel(run)
    drain(root, COMMAND)
    assert run.state().state == "cancelled"
    assert not run.log.exists()


def test_a_working_run_is_told_saves_and_says_where_it_ended(root: Path) -> None:
    run = submitted(root, "loop")
    wait_for(lambda: run.state().state == "running" and run.state().step > 3)
    cancel(run)
    assert end(run) == "cancelled"
    assert run.state().step > 3
    assert run.state().reason in ("signals []", f"signals [{signal.SIGTERM.value}]")


def test_a_run_that_is_cancelled_while_it_starts_is_cancelled(root: Path) -> None:
    run = submitted(root, "loop")
    wait_for(lambda: run.state().state == "starting")
    cancel(run)
    assert end(run) == "cancelled"


def test_a_deaf_command_is_killed_in_the_end(root: Path) -> None:
    run = queued(root, "deaf")
    worker = threading.Thread(target=drain, args=(root, COMMAND, 0.5))
    worker.start()
    wait_for((run.path / "ready").exists)
    cancel(run)
    worker.join()
    assert run.state().state == "cancelled"


def test_a_cancelled_run_goes_on_where_it_ended(root: Path) -> None:
    run = submitted(root, "loop")
    wait_for(lambda: run.state().step > 3)
    cancel(run)
    assert end(run) == "cancelled"
    step = run.state().step
    resume(run, COMMAND)
    wait_for(lambda: run.state().state == "running" and run.state().step > step)
    cancel(run)
    assert end(run) == "cancelled"


def test_what_cannot_be_cancelled_or_resumed_says_why(root: Path) -> None:
    done, by_hand, waiting = queued(root), queued(root), queued(root, "finish")
    done.write_state("done")
    by_hand.write_state("cancelled")
    with pytest.raises(RunError, match="is done; there is nothing to cancel"):
        cancel(done)
    with pytest.raises(RunError, match="is done; only a run that ended early"):
        resume(done)
    with pytest.raises(RunError, match="is queued; only a run that ended early"):
        resume(waiting)
    with pytest.raises(RunError, match="started by hand"):
        resume(by_hand)


def test_a_run_whose_processes_were_killed_is_interrupted_and_can_be_resumed(root: Path) -> None:
    run = submitted(root, "loop")
    wait_for(lambda: run.state().state == "running")
    for process in processes_with("ecgssl_core.jobs", str(root)) + processes_with(run.name):
        os.kill(process, signal.SIGKILL)
    wait_for(lambda: run.state().state == "interrupted")
    resume(run, COMMAND)
    wait_for(lambda: run.state().state == "running")
    cancel(run)
    assert end(run) == "cancelled"


def test_a_run_outlives_its_worker_and_the_next_worker_waits_for_it(root: Path) -> None:
    first = submitted(root, "loop")
    wait_for(lambda: first.state().state == "running")
    for process in processes_with("ecgssl_core.jobs", str(root)):
        os.kill(process, signal.SIGKILL)
    wait_for(lambda: not is_worked_off(root))
    second = submitted(root, "finish")
    time.sleep(1)
    assert (first.state().state, second.state().state) == ("running", "queued")
    cancel(first)
    assert end(first) == "cancelled"
    assert end(second) == "done"


def test_a_second_worker_leaves_at_once(root: Path) -> None:
    run = queued(root, "finish")
    with only_worker(root):
        drain(root, COMMAND)
    assert run.state().state == "queued"


def test_a_run_submitted_while_the_worker_leaves_is_not_stranded(root: Path) -> None:
    with queue_changed(root):
        worker = threading.Thread(target=drain, args=(root, COMMAND))
        worker.start()
        wait_for(lambda: is_worked_off(root))
        # the worker stands before its last look at the queue, and this run comes just in time
        run = queued(root, "finish")
        wake(root, COMMAND)
    worker.join()
    assert run.state().state == "done"


def test_many_runs_submitted_at_any_moment_are_all_done_once(root: Path) -> None:
    runs = []
    for delay in (0.0, 0.9, 0.0, 1.1, 1.3):
        time.sleep(delay)
        runs.append(submitted(root, "finish"))
    assert [end(run) for run in runs] == ["done"] * 5
    wait_for(lambda: not is_worked_off(root))
    assert sorted((root / "runs" / "order").read_text().split()) == sorted(run.name for run in runs)


def test_a_damaged_run_does_not_hold_up_the_others(root: Path) -> None:
    damaged, whole = queued(root, "finish"), queued(root, "finish")
    (damaged.path / "state.json").write_text("{")
    drain(root, COMMAND)
    assert whole.state().state == "done"


def test_waking_starts_no_worker_where_nothing_waits(root: Path) -> None:
    wake(root, COMMAND)
    assert not (root / "runs").exists()


def processes_with(*words: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().decode()
        except OSError:
            continue  # ended while we looked
        if all(word in line for word in words):
            found.append(int(folder.name))
    return found
