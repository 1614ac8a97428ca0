"""Gate weights: by class in the order given, over the windows at their middles."""

import pytest

from ecgssl_core.plots.gates import class_gate_figure, window_gate_figure

ROWS = [
    {"code": "164889003", "abbreviation": "AF", "time": 0.7, "spectrogram": 0.3, "records": 12},
    {"code": "426783006", "time": 0.4, "spectrogram": 0.6, "records": 90},
    {"code": "164890007", "time": None, "spectrogram": None, "records": 0},
]


def test_each_class_is_a_bar_of_both_weights_the_first_on_top() -> None:
    figure = class_gate_figure(ROWS)
    time, spectrogram = figure.data
    assert (time.name, time.y, time.x) == ("time series", ("AF", "426783006"), (0.7, 0.4))
    assert (spectrogram.name, spectrogram.x) == ("spectrogram", (0.3, 0.6))
    assert figure.layout.barmode == "stack"
    assert figure.layout.yaxis.autorange == "reversed"
    assert time.marker.color != spectrogram.marker.color


def test_windows_are_drawn_at_their_middles() -> None:
    figure = window_gate_figure([(0.6, 0.4), (0.2, 0.8)], [0.0, 1.25])
    time, spectrogram = figure.data
    assert (time.x, time.y) == ((1.25, 2.5), (0.6, 0.2))
    assert spectrogram.y == (0.4, 0.8)
    assert time.line.dash != spectrogram.line.dash
    assert time.customdata[1] == [1.25, 3.75]


def test_a_single_window_is_still_seen() -> None:
    assert "markers" in window_gate_figure([(0.5, 0.5)], [0.0]).data[0].mode


def test_windows_without_their_starts_are_refused() -> None:
    with pytest.raises(ValueError, match="2 windows of gates, 1 starts"):
        window_gate_figure([(0.5, 0.5), (0.4, 0.6)], [0.0])


def test_no_class_gives_empty_bars() -> None:
    assert [len(bar.x) for bar in class_gate_figure([]).data] == [0, 0]
