"""Which records the released model refuses: by what the quality checks say, and by distance from the records it knows.

`python -m benchmarks.out_of_distribution PACKS [RECORDS]`: a folder with the packs cinc2020, ludb and code15.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.attribution import of_pack
from ecgssl_core.corpus.folds import read_folds
from ecgssl_core.corpus.pack import Pack, open_pack
from ecgssl_core.evaluation import binomial_interval
from ecgssl_core.inference.card import default_model
from ecgssl_core.inference.windows import score_windows
from ecgssl_core.models.bundle import Bundle, load_bundle
from ecgssl_core.records import Record, check_quality
from ecgssl_core.signals.spec import prepare

RECORDS = 20
Signal = NDArray[np.float32]


def main() -> None:
    """Print a table: shares refused by quality, by distance, and by either."""
    torch.set_num_threads(1)
    root, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else RECORDS
    bundle = load_bundle(default_model())
    assert bundle.manifest.distribution is not None
    print(f"limit {bundle.manifest.distribution.limit:.3f}")
    print("| records | number | quality refuses | distance refuses | 95 % | either | median distance |")
    print("|---|---|---|---|---|---|---|")
    for name, records in sets(bundle, root, count):
        blocked, distances = [], []
        for record in records:
            blocked.append(check_quality(record).blocked is not None)
            windows = prepare(record.signal, record.rate, record.leads, bundle.input)
            features = score_windows(bundle.model, windows).features.mean(axis=0, keepdims=True)
            assert bundle.known is not None
            distances.append(float(bundle.known.distance(features)[0]))
        far = np.array(distances) > bundle.manifest.distribution.limit
        low, high = binomial_interval(np.array([far.sum()]), np.array([len(far)]))
        print(
            f"| {name} | {len(far)} | {np.mean(blocked):.1%} | {far.mean():.1%} | {low[0]:.1%} to {high[0]:.1%} "
            f"| {(far | np.array(blocked)).mean():.1%} | {np.median(distances):.2f} |",
            flush=True,
        )


def sets(bundle: Bundle, root: Path, count: int) -> Iterator[tuple[str, list[Record]]]:
    """Give records by name of the set: held-out ones, other corpora, and what is no ECG or a spoiled one."""
    corpus = open_pack(root / "cinc2020")
    test = read_folds(corpus).test(int(bundle.manifest.scores["fold"]))
    seen = set(bundle.manifest.training.seen)
    held = [of_pack(corpus, int(row)) for row in test if corpus.table["sha256"].iloc[row] not in seen]
    yield "cinc2020, the fold that nothing has seen", held
    other = [row for row, digest in enumerate(corpus.table["sha256"]) if digest not in {*seen} and row not in set(test)]
    yield "cinc2020, unseen besides", [of_pack(corpus, row) for row in other][:count]
    for name in ("ludb", "code15"):
        yield f"{name} (seen without labels)", some(open_pack(root / name), count)
    some_held = held[:count]
    for name, change in CHANGES.items():
        chance = np.random.default_rng(0)
        yield name, [replace(one, signal=change(one.signal, chance).astype(np.float32)) for one in some_held]


def some(pack: Pack, count: int) -> list[Record]:
    """Give records evenly over a pack."""
    return [of_pack(pack, int(row)) for row in np.linspace(0, len(pack) - 1, count).astype(int)]


def like_an_eeg(signal: Signal, chance: np.random.Generator) -> Signal:
    """Give noise of 0.05 mV whose power falls with the frequency, as an electroencephalogram's does."""
    spectrum = np.fft.rfft(chance.standard_normal(signal.shape))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.shape[1]), 1))
    spectrum[:, 0] = 0
    made = np.fft.irfft(spectrum, signal.shape[1])
    return np.asarray(0.05 * made / made.std(), np.float32)


def shuffled(signal: Signal, chance: np.random.Generator) -> Signal:
    """Give the leads in a random order."""
    return signal[chance.permutation(len(signal))]


def copied(signal: Signal, _chance: np.random.Generator) -> Signal:
    """Give lead I in place of all."""
    return np.repeat(signal[:1], len(signal), axis=0)


def arms_swapped(signal: Signal, _chance: np.random.Generator) -> Signal:
    """Give what the exchange of right and left arm makes of the twelve leads."""
    made = signal[[0, 2, 1, 4, 3, *range(5, 12)]].copy()
    made[0] *= -1
    return made


CHANGES: dict[str, Callable[[Signal, np.random.Generator], Signal]] = {
    "held-out, leads in random order": shuffled,
    "held-out, arms exchanged": arms_swapped,
    "held-out, upside down": lambda signal, _: -signal,
    "held-out, backwards": lambda signal, _: signal[:, ::-1],
    "held-out, twice as high": lambda signal, _: 2 * signal,
    "held-out, ten times as high": lambda signal, _: 10 * signal,
    "held-out, a tenth as high": lambda signal, _: signal / 10,
    "held-out, lead I in place of all": copied,
    "held-out, with noise of 0.3 mV": lambda signal, chance: signal + 0.3 * chance.standard_normal(signal.shape),
    "white noise of 0.1 mV": lambda signal, chance: 0.1 * chance.standard_normal(signal.shape),
    "noise like an EEG's": like_an_eeg,
    "flat": lambda signal, _: np.zeros_like(signal),
}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main()
    else:
        print("Left out: name a folder of packs.")
