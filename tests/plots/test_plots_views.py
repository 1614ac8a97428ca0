"""Figures of views: everything lies where it lay in the record, and few points are sent."""

import numpy as np
import pytest

from ecgssl_core.plots.decimate import decimated
from ecgssl_core.plots.view_effects import effects_figure
from ecgssl_core.plots.view_sheet import sheet_figure
from ecgssl_core.plots.views import Lane, cut_boxes, image_figure, strip_figure, trace_figure

WAVE = np.sin(np.arange(1000) / 20).astype(np.float32)
HERTZ = [0.0, 4.0, 8.0]


def _lanes() -> list[Lane]:
    record = Lane("record", "record", 0.0, 10.0, WAVE, None, ((2.0, 3.0),))
    views = [Lane(f"local {at}", "local view", at, 1.0, WAVE[:100], WAVE[100 * at : 100 * at + 100]) for at in range(8)]
    return [record, Lane("global 1", "global view", 2.0, 2.5, WAVE[200:450], None, ((2.0, 3.0),)), *views]


def test_many_views_are_few_traces() -> None:
    figure = trace_figure(_lanes(), 1.0)
    assert [trace.name for trace in figure.data] == [
        "record", "record", "global view", "local view", "cut out or masked"
    ]  # fmt: skip
    assert sum(bool(trace.showlegend is not False) for trace in figure.data) == 4


def test_each_view_lies_where_it_was_cut_from() -> None:
    figure = trace_figure(_lanes(), 1.0)
    globals_ = next(trace for trace in figure.data if trace.name == "global view")
    known = np.isfinite(globals_.x)
    assert (globals_.x[known][0], round(float(globals_.x[known][-1]), 2)) == (2.0, 4.49)
    np.testing.assert_allclose(globals_.y[known] + 1.0, WAVE[200:450], atol=1e-6)
    assert figure.layout.yaxis.ticktext[:2] == ("record", "global 1")
    cut = figure.data[-1]
    assert [place for place in cut.x if place is not None] == [2.0, 3.0, 3.0, 2.0, 2.0] * 2


def test_spectrograms_share_one_scale_of_colours_and_one_axis() -> None:
    image = np.arange(12.0).reshape(3, 4)
    lanes = [Lane("record", "record", 0.0, 4.0, image), Lane("global 1", "global view", 1.0, 2.0, 2 * image[:, :2])]
    figure = image_figure(lanes, HERTZ, "mV")
    assert {(trace.zmin, trace.zmax) for trace in figure.data} == {(0.0, 18.0)}
    assert figure.data[1].x0 == 1.5
    assert figure.data[1].y0 < figure.data[0].y0
    assert figure.data[0].colorbar.title.text == "mV"


def test_a_rectangle_is_the_crossing_of_columns_and_rows() -> None:
    lane = Lane("v", "global view", 1.0, 4.0, np.zeros((3, 4)), None, ((2.0, 3.0),), ((2.0, 6.0),))
    assert cut_boxes(lane, 10.0, 100.0, 98.0, 110.0) == [(12.0, 13.0, 98.0, 110.0), (11.0, 15.0, 102.0, 106.0)]
    crossed = Lane("v", "global view", 1.0, 4.0, np.zeros((3, 4)), None, ((2.0, 3.0),), ((2.0, 6.0),), True)
    assert cut_boxes(crossed, 10.0, 100.0, 98.0, 110.0) == [(12.0, 13.0, 102.0, 106.0)]


@pytest.mark.parametrize("hertz", [(), HERTZ])
def test_a_sheet_names_every_draw(hertz: list[float]) -> None:
    values = np.zeros((3, 10)) if hertz else WAVE[:100]
    cells = [Lane(f"seed {at}", "global view", 1.0, 1.0, values, WAVE, ((1.2, 1.4),)) for at in range(12)]
    figure = sheet_figure(cells, 10.0, hertz)
    assert [note.text for note in figure.layout.annotations] == [f"seed {at}" for at in range(12)]
    assert len([trace for trace in figure.data if trace.type == "scatter"]) <= 3


def test_the_strip_marks_the_stretch() -> None:
    figure = strip_figure(np.tile(WAVE, 180), 1800.0, (20.0, 30.0))
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].x1) == (20.0, 30.0)
    assert len(figure.data[0].x) <= 802


def test_decimation_keeps_every_spike_and_the_order() -> None:
    values = np.zeros(10_001)
    values[[17, 5000, 10_000]] = 5, -3, 2
    along, few = decimated(np.arange(10_001.0), values, 500)
    assert len(few) <= 502
    assert {5.0, -3.0, 2.0} <= set(few.tolist())
    assert (np.diff(along) >= 0).all()
    assert np.array_equal(values[along.astype(int)], few)


def test_effects_that_cannot_be_measured_are_said_to_be() -> None:
    spectrum, pair = np.zeros((5, 2, 4)), np.arange(10.0).reshape(5, 2)
    figure = effects_figure(pair, np.full((5, 2), np.nan), spectrum, np.arange(4.0))
    assert "not measurable" in [note.text for note in figure.layout.annotations]
    assert [trace.name for trace in figure.data if trace.showlegend is not False] == ["a record", "before", "after"]
