"""Metrics of each fold as points, arm beside arm, with their mean and spread."""

import pandas as pd
import plotly.graph_objects as go

from ecgssl_core.plots.palette import COLOURS, colour, dress, symbol

_ROW_PIXELS = 24
_HOVER = "%{customdata[0]}<br>fold %{customdata[1]}: %{y:.3f}%{customdata[2]}<extra></extra>"
_MEAN_HOVER = "%{customdata[0]}<br>mean of %{customdata[1]} folds: %{y:.3f}%{customdata[2]}<extra></extra>"


def fold_figure(rows: pd.DataFrame) -> go.Figure:
    """Draw, for each metric and arm, a point for each fold and a bar at their mean, with the spread (sd) about it.

    The spread is that between folds, no interval of the mean; one fold alone has none.

    Args:
        rows: one row a fold and metric: columns arm, fold, metric, value, and low and high, which may be NaN; arms and
            metrics are drawn in the order in which they first come, rows without a value left out.
    """
    figure = go.Figure()
    for place, (arm, of_arm) in enumerate(rows.dropna(subset="value").groupby("arm", sort=False)):
        figure.add_trace(_fold_points(str(arm), of_arm, place))
        figure.add_trace(_fold_means(str(arm), of_arm, place))
    dress(figure, height=380)
    # arms stand beside each other within a metric
    figure.update_layout(scattermode="group", scattergap=0.3)
    metrics = list(rows["metric"].unique())
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=metrics, fixedrange=True)
    figure.update_yaxes(title="value on the test fold")
    return figure


def arm_figure(rows: pd.DataFrame, metric: str) -> go.Figure:
    """Draw one metric, a row an arm: a point for each fold, a bar at their mean, with the spread (sd) about it.

    Args:
        rows: as `fold_figure` takes them.
        metric: which of them.
    """
    of_metric = rows[(rows["metric"] == metric) & rows["value"].notna()]
    # several seeds of one fold are one fold
    folds = of_metric.groupby(["arm", "fold"], sort=False)["value"].mean()
    found = folds.groupby(level="arm", sort=False).agg(["mean", "std", "count"])
    figure = go.Figure()
    figure.add_scatter(
        name="each fold",
        x=list(folds),
        y=[arm for arm, _ in folds.index],
        customdata=[fold for _, fold in folds.index],
        mode="markers",
        marker={"symbol": "circle-open", "color": COLOURS[0], "size": 7},
        hovertemplate="%{y}<br>fold %{customdata}: %{x:.3f}<extra></extra>",
    )
    figure.add_scatter(
        name="mean, ± sd",
        x=list(found["mean"]),
        y=list(found.index),
        error_x={"array": list(found["std"].fillna(0.0)), "color": COLOURS[1], "thickness": 2, "width": 5},
        customdata=list(found["count"]),
        mode="markers",
        marker={"symbol": "line-ns", "size": 14, "line": {"color": COLOURS[1], "width": 3}},
        hovertemplate="%{y}<br>mean of %{customdata} folds: %{x:.3f}<extra></extra>",
    )
    dress(figure, height=_ROW_PIXELS * len(found) + 90)
    figure.update_xaxes(title=f"{metric} on the test fold", fixedrange=True)
    ends = [-0.7, len(found) - 0.3]  # a row above and below would be left empty
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=list(found.index)[::-1], range=ends, fixedrange=True
    )
    return figure


def _fold_points(arm: str, rows: pd.DataFrame, place: int) -> go.Scatter:
    intervals = [
        f" [{low:.3f}, {high:.3f}]" if low == low and high == high else ""  # NaN equals nothing
        for low, high in zip(rows["low"], rows["high"], strict=True)
    ]
    return go.Scatter(
        name=arm,
        legendgroup=arm,
        offsetgroup=arm,
        x=list(rows["metric"]),
        y=list(rows["value"]),
        customdata=[[arm, int(fold), interval] for fold, interval in zip(rows["fold"], intervals, strict=True)],
        mode="markers",
        marker={"symbol": f"{symbol(place)}-open", "color": colour(place), "size": 7},
        hovertemplate=_HOVER,
    )


def _fold_means(arm: str, rows: pd.DataFrame, place: int) -> go.Scatter:
    # several seeds of one fold are one fold
    folds = rows.groupby(["metric", "fold"], sort=False)["value"].mean().groupby(level="metric", sort=False)
    means, spreads, counts = folds.mean(), folds.std(), folds.count()
    said = [f" ± {spread:.3f} (sd)" if spread == spread else "" for spread in spreads]
    return go.Scatter(
        name=f"{arm}, mean",
        legendgroup=arm,
        showlegend=False,
        offsetgroup=arm,
        x=list(means.index),
        y=list(means),
        error_y={"array": list(spreads.fillna(0.0)), "color": colour(place), "thickness": 2, "width": 5},
        customdata=[[arm, int(count), words] for count, words in zip(counts, said, strict=True)],
        mode="markers",
        marker={"symbol": "line-ew", "size": 16, "line": {"color": colour(place), "width": 3}},
        hovertemplate=_MEAN_HOVER,
    )
