"""The table of steps: what it says of each row, and that a row can be made."""

import json

import pytest
import torch

from benchmarks import steps


def test_a_row_has_both_sides_and_their_ratio(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "LEAST", 1)
    monkeypatch.setattr(steps, "WARM", 1)
    threads = torch.get_num_threads()
    steps.main(["--tiny", "--json", "--no-memory", "--threads", "1", "--only", "series views"])
    torch.set_num_threads(threads)
    told = json.loads(capsys.readouterr().out)
    (row,) = told["rows"]
    assert told["gemm_gflops"]["1"] > 0
    assert row["ratio"] == pytest.approx(row["ours"] / row["reference"])
    assert row["reference_mib"] is None


def test_works_are_done_in_turn_after_three_that_warm_up() -> None:
    done: list[str] = []
    medians = steps.alternate([lambda: done.append("ours"), lambda: done.append("reference")], 0)
    assert len(medians) == 2
    assert done == ["ours"] * 3 + ["reference"] * 3 + ["ours", "reference"] * 7


def test_a_row_without_arithmetic_has_no_share(capsys: pytest.CaptureFixture[str]) -> None:
    steps.show([steps.Row("views", 1, 10.0, 25.0, 2.5, None, None, 400.0, None)], {1: 99.6}, {"time": 0.071})
    told = capsys.readouterr().out
    assert "100 GFLOP/s" in told
    assert "2.50" in told
    assert "- -> -" in told
    assert "time: 7.1 %" in told
