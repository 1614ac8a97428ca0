"""Spectrograms as images."""

import numpy as np
import pytest

from ecgssl_core.plots.spectrogram import spectrogram_figure

HERTZ = [0.0, 4.0, 8.0]
SECONDS = [0.125, 0.25, 0.375, 0.5]


def test_each_magnitude_stands_at_its_time_and_frequency() -> None:
    magnitudes = np.arange(12, dtype=np.float32).reshape(3, 4)
    image = spectrogram_figure(magnitudes, SECONDS, HERTZ).data[0]
    assert list(image.x) == SECONDS
    assert list(image.y) == HERTZ
    assert image.z[2][1] == 9


def test_figures_may_share_their_colours() -> None:
    image = spectrogram_figure(np.ones((3, 4)), SECONDS, HERTZ, limits=(0, 2)).data[0]
    assert (image.zmin, image.zmax) == (0, 2)


def test_axes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="3 bins and 4 frames"):
        spectrogram_figure(np.ones((4, 3)), SECONDS, HERTZ)
