"""The deletion check: which parts are muted, and that the service is asked for them."""

from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.inference.card import find_models
from ecgssl_core.inference.deletion import by_chance, cell_scores, check_deletion, most_attributed
from ecgssl_core.inference.explained import Attribution
from ecgssl_core.inference.service import PredictionService
from ecgssl_core.records import gather, read_isolated

ROOT = Path(__file__).parents[2]


def attribution(signal: bool = True, image: bool = True) -> Attribution:
    """Two leads over 2 s: the trace leaned on in the second at 1.0 s, the spectrogram in the first at 0.5 s."""
    trace = np.zeros((2, 200), np.float32)
    trace[1, 100:120] = 0.1
    picture = np.zeros((2, 3, 16), np.float32)
    picture[0, :, 4] = 1.0  # at 0.52 s
    frames = tuple(place * 0.13 for place in range(16))
    made = (trace if signal else None, picture if image else None)
    return Attribution("a", ("I", "II"), 100.0, *made, frames, (0.0, 4.0, 8.0), 0.0)


def test_cells_hold_the_sums_of_both_maps() -> None:
    scores = cell_scores(attribution())
    assert scores.shape == (2, 10)
    assert scores[1, 5] == pytest.approx(2.0)
    assert scores[0, 2] == pytest.approx(3.0)
    assert scores.sum() == pytest.approx(5.0)


@pytest.mark.parametrize(("signal", "image", "total"), [(True, False, 2.0), (False, True, 3.0)])
def test_a_model_of_one_modality_has_cells_too(signal: bool, image: bool, total: float) -> None:
    assert cell_scores(attribution(signal, image)).sum() == pytest.approx(total)


def test_the_tenth_that_raised_the_output_most_is_muted() -> None:
    found = attribution()
    spans = most_attributed(found, cell_scores(found))
    assert [(span.lead, round(span.start_s, 3), round(span.end_s, 3)) for span in spans] == [
        ("I", 0.4, 0.6),
        ("II", 1.0, 1.2),
    ]


def test_chance_mutes_as_much_and_is_that_of_its_seed() -> None:
    found = attribution()
    first, again = (by_chance(found, cell_scores(found), np.random.default_rng(3)) for _ in range(2))
    assert len(first) == 2
    assert first == again


@pytest.mark.skipif(not find_models(), reason="no model has been released to checkpoints/")
def test_a_real_record_loses_more_by_the_map_than_by_chance() -> None:
    (record,) = read_isolated(gather([ROOT / "examples" / "HR00318.hea"])[0]).records
    service, model = PredictionService(), find_models()[-1]
    done = check_deletion(service, model, record, service.attribute(model, record, "164889003"))
    service.close()
    assert done.holds
    assert done.most < 0.5 * done.whole
    assert len(done.chance) == 5
