"""A logistic regression with a penalty on standardised features, written back to weights of the plain ones."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

LEAST_SPREAD = 1e-6


def logistic(features: NDArray[np.float64], labels: NDArray[np.bool_], penalty: float) -> NDArray[np.float64]:
    """Give weights (features + 1,), the last of them the constant.

    Args:
        features: (records, features).
        labels: (records,).
        penalty: on the sum of squared weights of standardised features, beside the mean loss.
    """
    middle, spread = features.mean(axis=0), np.maximum(features.std(axis=0), LEAST_SPREAD)
    standard = np.column_stack([(features - middle) / spread, np.ones(len(features))])
    signs = np.where(labels, 1.0, -1.0)
    free = np.append(np.ones(features.shape[1]), 0.0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = signs * (standard @ weights)
        slope = -(standard * (signs * expit(-margins))[:, None]).mean(axis=0)
        return float(np.logaddexp(0, -margins).mean() + penalty * (free * weights**2).sum()), (
            slope + 2 * penalty * free * weights
        )

    found = minimize(loss, np.zeros(standard.shape[1]), jac=True, options={"maxiter": 1000}).x
    plain = found[:-1] / spread
    return np.append(plain, found[-1] - plain @ middle)
