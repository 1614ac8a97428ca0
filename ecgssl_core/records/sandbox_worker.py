"""The processes in which files are read: one that waits with all loaded, and a fork of it for each set of files."""

import array
import ctypes
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable

import pydicom.filereader  # noqa: F401 - loaded once here, not in every fork
import scipy.signal  # noqa: F401
import wfdb  # noqa: F401

from ecgssl_core.records.read import read_records
from ecgssl_core.records.wire import encode_reading

SPACE = 3 << 29  # 1.5 GiB of address space beyond what the waiting process has
CPU_S, FILES = 20, 64
_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000
_COMMAND_BYTES = 4096


def deny_network() -> bool:
    """Leave the network for an empty one; give whether that worked."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        return any(libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))
    except (OSError, AttributeError):
        return False


def memory_now() -> int:
    """Give the address space of this process, in bytes."""
    with open("/proc/self/statm") as file:  # noqa: PTH123 - a file of the kernel
        return int(file.read().split()[0]) * resource.getpagesize()


def limit(file_bytes: int, space: int = SPACE, cpu_s: int = CPU_S) -> None:
    """Take from this process what a reader does not need.

    Args:
        file_bytes: the largest file that it may write: a private copy of what was uploaded.
        space: address space beyond what it has.
        cpu_s: seconds of processor time.
    """
    limits = {
        resource.RLIMIT_AS: memory_now() + space,
        resource.RLIMIT_CPU: cpu_s,
        resource.RLIMIT_NOFILE: FILES,
        resource.RLIMIT_CORE: 0,  # a core dump is patient data
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_NPROC: 0,
    }
    for what, value in limits.items():
        resource.setrlimit(what, (value, value))


def read_one(sink: socket.socket, folder: str) -> None:
    """Read the set of files that comes over a socket, and send back what they gave."""
    with sink.makefile("rwb") as stream:
        index = json.loads(stream.readline(1 << 26))
        files = {name: stream.read(length) for name, length in index}
        os.umask(0o077)
        os.chdir(folder)
        os.environ["TMPDIR"] = folder
        limit(sum(map(len, files.values())) + (1 << 20))
        reply = encode_reading(read_records(files))
        stream.write(len(reply).to_bytes(8, "little") + reply)
        stream.flush()


def act_up(kind: str) -> None:
    """Do what a hostile file might make a reader do; only for a process started with that word, by a test."""
    if kind == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    while kind == "hang":
        signal.pause()


def serve(control: socket.socket, misbehaviour: str, reader: Callable[[socket.socket, str], None] = read_one) -> None:
    """Fork a reader for each socket that comes, and answer with its process id; end when the other side closes.

    Args:
        control: where sockets, each with a private folder, come from.
        misbehaviour: `die` or `hang` in place of reading, by a test.
        reader: what the fork does with its socket and its folder.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.sendall(b"1" if deny_network() else b"0")
    while True:
        handles = array.array("i")
        folder, ancillary, _, _ = control.recvmsg(_COMMAND_BYTES, socket.CMSG_SPACE(handles.itemsize))
        if not folder:
            return
        handles.frombytes(ancillary[0][2])
        child = os.fork()
        if child == 0:
            os.setsid()
            control.close()
            with socket.socket(fileno=handles[0]) as sink:
                act_up(misbehaviour)
                reader(sink, folder.decode())
            os._exit(0)
        os.close(handles[0])
        control.sendall(child.to_bytes(8, "little"))


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as control_socket:
        serve(control_socket, sys.argv[2] if len(sys.argv) > 2 else "")
