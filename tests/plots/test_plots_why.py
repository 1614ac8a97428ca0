"""The figures that say why: what stands where, and that colour is never all that tells two things apart."""

import numpy as np
import pytest

from ecgssl_core.plots.attribution import LeadMap, lead_map_figure, lead_share_figure
from ecgssl_core.plots.lead_sets import lead_set_figure
from ecgssl_core.plots.shifts import Shift, shift_figure
from ecgssl_core.plots.thumbnail import thumbnail_figure
from ecgssl_core.plots.timeline import timeline_figure

RATE = 100.0


def leaned(magnitude: bool = True) -> LeadMap:
    signal = np.sin(np.arange(1000) / 10)
    values = np.zeros(1000)
    values[400:420] = 0.5
    image = np.zeros((13, 77)) if magnitude else None
    return LeadMap(
        "V1", 20.0, RATE, signal, values, image, image, [20 + place * 0.13 for place in range(77)], range(13)
    )


def test_a_row_has_a_mark_for_each_state_each_of_another_form() -> None:
    rows = [Shift("a", 0.2, (0.1, 0.5)), Shift("b", 0.3, (0.9, 0.4))]
    figure = shift_figure(rows, ["as it is", "muted"])
    states = [trace for trace in figure.data if trace.name in ("as it is", "muted")]
    assert [list(trace.x) for trace in states] == [[0.1, 0.9], [0.5, 0.4]]
    assert len({trace.marker.symbol for trace in states}) == 2
    (threshold,) = [trace for trace in figure.data if trace.name == "threshold"]
    assert list(threshold.x) == [0.2, 0.3]


def test_a_row_without_a_probability_for_each_state_is_refused() -> None:
    with pytest.raises(ValueError, match="not 2 probabilities"):
        shift_figure([Shift("a", 0.2, (0.1,))], ["as it is", "muted"])


def test_the_strip_behind_the_trace_lies_where_the_output_leaned() -> None:
    strip, trace, *_ = lead_map_figure(leaned()).data
    strong = np.array(strip.x)[np.array(strip.z)[0] > 0.25]
    assert strong.min() == pytest.approx(24.02)
    assert strong.max() == pytest.approx(24.18)
    assert trace.x[0] == 20.0
    assert strip.zmin == -strip.zmax


def test_a_model_without_spectrogram_has_one_panel() -> None:
    assert len(lead_map_figure(leaned(magnitude=False)).data) == 2


def test_what_lowered_the_output_is_striped() -> None:
    raised, lowered = lead_share_figure(["I", "II"], [1.0, 2.0], [-0.5, 0.0]).data
    assert (raised.marker.pattern.shape, lowered.marker.pattern.shape) == ("", "/")
    assert list(lowered.x) == [-0.5, 0.0]


def test_the_chosen_set_of_leads_is_marked() -> None:
    figure = lead_set_figure(["12 leads", "2 leads"], {"a": [0.9, 0.4], "b": [0.1, 0.2]}, "2 leads")
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].x1) == (0.75, 1.25)
    assert figure.data[0].line.dash != figure.data[1].line.dash


def test_a_long_recording_keeps_its_peaks_in_few_points() -> None:
    starts = [place * 1.25 for place in range(20_000)]
    values = np.zeros(20_000, np.float32)
    values[7_777] = 0.9
    figure = timeline_figure(starts, 2.5, {"a": values}, {"a": 0.2}, (10.0, 20.0))
    line = figure.data[0]
    assert len(line.x) <= 1500
    assert max(line.y) == pytest.approx(0.9)
    assert abs(line.customdata[int(np.argmax(line.y))] - 7_777 * 1.25) <= 14 * 1.25
    assert figure.layout.xaxis.title.text == "time (min)"


def test_a_short_recording_is_shown_in_seconds_and_nothing_is_marked() -> None:
    figure = timeline_figure([0.0, 1.25], 2.5, {"a": np.zeros(2, np.float32)}, {"a": 0.2}, None)
    assert list(figure.data[0].x) == [1.25, 2.5]
    assert figure.layout.xaxis.title.text == "time (s)"
    assert [shape.type for shape in figure.layout.shapes] == ["line"]


def test_a_thumbnail_has_three_leads_about_their_medians() -> None:
    signal = np.ones((12, 2000), np.float32)
    leads = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
    figure = thumbnail_figure(signal, 200.0, leads)
    assert [trace.name for trace in figure.data] == ["II", "V1", "V5"]
    assert [trace.y[0] for trace in figure.data] == [0.0, -2.0, -4.0]
    assert len(figure.data[0].x) == 1000


def test_a_thumbnail_of_one_lead_shows_that() -> None:
    figure = thumbnail_figure(np.full((1, 100), np.nan, np.float32), 200.0, ("Y",))
    assert [trace.name for trace in figure.data] == ["Y"]
