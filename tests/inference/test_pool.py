"""Processes that die, hang or are busy harm nobody but those who asked them."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.errors import BundleError, OwnFault
from ecgssl_core.inference.messages import decode, encode
from ecgssl_core.inference.pool import Pool

BLOCK = np.arange(3, dtype="<f4").tobytes()


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool("tests.inference.answering", 2)
    yield made
    made.close()


def ask(pool: Pool, verb: str, patience_s: float = 60.0, slow: bool = False, **more: str) -> int:
    tree, blocks = pool.ask({"verb": verb, **more}, BLOCK, patience_s, slow=slow)
    assert blocks["back"].tolist() == [0, 1, 2]
    return int(tree["pid"])


def test_a_process_that_dies_is_replaced(pool: Pool) -> None:
    first = ask(pool, "say")
    with pytest.raises(OwnFault, match="stopped unexpectedly"):
        ask(pool, "die")
    assert ask(pool, "say") != first


def test_a_process_that_takes_too_long_is_stopped_and_replaced(pool: Pool) -> None:
    first = ask(pool, "say")
    with pytest.raises(OwnFault, match=r"longer than 0\.2 s"):
        ask(pool, "hang", patience_s=0.2)
    assert ask(pool, "say") != first


def test_a_sentence_from_the_process_is_an_error_and_the_process_lives_on(pool: Pool) -> None:
    first = ask(pool, "say")
    with pytest.raises(BundleError, match="no"):
        pool.ask({"verb": "fail"}, BLOCK, 60.0, slow=False)
    assert ask(pool, "say") == first


def test_a_closed_pool_starts_again(pool: Pool) -> None:
    first = ask(pool, "say")
    pool.close()
    assert ask(pool, "say") != first


def test_slow_questions_leave_a_process_to_the_fast_ones(pool: Pool, tmp_path: Path) -> None:
    gate = tmp_path / "open"
    with ThreadPoolExecutor(3) as crew:
        slow = [crew.submit(ask, pool, "wait", slow=True, file=str(gate)) for _ in range(3)]
        while not list(tmp_path.glob("open.*")):
            time.sleep(0.01)  # until one of them holds a process
        fast = {ask(pool, "say") for _ in range(3)}
        assert not any(one.done() for one in slow)
        gate.touch()
        held = {one.result() for one in slow}
    assert len(fast) == 1
    assert int(next(tmp_path.glob("open.*")).suffix[1:]) in held - fast


def test_ten_at_once_are_all_answered_as_alone(pool: Pool) -> None:
    with ThreadPoolExecutor(10) as crew:
        found = set(crew.map(lambda _: ask(pool, "say"), range(40)))
    assert 1 <= len(found) <= 2


def test_trees_and_blocks_come_back_as_they_went_and_nothing_else_does() -> None:
    blocks = {"a": np.ones((2, 3), np.float32), "b": np.arange(4), "none": np.zeros((0, 5), np.float32)}
    text, content = encode({"x": 1}, blocks)
    tree, back = decode(text, content)
    assert tree == {"x": 1}
    assert all(np.array_equal(back[name], block) for name, block in blocks.items())
    for wrong in (content + b"0000", content[:-4]):
        with pytest.raises(ValueError, match=r"block|left over"):
            decode(text, wrong)
    with pytest.raises(ValueError, match="block"):
        decode(text.replace(b"<f4", b"|O8"), content)
