"""What the Views page shows is what training makes."""

import numpy as np
import torch

from ecgssl_core.settings import load_preset
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.drawn import draw_views
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.signals.views import make_time_views
from ecgssl_core.training.recordings import Recordings


def test_the_page_and_the_training_see_the_same_views() -> None:
    signal = np.random.default_rng(0).normal(size=(12, 1000)).astype(np.float32)
    settings = load_preset("quick-time").views
    drawn = draw_views(signal, InputSpec(), settings, "time", seed=5)
    counts = np.rint(signal / 2e-4).astype(np.int16)
    recordings = Recordings(
        torch.from_numpy(counts.T.copy()),
        torch.tensor([0]),
        torch.tensor([1000]),
        torch.full((1, 12), 2e-4),
        torch.tensor([0]),
    )
    chance = Chance.of(5, 0, torch.tensor([0]))
    source = recordings.stretches(torch.tensor([0]), settings.time.source, chance)
    views = make_time_views(source, settings, chance)
    np.testing.assert_allclose(drawn.source, source[0].numpy(), atol=2e-4)
    for group, other in zip(drawn.groups, views.groups(), strict=True):
        assert np.array_equal(group.crops, other.crops[0].numpy())
        np.testing.assert_allclose(group.values, other.values[0].numpy(), atol=2e-4)


def test_a_record_shorter_than_the_source_is_followed_by_zeros() -> None:
    drawn = draw_views(np.ones((12, 120), dtype=np.float32), InputSpec(), load_preset("quick-time").views, "time", 0)
    assert drawn.source.shape == (12, 1000)
    assert drawn.source[:, 120:].max() == 0
