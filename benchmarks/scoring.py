"""How long all seven challenge metrics take on arrays as large as the corpus of 2020, beside plain loops."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from ecgssl_core.evaluation.challenge_classes import challenge_classes
from ecgssl_core.evaluation.official import official_scores
from tests.evaluation.test_plain_loops import by_loops

RECORDS = 43_101
SUBSAMPLE = 200  # the loops count anew at every threshold, which more records would not make plainer
ROUNDS = 3
AIM_MS = 1000


def main() -> None:
    """Print the median of scoring all records, and of loops and ours on the same subsample."""
    scored = challenge_classes(2020)
    arrays = made_answers(RECORDS, len(scored.codes))
    few = [array[:SUBSAMPLE] for array in arrays]
    whole = timed(lambda: official_scores(*arrays, scored.weights, scored.normal))
    ours = timed(lambda: official_scores(*few, scored.weights, scored.normal))
    loops = timed(lambda: by_loops(*few, scored.weights, scored.normal))
    print(f"seven metrics, {RECORDS:,} x {len(scored.codes)}  {whole:7.0f} ms (aim {AIM_MS})")
    print(
        f"the same of {SUBSAMPLE} records      {ours:9.2f} ms   plain loops: {loops:.0f} ms   ratio {ours / loops:.4f}"
    )


def made_answers(records: int, classes: int) -> tuple[Any, Any, Any]:
    """Give labels, scores and outputs of a made-up system, with four decimals and so with ties."""
    random = np.random.default_rng(0)
    labels = (random.random((records, classes)) < np.geomspace(0.005, 0.5, classes)).astype(np.int8)
    scores = np.round(np.clip(random.random(labels.shape) * 0.7 + 0.3 * labels, 0, 1), 4)
    return labels, scores, scores > 0.5


def timed(work: Callable[[], object]) -> float:
    """Give the median of the milliseconds that a call takes, after one that warms up."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
