"""Curves over each other, and fewer points that still show every peak."""

from ecgssl_core.plots.overlaid import overlaid_figure
from ecgssl_core.plots.thinned import thinned


def test_every_run_has_its_own_colour_dash_and_marker() -> None:
    runs = {name: [{"step": 5, "epoch": 1, "loss": 2.0}, {"step": 9, "epoch": 2, "loss": 1.0}] for name in "ABC"}
    figure = overlaid_figure(runs, "loss")
    assert [line.name for line in figure.data] == ["A", "B", "C"]
    for what in ("color", "dash"):
        assert len({line.line[what] for line in figure.data}) == 3
    assert len({line.marker.symbol for line in figure.data}) == 3
    assert figure.data[0].x == (1, 2)


def test_a_run_without_the_quantity_has_no_line() -> None:
    assert [line.name for line in overlaid_figure({"A": [], "B": [{"epoch": 1, "loss": 1.0}]}, "loss").data] == ["B"]


def test_a_figure_never_has_more_than_4000_points() -> None:
    runs = {name: [{"epoch": epoch, "loss": float(epoch % 7)} for epoch in range(9000)] for name in "ABCDE"}
    assert sum(len(line.x) for line in overlaid_figure(runs, "loss").data) <= 4000


def test_thinning_keeps_ends_peaks_and_order() -> None:
    points = [(float(place), 0.0) for place in range(10_000)]
    points[4567], points[8888] = (4567.0, 9.0), (8888.0, -9.0)
    kept = thinned(points, 100)
    assert len(kept) <= 100
    assert {points[0], points[4567], points[8888], points[-1]} <= set(kept)
    assert kept == sorted(kept)
    assert thinned(points[:50], 100) == points[:50]
