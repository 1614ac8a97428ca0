"""Learning curves: a panel a quantity, a line a split, gaps where there is no number."""

import math

from ecgssl_core.plots.curves import curve_figure

METRICS = [
    {"step": 10, "epoch": 0, "split": "train", "loss": 7.0, "rate": 1e-4},
    {"step": 20, "epoch": 1, "split": "train", "loss": 6.5, "rate": 2e-4},
    {"step": 20, "epoch": 1, "split": "validation", "loss": 6.8, "auroc": 0.7},
    {"step": 30, "epoch": 2, "split": "train", "loss": None, "rate": 2e-4},
    {"step": 40, "epoch": 3, "split": "train", "loss": math.nan, "rate": 1e-4},
    {"step": 40, "epoch": 3, "loss": 6.0},
]


def test_each_split_is_a_line_through_its_own_numbers() -> None:
    figure = curve_figure(METRICS, ["loss"])
    lines = {line.name: (line.x, line.y) for line in figure.data}
    assert lines == {"train": ((10, 20, 40), (7.0, 6.5, 6.0)), "validation": ((20,), (6.8,))}
    assert len({line.line.color for line in figure.data}) == 2
    assert len({line.line.dash for line in figure.data}) == 2


def test_each_quantity_has_its_own_panel_with_its_name() -> None:
    figure = curve_figure(METRICS, ["loss", "rate", "auroc", "my_own"])
    assert [note.text for note in figure.layout.annotations] == ["loss", "learning rate", "AUROC", "my own"]
    assert len({line.yaxis for line in figure.data}) == 3
    assert [line.name for line in figure.data if line.showlegend] == ["train", "validation"]


def test_the_newest_of_very_many_points_is_drawn() -> None:
    figure = curve_figure([{"step": step, "loss": 1.0} for step in range(12_345)], ["loss"])
    assert len(figure.data[0].x) <= 1000
    assert figure.data[0].x[-1] == 12_344


def test_a_run_that_has_written_nothing_has_empty_panels() -> None:
    assert len(curve_figure([], ["loss", "auroc"]).data) == 0
    assert len(curve_figure(METRICS, []).data) == 0
    assert curve_figure([{"epoch": 1, "loss": 3.0}], ["loss"]).data == ()
