"""Reading for a pack: in order, apart, under limits, and whatever a reader does costs only its own record."""

import json
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.corpus import crew as crew_module
from ecgssl_core.corpus import pack_worker
from ecgssl_core.corpus.crew import Crew, hashed
from ecgssl_core.corpus.pack_wire import decode_answer, encode_answer
from ecgssl_core.corpus.ready import NOTHING, Facts, Form
from ecgssl_core.signals.leads import LEADS

WriteRecord = Callable[..., np.ndarray]
FORM = Form(100.0, LEADS)
FACTS = Facts(format="WFDB 16", rate=500.0, seconds=1.0, leads=("I",), units="file", digest="d", scale_mv=0.001)
COUNTS = np.arange(36, dtype=np.int16).reshape(3, 12)


@pytest.fixture
def crew() -> Iterator[Crew]:
    with Crew(2) as made:
        yield made


def test_answers_come_in_the_order_of_the_questions(tmp_path: Path, write_record: WriteRecord, crew: Crew) -> None:
    seconds = [20, 1, 12, 2, 5, 1, 1, 9]
    for at, length in enumerate(seconds):
        write_record(f"{at}", seconds=length)
    paths = [tmp_path / "corpus" / f"{at}.hea" for at in range(len(seconds))]
    taken = list(crew.in_order(lambda path: crew.take(path, FORM), paths))
    assert [len(one.counts) for one in taken] == [100 * length for length in seconds]
    assert taken[0].files == hashed({path.name: path.read_bytes() for path in (paths[0], paths[0].with_suffix(".dat"))})


def test_only_a_few_things_are_worked_on_ahead(crew: Crew) -> None:
    drawn: list[int] = []
    answers = crew.in_order(lambda at: at, (drawn.append(at) or at for at in range(1000)))
    assert next(answers) == 0
    assert len(drawn) < 50
    assert list(answers) == list(range(1, 1000))


def test_one_process_reads_many_records_and_is_then_replaced(
    tmp_path: Path, write_record: WriteRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_record("1")
    monkeypatch.setattr(crew_module, "RECORDS", 3)
    started: list[int] = []
    with Crew(1) as crew:
        fork = crew._sandbox.fork

        def counted(folder: str) -> object:
            started.append(1)
            return fork(folder)

        monkeypatch.setattr(crew._sandbox, "fork", counted)
        for _ in range(7):
            assert crew.take(tmp_path / "corpus" / "1.hea", FORM).facts.kind == ""
    assert len(started) == 3


@pytest.mark.parametrize(("misbehaviour", "kind"), [("die", "CRASH"), ("hang", "TIME")])
def test_a_reader_that_dies_or_hangs_is_a_refusal_that_is_the_same_each_time(
    tmp_path: Path,
    write_record: WriteRecord,
    misbehaviour: str,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_record("1")
    (tmp_path / "own").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "own"))
    with Crew(1, wall_s=1.0 if kind == "TIME" else 20.0, misbehaviour=misbehaviour) as crew:
        crew._sandbox.warm()
        first, second = (crew.take(tmp_path / "corpus" / "1.hea", FORM).facts for _ in range(2))
    assert first == second
    assert first.kind == kind
    assert list((tmp_path / "own").iterdir()) == []


def test_limits_are_set_for_each_record_and_never_above_those_of_the_process() -> None:
    def in_child(writer: int) -> None:
        base = pack_worker.memory_now()
        pack_worker.limit(pack_worker.MOST_WRITTEN, pack_worker.LARGE_SPACE, 100)
        pack_worker._allow(base, 1000)
        small = {name: resource.getrlimit(getattr(resource, name)) for name in ("RLIMIT_AS", "RLIMIT_CPU")}
        pack_worker._allow(base, 1 << 30)
        small["large"] = resource.getrlimit(resource.RLIMIT_AS)
        small["processes"], small["written"] = (
            resource.getrlimit(resource.RLIMIT_NPROC),
            resource.getrlimit(resource.RLIMIT_FSIZE),
        )
        os.write(writer, json.dumps(small).encode())

    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        in_child(writer)
        os._exit(0)
    os.waitpid(child, 0)
    found = json.loads(os.read(reader, 4096))
    for end in (reader, writer):
        os.close(end)
    assert found["RLIMIT_AS"][0] < found["large"][0] <= found["RLIMIT_AS"][1]
    assert 20 <= found["RLIMIT_CPU"][0] < found["RLIMIT_CPU"][1]
    assert found["processes"] == [0, 0]
    assert found["written"] == [pack_worker.MOST_WRITTEN] * 2


def test_a_record_that_needs_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def hungry(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pack_worker, "read_records", hungry)
    facts, counts = pack_worker._answer(FORM, {})
    assert (facts.kind, counts.size) == ("LIMIT", 0)


def test_readers_have_no_network(crew: Crew) -> None:
    crew._sandbox.warm()
    assert crew._sandbox.network_denied


def test_an_answer_survives_the_way() -> None:
    facts, counts = decode_answer(encode_answer(FACTS, COUNTS)[8:], FORM)
    assert facts == FACTS
    assert counts.tolist() == COUNTS.tolist()
    refused = Facts("PART", "A part is missing.")
    assert decode_answer(encode_answer(refused, NOTHING)[8:], FORM)[0] == refused


@pytest.mark.parametrize(
    "values",
    [{"shape": [4, 12]}, {"shape": [-3, -12]}, {"shape": [3, 11]}, {"shape": [36]}, {"shape": None}, {"more": 1},
     {"rate": "fast"}, {"rate": float("nan")}, {"kind": "PART"}, {"sentence": "x" * 70_000}, {"leads": [1]}],
)  # fmt: skip
def test_an_answer_that_no_reader_gives_is_refused(values: dict[str, object]) -> None:
    text = json.dumps({**asdict(FACTS), "shape": [3, 12], **values}).encode()
    with pytest.raises(ValueError):  # noqa: PT011 - any of its sentences
        decode_answer(len(text).to_bytes(8, "little") + text + COUNTS.tobytes(), FORM)


def test_an_answer_cut_short_or_drawn_out_is_refused() -> None:
    content = encode_answer(FACTS, COUNTS)[8:]
    for wrong in (*(content[:end] for end in range(0, len(content), 7)), content + b"\0"):
        with pytest.raises(ValueError):  # noqa: PT011 - any of its sentences
            decode_answer(wrong, FORM)


def test_samples_that_nobody_asked_for_are_refused() -> None:
    with pytest.raises(ValueError, match="not what the answer promises"):
        decode_answer(encode_answer(FACTS, COUNTS)[8:], replace(FORM, leads=()))


def test_many_threads_share_the_processes(tmp_path: Path, write_record: WriteRecord, crew: Crew) -> None:
    write_record("1", seconds=2)
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: crew.take(tmp_path / "corpus" / "1.hea", FORM).facts.digest, range(8)))
    assert len(set(taken)) == 1
