"""Stacked bars: one part a colour, heights as given."""

from ecgssl_core.plots.counts import draw_counts
from ecgssl_core.plots.palette import COLOURS


def test_parts_stand_on_each_other_in_their_own_colours_and_patterns() -> None:
    figure = draw_counts(["AF", "LAD"], {"one": [1, 2], "two": [3, 0]}, "records", ["fibrillation", "left axis"])
    assert figure.layout.barmode == "stack"
    *bars, sums = figure.data
    assert sums.y == (4, 2)
    assert [(bar.name, bar.y, bar.marker.color) for bar in bars] == [
        ("one", (1, 2), COLOURS[0]),
        ("two", (3, 0), COLOURS[1]),
    ]
    assert bars[0].marker.pattern.shape != bars[1].marker.pattern.shape
    assert figure.data[0].customdata == ("fibrillation", "left axis")


def test_a_name_without_a_meaning_is_its_own() -> None:
    assert draw_counts(["7"], {"women": [2]}, "records").data[0].customdata == ("7",)
