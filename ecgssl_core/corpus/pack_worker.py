"""The processes that read for a pack: one that waits with all loaded, and forks of it that read record after record.

A fork reads under the limits of `records.sandbox_worker`, set anew for each record, and is replaced after some hundred:
what a file does to its reader ends there.
"""

import os
import resource
import socket
import sys
from collections.abc import Mapping

from ecgssl_core.corpus.pack_wire import encode_answer, read_question
from ecgssl_core.corpus.ready import NOTHING, Counts, Facts, Form, make_ready
from ecgssl_core.records.read import read_records
from ecgssl_core.records.sandbox_worker import CPU_S, act_up, limit, memory_now, serve

RECORDS = 200  # read by one process
SMALL_BYTES = 4 << 20  # of a record's files
SMALL_SPACE, LARGE_SPACE = 160 << 20, 416 << 20  # address space beyond what the waiting process has
MOST_WRITTEN = 1 << 28
_TOO_MUCH = "Reading it takes more memory than packing may use; divide the recording into shorter ones."


def read_many(sink: socket.socket, folder: str, misbehaviour: str = "") -> None:
    """Answer the questions that come over a socket, until it closes."""
    os.umask(0o077)
    os.chdir(folder)
    os.environ["TMPDIR"] = folder
    base = memory_now()
    limit(MOST_WRITTEN, LARGE_SPACE, RECORDS * CPU_S)
    with sink.makefile("rwb") as stream:
        while (question := read_question(stream)) is not None:
            form, files = question
            act_up(misbehaviour)
            _allow(base, sum(map(len, files.values())))
            stream.write(encode_answer(*_answer(form, files)))
            stream.flush()


def _answer(form: Form, files: Mapping[str, bytes]) -> tuple[Facts, Counts]:
    try:
        return make_ready(read_records(files), form)
    except MemoryError:
        return Facts("LIMIT", _TOO_MUCH), NOTHING


def _allow(base: int, file_bytes: int) -> None:
    """Set the limits for one record; the hard ones, for all together, stay."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = {
        resource.RLIMIT_AS: base + (SMALL_SPACE if file_bytes <= SMALL_BYTES else LARGE_SPACE),
        resource.RLIMIT_CPU: int(used.ru_utime + used.ru_stime) + CPU_S,
        resource.RLIMIT_FSIZE: min(file_bytes + (1 << 20), MOST_WRITTEN),
    }
    for what, value in soft.items():
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (min(value, hard), hard))


if __name__ == "__main__":
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    with socket.socket(fileno=int(sys.argv[1])) as control_socket:
        serve(control_socket, "", lambda sink, folder: read_many(sink, folder, word))
