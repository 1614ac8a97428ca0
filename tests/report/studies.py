"""A small study: arms on three folds, some in two seeds, one of them on two folds only."""

from ecgssl_core.report.make import study_of
from ecgssl_core.report.study import Study
from ecgssl_core.runs import RunDir
from tests.made_runs import FOLDS, make_encoder
from tests.report.conftest import Make

TIME = 'classifier.modalities=["time"]'


def small_study(runs: list[RunDir], replicates: int = 20) -> Study:
    """The study of runs with few replicates."""
    return study_of(runs, replicates)


def pretrained(made: Make, *words: str) -> str:
    """The setting that takes over an encoder pretrained with these words."""
    root = made("data.fold=50").path.parent.parent
    return f'data.encoders=["{make_encoder(root, *words).name}"]'


def arms_of_time(made: Make) -> list[RunDir]:
    """T in two seeds on three folds, SSL-T in two seeds on two folds, the linear probe of a random encoder."""
    encoder = pretrained(made)
    runs = [made(TIME, f"data.fold={fold}", f"training.seed={seed}") for fold in range(FOLDS) for seed in (0, 1)]
    places = [(f"data.fold={fold}", f"training.seed={seed}") for fold in (0, 1) for seed in (0, 1)]
    runs += [made(TIME, encoder, *place, signal=1.6) for place in places]
    return runs + [made(TIME, 'classifier.probe="linear"', f"data.fold={fold}", signal=0.4) for fold in range(FOLDS)]
