"""The table of segments a second: what a row says, and what is not measured."""

import json

import pytest
import torch

from benchmarks import segments, steps


def test_a_row_says_how_much_of_the_peak_the_step_reaches(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "LEAST", 1)
    monkeypatch.setattr(steps, "WARM", 1)
    monkeypatch.setattr(segments, "multiplies_bf16", lambda: False)
    threads = torch.get_num_threads()
    segments.main(["oh2022-small-w2v", "--json", "--threads", "1", "--pairs", "2", "--seconds", "0"])
    torch.set_num_threads(threads)
    (row,) = json.loads(capsys.readouterr().out)
    assert 0 < row["share"] < 1
    assert row["segments_s"] > 0
    assert row["mib"] > 100  # torch alone holds as much


def test_a_step_reads_both_segments_of_each_pair() -> None:
    _, both = segments.training_step("oh2022-small", 2, "fp32")
    _, one = segments.training_step("oh2022-small-w2v", 2, "fp32")
    assert (both, one) == (4, 2)
