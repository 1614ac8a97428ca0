"""Whether what a class is said to lean on is what it leans on: deletion and randomisation checks over held-out records.

`python -m benchmarks.attribution PACK [RECORDS]`, of records of a labelled pack that the released model has not seen.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import spearmanr

from ecgssl_core.corpus.pack import Pack, open_pack
from ecgssl_core.inference.attribution import attribute
from ecgssl_core.inference.card import default_model
from ecgssl_core.inference.predict import predict
from ecgssl_core.inference.statements import calibration_of
from ecgssl_core.inference.windows import record_logits, score_each
from ecgssl_core.models.bundle import Bundle, load_bundle, load_network
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.records import Record
from ecgssl_core.signals.spec import cut_windows

RECORDS, SECONDS = 50, 5.0  # of each record its first seconds
STEPS = 16
SHARE, DRAWS, CHUNK_S, MOMENT_S = 0.1, 10, 0.1, 0.25
RANDOMISED, RANDOM_STEPS = 6, 8
REPLICATES = 10_000
Map = NDArray[np.float64]
Mask = NDArray[np.bool_]


def main() -> None:
    """Print the drops of the probability, their differences with intervals, and how maps of random networks compare."""
    torch.set_num_threads(1)
    pack = open_pack(Path(sys.argv[1]))
    count = int(sys.argv[2]) if len(sys.argv) > 2 else RECORDS
    model = default_model()
    bundle, network = load_bundle(model), load_network(model)
    drops: dict[str, list[float]] = defaultdict(list)
    names, gaps, agreement, seconds = [], [], defaultdict(list), []
    for record, code in chosen(bundle, pack, count):
        start = time.perf_counter()
        found = attribute(network, bundle.manifest, record, code, steps=STEPS)
        seconds.append(time.perf_counter() - start)
        gaps.append(found.gap)
        names.append(bundle.manifest.labels.names[bundle.manifest.labels.codes.index(code)])
        assert found.signal is not None
        for name, drop in deleted(bundle, record, code, found.signal.astype(np.float64), len(names)).items():
            drops[name].append(drop)
        if len(names) <= RANDOMISED:
            for name, other in randomised(network).items():
                strange = attribute(other, bundle.manifest, record, code, steps=RANDOM_STEPS).signal
                assert strange is not None
                agreement[name].append(spearmanr(np.abs(found.signal).ravel(), np.abs(strange).ravel()).statistic)
        print(json.dumps([names[-1], gaps[-1], {name: values[-1] for name, values in drops.items()}]), file=sys.stderr)
    report(drops, names, gaps, agreement, seconds)


def chosen(bundle: Bundle, pack: Pack, count: int) -> Iterator[tuple[Record, str]]:
    """Give unseen records, evenly over the pack, each with its likeliest class among those above their threshold."""
    seen = set(bundle.manifest.training.seen)
    fits = [row for row, digest in enumerate(pack.table["sha256"]) if digest not in seen]
    found = 0
    for row in np.random.default_rng(0).permutation(fits):
        record = of_pack(pack, int(row), round(SECONDS * pack.rate))
        positive = [finding for finding in predict(bundle, record).findings if finding.positive]
        if positive:
            yield record, max(positive, key=lambda one: one.probability).code
            found += 1
        if found == count:
            return


def of_pack(pack: Pack, row: int, samples: int | None = None) -> Record:
    """Give a row of a pack, or its first samples, as a record."""
    leads, step = pack.leads, float(pack.table["scale_mv"].iloc[row])
    units = dict.fromkeys(leads, "file")
    name = str(pack.table["key"].iloc[row])
    return Record(
        name, pack.signal(row, 0, samples), pack.rate, leads, units, (step,) * len(leads), None, None, "pack", (), ()
    )  # type: ignore[arg-type]


def deleted(bundle: Bundle, record: Record, code: str, signal: Map, seed: int) -> dict[str, float]:
    """Give by how much the probability falls where a tenth of a record is held at its leads' medians."""
    place, chance = bundle.manifest.labels.codes.index(code), np.random.default_rng(seed)
    chunk, moment = (round(length * bundle.input.rate) for length in (CHUNK_S, MOMENT_S))
    levels = np.median(record.signal, axis=1, keepdims=True)
    own, moments = top(signal), np.zeros(signal.shape, dtype=int) + np.arange(signal.shape[1]) // moment
    masks = {
        "integrated gradients, points": own,
        "integrated gradients, pieces": top(spread(pieces(signal, chunk), signal, chunk)),
        "integrated gradients, points, without sign": top(np.abs(signal)),
        "signal height, points": top(np.abs(record.signal - levels)),
    }
    draws: dict[str, Callable[[], Mask]] = {
        "random points": lambda: top(chance.random(signal.shape)),
        "random pieces": lambda: top(spread(chance.random(pieces(signal, chunk).shape), signal, chunk)),
        "the map's own points, moved": lambda: np.roll(own[chance.permutation(len(own))], chance.integers(1e6), axis=1),
    }
    drawn = [(name, draw()) for name, draw in draws.items() for _ in range(DRAWS)]
    muted = [moments == one for one in range(moments.max() + 1)]
    falls = drops_of(bundle, record, [*masks.values(), *(mask for _, mask in drawn), *muted], place)
    found = dict(zip(masks, falls, strict=False))
    by_chance = falls[len(masks) : len(masks) + len(drawn)]
    for name in draws:
        found[name] = float(np.mean([fall for (kind, _), fall in zip(drawn, by_chance, strict=True) if kind == name]))
    by_occlusion = top(np.array(falls[-len(muted) :])[moments])
    found["occlusion of all leads, moments"] = drops_of(bundle, record, [by_occlusion], place)[0]
    return found


def drops_of(bundle: Bundle, record: Record, masks: list[Mask], place: int) -> list[float]:
    """Give by how much each mask, held at its leads' medians, lowers the calibrated probability of a class."""
    levels = np.median(record.signal, axis=1, keepdims=True)
    signals = [record.signal, *(np.where(mask, levels, record.signal).astype(np.float32) for mask in masks)]
    scores = score_each(bundle.model, [cut_windows(signal, bundle.input) for signal in signals])
    calibration = calibration_of(bundle.manifest)
    found = [float(calibration.apply(record_logits(one.logits))[place]) for one in scores]
    return [found[0] - after for after in found[1:]]


def top(values: Map) -> Mask:
    """Give where the highest tenth of values lies."""
    number = round(SHARE * values.size)
    mask = np.zeros(values.size, dtype=bool)
    mask[np.argsort(-values.ravel(), kind="stable")[:number]] = True
    return mask.reshape(values.shape)


def pieces(values: Map, chunk: int) -> Map:
    """Give the sums over pieces of each lead, (leads, pieces); what is left at the end joins the last."""
    return np.add.reduceat(values, np.arange(0, values.shape[1] - chunk + 1, chunk), axis=1)


def spread(values: Map, like: Map, chunk: int) -> Map:
    """Give the value of its piece to each sample."""
    return values[:, np.minimum(np.arange(like.shape[1]) // chunk, values.shape[1] - 1)]


def randomised(network: Classifier) -> dict[str, Classifier]:
    """Give the network with a random head, and with nothing but random weights (Adebayo et al. 2018)."""
    import copy

    torch.manual_seed(0)
    headless, whole = copy.deepcopy(network), copy.deepcopy(network)
    for modules in (headless.head.modules(), whole.modules()):
        for module in modules:
            if hasattr(module, "weight") and module.weight is not None and module.weight.ndim > 1:
                torch.nn.init.kaiming_uniform_(module.weight)
    return {"random head": headless, "random network": whole}


def report(
    drops: dict[str, list[float]],
    names: list[str],
    gaps: list[float],
    agreement: dict[str, list[float]],
    seconds: list[float],
) -> None:
    """Print all figures; each difference is paired, its interval a bootstrap over records."""
    chance = np.random.default_rng(0)
    rows = chance.integers(0, len(names), (REPLICATES, len(names)))

    def interval(values: list[float]) -> str:
        numbers = np.array(values)
        low, high = np.percentile(numbers[rows].mean(axis=1), [2.5, 97.5])
        return f"{numbers.mean():.4f} | {low:.4f} to {high:.4f}"

    randoms = [name for name in drops if name.startswith(("random", "the map"))]
    print(f"{len(names)} records; gap {np.median(gaps):.4f} median, {np.max(gaps):.4f} largest; ", end="")
    print(f"{np.median(seconds):.1f} s a record")
    print("| removed | mean fall | 95 % |\n|---|---|---|")
    for name, values in drops.items():
        print(f"| {name} | {interval(values)} |")
    print("| difference | mean | 95 % | records where larger |\n|---|---|---|---|")
    for name in [name for name in drops if name not in randoms]:
        for other in randoms:
            differences = [one - two for one, two in zip(drops[name], drops[other], strict=True)]
            larger = sum(one > 0 for one in differences)
            print(f"| {name} − {other} | {interval(differences)} | {larger} of {len(differences)} |")
    print("| class | records | by points | by random points | by random pieces |\n|---|---|---|---|---|")
    for name in sorted(set(names)):
        of = [place for place, one in enumerate(names) if one == name]
        means = [
            np.mean([drops[key][place] for place in of])
            for key in ("integrated gradients, points", "random points", "random pieces")
        ]
        print(f"| {name} | {len(of)} | {' | '.join(f'{mean:.3f}' for mean in means)} |")
    for name, values in agreement.items():
        print(f"{name}: Spearman {np.mean(values):.3f} (sd {np.std(values):.3f}, {len(values)} records)")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main()
    else:
        print("Left out: name a pack of labelled records.")
