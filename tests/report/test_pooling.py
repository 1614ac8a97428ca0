"""Pools: every record once, in the order of keys, with the thresholds of the run that predicted it."""

import numpy as np
import pandas as pd
import pytest

from ecgssl_core.errors import RunError
from ecgssl_core.report.pooling import pool, pooled
from tests.made_runs import CLASSES, RECORDS
from tests.report.conftest import Make

CODES = ("a", "b")


def frame(keys: list[str], fold: int, score: float) -> pd.DataFrame:
    rows = {"key": keys, "patient": keys, "source": "made", "fold": fold}
    return pd.DataFrame(rows | {"p_a": score, "p_b": 1 - score, "y_a": 1, "y_b": 0})


def test_records_come_in_the_order_of_their_keys_with_their_own_thresholds() -> None:
    found = pool([(frame(["z", "b"], 1, 0.4), [0.3, 0.9]), (frame(["a"], 0, 0.4), [0.5, 0.5])], CODES)
    assert found.keys.tolist() == ["a", "b", "z"]
    assert found.folds.tolist() == [0, 1, 1]
    assert found.outputs.tolist() == [[0, 1], [1, 0], [1, 0]]
    assert found.gates is None


def test_a_part_of_a_pool_keeps_the_rows_together() -> None:
    found = pool([(frame(["z", "b"], 1, 0.4), [0.3, 0.9]), (frame(["a"], 0, 0.8), [0.5, 0.5])], CODES)
    part = found.only(np.array(["a", "z", "nobody"]))
    assert part.keys.tolist() == ["a", "z"]
    assert part.scores[:, 0].tolist() == [0.8, 0.4]
    assert part.digest != found.digest
    assert found.only(found.keys) is found


def test_a_record_scored_twice_is_refused() -> None:
    with pytest.raises(RunError, match="scored the same fold"):
        pool([(frame(["a"], 0, 0.4), [0.5, 0.5])] * 2, CODES)


def test_runs_of_several_folds_give_their_pooled_scores(made: Make) -> None:
    runs = [made(f"data.fold={fold}", signal=2.0) for fold in (1, 0)]
    found = pooled(runs, CLASSES)
    assert (found["records"], found["folds"]) == (2 * RECORDS, [0, 1])
    assert found["mean_over_folds"]["auroc"] == pytest.approx(0.505)
    assert found["auroc"]["low"] < found["auroc"]["value"] < found["auroc"]["high"]
