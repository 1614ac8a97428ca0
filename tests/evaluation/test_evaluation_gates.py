"""Mean gate weights a class."""

import numpy as np
import pytest

from ecgssl_core.evaluation.gates import gates_by_class


def test_the_mean_is_over_the_records_that_have_the_class() -> None:
    gates = np.array([[0.2, 0.8], [0.4, 0.6], [0.9, 0.1]], dtype=np.float32)
    labels = np.array([[1, 0, 1], [1, -1, 0], [0, 0, 1]], dtype=np.int8)
    means = gates_by_class(gates, labels)
    np.testing.assert_allclose(means.by_class[[0, 2]], [[0.3, 0.7], [0.55, 0.45]], atol=1e-6)
    assert np.isnan(means.by_class[1]).all()
    np.testing.assert_allclose(means.overall, [0.5, 0.5], atol=1e-6)
    np.testing.assert_array_equal(means.records, [2, 0, 2])


@pytest.mark.parametrize("shape", [(2, 2), (3,), (0, 2)])
def test_gates_that_do_not_fit_the_labels_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        gates_by_class(np.ones(shape), np.ones((3 if shape[0] else 0, 1)))
