"""Distance from known records: small inside, large outside in any direction, and stored to the last bit."""

from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.errors import BundleError
from ecgssl_core.models.known import known_from, load_known


def features(count: int, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    basis = np.linalg.qr(np.random.default_rng(9).standard_normal((60, 60)))[0]
    return 3 + chance.standard_normal((count, 60)) * np.geomspace(10, 0.01, 60) @ basis


def test_unseen_records_of_the_same_kind_lie_as_far_as_expected() -> None:
    found = known_from(features(2000)).distance(features(500, 1))
    assert np.sqrt(np.mean(found**2)) == pytest.approx(np.sqrt(2), rel=0.05)


def test_distance_along_one_component_is_worked_by_hand() -> None:
    known = known_from(features(2000))
    step = known.mean + 5 * known.scales[0] * known.components[:, 0]
    count = known.components.shape[1]
    assert known.distance(step[None])[0] == pytest.approx(np.sqrt(25 / count), rel=1e-3)


def test_what_the_components_leave_counts_too() -> None:
    known = known_from(features(2000))
    aside = np.random.default_rng(3).standard_normal(60)
    aside -= known.components @ (known.components.T @ aside)
    aside *= 7 * known.rest[0] / np.linalg.norm(aside)
    assert known.distance((known.mean + aside)[None])[0] == pytest.approx(7, rel=1e-3)


def test_it_is_read_as_written_and_a_damaged_file_is_refused(tmp_path: Path) -> None:
    known = known_from(features(200))
    known.save(tmp_path / "known.safetensors")
    again = load_known(tmp_path / "known.safetensors")
    assert np.array_equal(again.distance(features(5, 1)), known.distance(features(5, 1)))
    (tmp_path / "known.safetensors").write_bytes(b"nothing")
    with pytest.raises(BundleError, match="damaged"):
        load_known(tmp_path / "known.safetensors")
