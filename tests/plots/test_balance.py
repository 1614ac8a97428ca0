"""The square of folds: shares as shades, counts as text."""

import numpy as np

from ecgssl_core.plots.balance import draw_balance


def test_each_cell_has_its_share_as_shade_its_count_as_text_and_both_in_words() -> None:
    heat = draw_balance(["records", "AF"], np.array([[5, 5, 10], [0, 3, 1]])).data[0]
    np.testing.assert_allclose(heat.z, [[0.25, 0.25, 0.5], [0, 0.75, 0.25]])
    assert heat.text.tolist() == [["5", "5", "10"], ["0", "3", "1"]]
    assert heat.hovertext[1][1] == "fold 1: 3 of 4 AF"
    assert (heat.zmin, heat.zmax) == (0, 2 / 3)


def test_a_class_that_never_occurs_has_no_share_and_no_warning() -> None:
    assert draw_balance(["AF"], np.zeros((1, 3), dtype=np.int64)).data[0].z.tolist() == [[0, 0, 0]]
