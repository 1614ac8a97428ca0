"""Files are whole or absent, and locks end with their holder."""

import subprocess
import sys
from pathlib import Path

import pytest

from ecgssl_core.durable import is_locked, locked, replace_file
from ecgssl_core.errors import OwnFault, RunError

HOLDER = """
import sys, time
from pathlib import Path
from ecgssl_core.durable import locked
with locked(Path(sys.argv[1]), "held"):
    print("held", flush=True)
    time.sleep(60)
"""
WRITER = """
import sys
from pathlib import Path
from ecgssl_core.durable import replace_file
print("writing", flush=True)
while True:
    for letter in (b"a", b"b"):
        replace_file(Path(sys.argv[1]), letter * 100_000, sync=False)
"""


def test_a_replaced_file_leaves_nothing_beside_it(tmp_path: Path) -> None:
    replace_file(tmp_path / "state", b"one")
    replace_file(tmp_path / "state", b"two")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("state", b"two")]


def test_what_cannot_be_written_keeps_the_old_file_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with pytest.raises(OwnFault, match="state could not be written"):
        replace_file(tmp_path / "state", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_killing_a_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    for delay in (0.0, 0.003, 0.01, 0.02, 0.03):
        with subprocess.Popen([sys.executable, "-c", WRITER, tmp_path / "file"], stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            assert writer.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                writer.wait(0.05 + delay)
            writer.kill()
        text = (tmp_path / "file").read_bytes()
        assert len(text) == 100_000
        assert len(set(text)) == 1


def test_a_lock_is_refused_to_a_second_and_freed_by_the_holders_death(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    assert not is_locked(lock)
    with subprocess.Popen([sys.executable, "-c", HOLDER, lock], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline()
        assert is_locked(lock)
        with pytest.raises(RunError, match="somebody has it"), locked(lock, "somebody has it"):
            pass
        holder.kill()
    assert not is_locked(lock)
    with locked(lock, "somebody has it"):
        assert is_locked(lock)
