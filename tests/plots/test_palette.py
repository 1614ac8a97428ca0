"""The colours: readable on white and near-black, and told apart without red-green sight."""

from itertools import combinations

import numpy as np
import plotly.graph_objects as go
import pytest

from ecgssl_core.plots.palette import CLEAR, COLOURS, colour, dash, dress, symbol

# what red-green blindness makes of linear RGB (Vienot, Brettel and Mollon 1999)
PROTANOPIA = np.array([[0.112, 0.888, 0.0], [0.112, 0.888, 0.0], [0.004, -0.004, 1.0]])
DEUTERANOPIA = np.array([[0.293, 0.707, 0.0], [0.293, 0.707, 0.0], [-0.021, 0.021, 1.0]])


def linear(code: str) -> np.ndarray:
    parts = np.array([int(code[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(code: str) -> float:
    return float(linear(code) @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("ground", ["#ffffff", "#0e1117"])
def test_every_colour_stands_out_from_the_ground(ground: str) -> None:
    for code in COLOURS:
        lighter, darker = sorted((luminance(code), luminance(ground)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 3, code


@pytest.mark.parametrize("sight", [PROTANOPIA, DEUTERANOPIA])
def test_the_first_four_colours_differ_without_red_green_sight(sight: np.ndarray) -> None:
    for first, second in combinations(COLOURS[:4], 2):
        seen = [np.clip(sight @ linear(code), 0, 1) ** (1 / 2.2) for code in (first, second)]
        assert np.abs(seen[0] - seen[1]).max() > 0.09, (first, second)


def test_after_the_last_look_comes_the_first() -> None:
    assert colour(len(COLOURS)) == colour(0)
    assert len({(colour(place), symbol(place), dash(place)) for place in range(42)}) == 42


def test_a_dressed_figure_is_see_through_and_has_no_title() -> None:
    figure = dress(go.Figure(), 200)
    assert (figure.layout.paper_bgcolor, figure.layout.plot_bgcolor) == (CLEAR, CLEAR)
    assert figure.layout.height == 200
    assert figure.layout.title.text is None
