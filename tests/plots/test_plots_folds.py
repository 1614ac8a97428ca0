"""Per-fold points: every fold is there, means and spreads are those of the folds."""

import math

import pandas as pd
import pytest

from ecgssl_core.plots.folds import fold_figure


def rows(*values: tuple[str, int, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(values, columns=["arm", "fold", "metric", "value"])
    return table.assign(low=table["value"] - 0.1, high=table["value"] + 0.1)


TABLE = rows(
    ("T", 0, "AUROC", 0.8),
    ("T", 1, "AUROC", 0.9),
    ("T", 0, "AUPRC", 0.4),
    ("T", 1, "AUPRC", 0.5),
    ("SSL-TSG", 0, "AUROC", 0.85),
    ("SSL-TSG", 0, "AUPRC", math.nan),
)


def test_each_arm_has_its_points_and_their_mean_and_spread() -> None:
    figure = fold_figure(TABLE)
    points, means = figure.data[0], figure.data[1]
    assert (points.name, points.x, points.y) == ("T", ("AUROC", "AUROC", "AUPRC", "AUPRC"), (0.8, 0.9, 0.4, 0.5))
    assert means.x == ("AUROC", "AUPRC")
    assert means.y == pytest.approx((0.85, 0.45))
    assert means.error_y.array == pytest.approx((0.0707107, 0.0707107), abs=1e-6)
    assert points.offsetgroup == means.offsetgroup == "T"
    assert figure.layout.xaxis.categoryarray == ("AUROC", "AUPRC")


def test_one_fold_has_no_spread_and_a_missing_value_no_point() -> None:
    points, means = fold_figure(TABLE).data[2:]
    assert (points.x, points.y) == (("AUROC",), (0.85,))
    assert means.error_y.array == (0.0,)
    assert means.customdata == (["SSL-TSG", 1, ""],)


def test_seeds_of_one_fold_count_as_one_fold() -> None:
    means = fold_figure(rows(("T", 0, "F1", 0.2), ("T", 0, "F1", 0.4), ("T", 1, "F1", 0.5))).data[1]
    assert means.y == pytest.approx((0.4,))
    assert means.customdata[0][1] == 2


def test_the_interval_of_a_point_is_shown_where_there_is_one() -> None:
    table = TABLE.assign(low=[0.7, *[math.nan] * 5])
    shown = [about[2] for about in fold_figure(table).data[0].customdata]
    assert shown == [" [0.700, 0.900]", "", "", ""]


def test_arms_differ_in_colour_and_symbol() -> None:
    first, second = fold_figure(TABLE).data[0].marker, fold_figure(TABLE).data[2].marker
    assert first.color != second.color
    assert first.symbol != second.symbol


def test_no_row_gives_an_empty_figure() -> None:
    assert fold_figure(TABLE.iloc[:0]).data == ()
