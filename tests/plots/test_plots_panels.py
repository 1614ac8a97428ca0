"""Figures of the report: every value that goes in is drawn, and nothing is told by colour alone."""

import numpy as np
import pytest

from ecgssl_core.plots.differences import Difference, difference_figure
from ecgssl_core.plots.embedding_map import Group, embedding_figure
from ecgssl_core.plots.heat import share_heat
from ecgssl_core.plots.leads import lead_figure
from ecgssl_core.plots.leaning import Leaning, leaning_figure
from ecgssl_core.plots.learning import learning_figure
from ecgssl_core.plots.panels import fill_panels, panel_grid
from ecgssl_core.plots.rank_curves import ClassPanel, RankCurve, rank_curve_figure
from ecgssl_core.plots.reliability import ReliabilityLine, reliability_figure
from ecgssl_core.plots.shares import Bar, ablation_figure, share_figure


def test_a_grid_fills_row_by_row_and_titles_the_lowest_panels() -> None:
    figure = panel_grid(["a", "b", "c"], 2, 200, "x", "y")
    assert [note.text for note in figure.layout.annotations] == ["a", "b", "c"]
    # the second column ends in the first row
    assert [figure.layout[axis].title.text for axis in ("xaxis", "xaxis2", "xaxis3")] == [None, "x", "x"]
    line = figure.add_scatter().data[0]
    fill_panels(figure, [(2, line)], 3, 2)
    assert figure.data[-1].xaxis == "x3"


def test_rank_curves_share_one_legend_and_mark_chance() -> None:
    curve = RankCurve("T", [0, 0.5, 1], [0, 1, 1], 0.75)
    panels = [ClassPanel(name, 0.25, [curve]) for name in ("one", "two")]
    roc, pr = (rank_curve_figure(panels, kind, ["SSL-T", "T"]) for kind in ("roc", "pr"))
    assert [trace.showlegend for trace in roc.data if trace.name] == [True, False]
    assert list(roc.data[0].y) == [0, 1]
    assert list(pr.data[0].y) == [0.25, 0.25]
    assert roc.data[1].line.dash == "dash"
    # a step is as high as its right end: the area is the average precision
    assert pr.data[1].line.shape == "vh"


def test_reliability_draws_empty_bins_at_the_floor_and_tells_their_value() -> None:
    line = ReliabilityLine("T", [0.0001, 0.5], [0.0, 0.4], [0.0, 0.3], [0.0, 0.6], [10, 10])
    figure = reliability_figure([line])
    assert list(figure.data[1].y) == [0.001, 0.4]
    assert list(figure.data[1].customdata[0]) == [0.0001, 0.0, 10, 0.0, 0.0]
    # an interval begins and ends where it does, and never below the floor
    assert figure.data[1].error_y.array == pytest.approx((0.0, 0.2))
    assert figure.data[1].error_y.arrayminus == pytest.approx((0.0, 0.1))


def test_where_an_arm_is_run_is_a_mark_on_its_curve() -> None:
    curve = RankCurve("T", [0, 0.5, 1], [0, 1, 1], 0.75, operating=(0.5, 1.0))
    figure = rank_curve_figure([ClassPanel("one", 0.25, [curve])], "roc", ["T"])
    (mark,) = [trace for trace in figure.data if trace.mode == "markers"]
    assert (mark.x, mark.y) == ((0.5,), (1.0,))


def test_a_square_of_shares_says_its_numbers_and_leaves_the_unknown_open() -> None:
    shares = np.array([[1.0, 0.125], [np.nan, 1.0]])
    heat = share_heat(["A", "B"], ["one", "two"], shares, [8, 0], "Called").data[0]
    assert [list(row) for row in heat.text] == [["100", "12"], ["–", "100"]]
    assert heat.z[1][0] is None
    assert "one (8 records) → two" in heat.customdata[0][1]


def test_a_class_on_which_gate_and_ablation_disagree_is_marked_in_words() -> None:
    rows = [Leaning("one", 0.8, [0.7, 0.9], (-0.1, -0.2, -0.05), apart=True), Leaning("two", 0.4, [0.4], None, False)]
    figure = leaning_figure(rows, [0, 1])
    assert list(figure.layout.yaxis.categoryarray) == ["two", "≠ one"]
    gains = next(trace for trace in figure.data if trace.name == "ablation, 95 %")
    assert gains.error_x.arrayminus == pytest.approx((0.1,))
    assert len(leaning_figure(rows[1:], [0]).layout.annotations) == 1  # without an ablation it has no panel


def test_lead_sets_stand_in_their_order_with_intervals() -> None:
    figure = lead_figure({"T": [Bar("12 leads", 0.9, 0.8, 0.95), Bar("1 lead", 0.6, 0.5, 0.7)]}, "AUROC")
    assert list(figure.data[0].x) == ["12 leads", "1 lead"]
    assert figure.data[0].error_y.arrayminus == pytest.approx((0.1, 0.1))


def test_a_point_of_the_map_carries_its_row_and_the_marked_one_a_ring() -> None:
    groups = [Group("a", np.zeros((2, 2), np.float32), [3, 5], ["x", "y"])]
    figure = embedding_figure(groups, marked=(0.0, 1.0))
    assert [point[0] for point in figure.data[0].customdata] == [3, 5]
    assert figure.data[1].marker.symbol == "circle-open"


def test_differences_that_hold_up_are_filled_and_have_their_intervals() -> None:
    rows = [Difference("a − b", "AUROC", 0.1, 0.05, 0.2, True), Difference("c − d", "AUROC", 0.0, -0.1, 0.1, False)]
    figure = difference_figure(rows)
    marks = {trace.marker.symbol: trace for trace in figure.data}
    assert marks["circle"].error_x.array == pytest.approx((0.1,))
    assert marks["circle"].error_x.arrayminus == pytest.approx((0.05,))
    assert list(marks["circle-open"].y) == ["c − d"]
    assert list(figure.layout.yaxis.categoryarray) == ["c − d", "a − b"]


def test_shares_are_drawn_in_their_order_with_intervals() -> None:
    figure = share_figure({"AUROC": {"T": [Bar(1.0, 0.9, 0.8, 0.95), Bar(0.1, 0.6, 0.5, 0.7)]}})
    assert list(figure.data[0].y) == [0.6, 0.9]
    assert list(figure.layout.xaxis.ticktext) == ["10%", "100%"]


def test_an_ablation_has_a_panel_an_arm() -> None:
    figure = ablation_figure({"SSL-T": [Bar("none", 0.7, 0.6, 0.8)], "SSL-S": [Bar("T2", 0.8, 0.7, 0.9)]}, "AUROC")
    assert [(trace.xaxis, *trace.x) for trace in figure.data] == [("x", "none"), ("x2", "T2")]


def test_learning_curves_leave_out_what_is_no_number_and_keep_the_end() -> None:
    lines = [{"step": step, "epoch": step, "loss": 1 / step} for step in range(1, 1001)]
    figure = learning_figure({"T": [("run", [*lines, {"step": 1001, "loss": None}])]}, "loss")
    (trace,) = figure.data
    assert len(trace.x) <= 300
    assert trace.x[-1] == 1000
