"""A model that tells persons apart, for tests: the released one with a small network that nobody has trained."""

import shutil
from pathlib import Path

import torch

from ecgssl_core.inference.card import BUNDLES
from ecgssl_core.models.bundle import rounded
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.models.identifier import add_identity
from ecgssl_core.models.identity import Identity, LeadSetPoints, OperatingPoint
from ecgssl_core.settings import EncoderSettings
from ecgssl_core.signals.lead_sets import LEAD_SETS
from ecgssl_core.signals.spec import InputSpec

SETTINGS = EncoderSettings(
    series="wav2vec",
    presence=True,
    width=32,
    layers=1,
    heads=4,
    feed_forward=64,
    position_kernel=8,
)
SPEC = InputSpec(rate=100.0, window=500, stride=500, fewer_leads=True)
RATES = ((0.5, 0.2), (0.1, 0.9), (0.01, 0.999))
SECTION = "## Same person?\n\nTried on nobody.\n"


def identifying_bundle(folder: Path, name: str = "identifying") -> Path:
    """Give a copy of the released model below a folder, with a network that tells persons apart by chance."""
    released = next(BUNDLES.glob("*/model.json")).parent
    shutil.copytree(released, folder / name)
    torch.manual_seed(0)
    encoder = rounded(Encoder("time", SPEC, SETTINGS))
    found = {
        "rank": {"1": 0.5},
        "probes": 3,
        "gallery": 9,
        "rank_among_all": {"1": 0.5, "5": 1.0},
        "eer": 0.2,
        "eer_interval": [0.1, 0.3],
    }
    found["rank_by_size"] = {"3": [0.8, 1.0, 1.0], "9": [0.5, 1.0, 1.0]}
    found["rank_among_all_interval"] = {"1": [0.1, 0.9], "5": [0.4, 1.0]}
    sets = {name: {"recordings": found, "crops of one recording": found} for name, _ in LEAD_SETS}
    figures = {"persons": 3, "deciding": 100, "order": "by date", "weaker": "two crops; weaker", "sets": sets}
    add_identity(folder / name, encoder, _identity(figures), SECTION)
    return folder / name


def _identity(figures: dict[str, object]) -> Identity:
    points = tuple(
        OperatingPoint(
            rate=rate,
            threshold=threshold,
            matched=rate,
            matched_low=rate / 2,
            matched_high=2 * rate,
            missed=0.2,
            missed_low=0.1,
            missed_high=0.4,
        )
        for rate, threshold in RATES
    )
    sets = tuple(
        LeadSetPoints(name=name, leads=leads, points=points, impostor_pairs=4950, persons=100)
        for name, leads in LEAD_SETS
    )
    return Identity(
        modality="time",
        encoder=SETTINGS,
        input=SPEC.as_json(),
        reference=(),
        sets=sets,
        figures=figures,
        seen=(),
        runs=("made",),
    )
