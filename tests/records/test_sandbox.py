"""Reading apart: the same records, and whatever a reader does stays where it is."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ecgssl_core.records.read import read_records
from ecgssl_core.records.sandbox import Sandbox, sandbox_limits

Upload = Callable[..., dict[str, bytes]]


@pytest.fixture
def sandbox() -> Iterator[Callable[..., Sandbox]]:
    made: list[Sandbox] = []

    def start(wall_s: float = 30.0, misbehaviour: str = "") -> Sandbox:
        made.append(Sandbox(wall_s, misbehaviour))
        return made[-1]

    yield start
    for one in made:
        one.close()


def test_a_record_is_the_same_read_apart(sandbox: Callable[..., Sandbox], upload: Upload) -> None:
    reading = sandbox().read(upload())
    assert reading.records[0].digest == read_records(upload()).records[0].digest


def test_many_threads_read_at_once(sandbox: Callable[..., Sandbox], upload: Upload) -> None:
    shared, files = sandbox(), upload()
    with ThreadPoolExecutor(4) as pool:
        readings = list(pool.map(lambda _: shared.read(files), range(12)))
    assert {reading.records[0].digest for reading in readings} == {read_records(files).records[0].digest}


def test_a_reader_that_dies_costs_only_its_own_file(sandbox: Callable[..., Sandbox], upload: Upload) -> None:
    (refusal,) = sandbox(misbehaviour="die").read(upload()).refused
    assert refusal.kind == "CRASH"
    assert "your other files are unaffected; reference R-" in refusal.sentence


def test_a_reader_that_hangs_is_stopped(sandbox: Callable[..., Sandbox], upload: Upload) -> None:
    waiting = sandbox(wall_s=0.5, misbehaviour="hang")
    waiting.warm()
    start = time.monotonic()
    assert [refusal.kind for refusal in waiting.read(upload()).refused] == ["TIME"]
    assert time.monotonic() - start < 5


def test_nothing_is_left_on_disk(
    sandbox: Callable[..., Sandbox], upload: Upload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sandbox().read(upload())
    sandbox(misbehaviour="die").read(upload())
    assert list(tmp_path.iterdir()) == []


def test_a_waiting_process_that_died_is_started_again(sandbox: Callable[..., Sandbox], upload: Upload) -> None:
    one = sandbox()
    one.warm()
    assert one._process is not None
    one._process.kill()
    one._process.wait()
    assert len(one.read(upload()).records) == 1


def test_the_waiting_process_ends_when_its_parent_lets_go(sandbox: Callable[..., Sandbox]) -> None:
    one = sandbox()
    one.warm()
    assert one._process is not None
    assert one._control is not None
    one._control.close()
    assert one._process.wait(60) == 0


def test_a_warm_read_is_quick(sandbox: Callable[..., Sandbox], upload: Upload) -> None:
    one, files, seconds = sandbox(), upload(), []
    one.read(files)
    for _ in range(10):
        start = time.perf_counter()
        one.read(files)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 1  # far below a cold start, on a busy machine too


def test_the_limits_say_what_holds() -> None:
    limits = sandbox_limits()
    assert limits["own process"]
    assert limits["time"]
    assert limits["memory"] is (os.uname().sysname == "Linux")
