"""Made ECGs: a small corpus of invented recordings whose labels are true by construction, for trying things out.

No person's heart made any of them, and no score on them says anything about one's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import CorpusError, OwnFault
from ecgssl_core.signals.leads import LEADS

RATE, SECONDS, COUNTS_PER_MV = 250, 10, 1000
# mV of P, R and T in each lead, of an axis of about 45 degrees
_SIZES = np.array(
    [
        *[(0.10, 0.9, 0.25), (0.15, 1.2, 0.35), (0.05, 0.3, 0.10), (-0.12, -1.0, -0.30), (0.03, 0.3, 0.08)],
        *[(0.10, 0.8, 0.22), (0.06, -0.6, 0.12), (0.08, 0.5, 0.4), (0.09, 0.9, 0.45), (0.10, 1.3, 0.4)],
        *[(0.09, 1.2, 0.35), (0.08, 1.0, 0.3)],
    ]
)


@dataclass(frozen=True)
class Rhythm:
    """A kind of made ECG: its SNOMED CT code, beats a minute, how unequal they are, P waves, width of the QRS in ms."""

    code: str
    slowest: float
    fastest: float
    unequal: float = 0.02
    p_waves: bool = True
    qrs_ms: float = 90.0


RHYTHMS = (
    Rhythm("426783006", 62, 95),  # sinus rhythm
    Rhythm("426177001", 38, 55),  # sinus bradycardia
    Rhythm("427084000", 108, 150),  # sinus tachycardia
    Rhythm("164889003", 70, 130, unequal=0.22, p_waves=False),  # atrial fibrillation
    Rhythm("164909002", 60, 95, qrs_ms=150.0),  # left bundle branch block
)


def make_corpus(folder: Path, records: int, seed: int = 0, said: Callable[[str], None] | None = None) -> None:
    """Write a corpus of made ECGs into a new folder, as WFDB with diagnosis lines, each kind equally often.

    Args:
        folder: made here; it may not be there yet.
        records: how many.
        seed: the same seed makes the same ECGs.
        said: is told what was made.

    Raises:
        CorpusError: the folder is there already.
        OwnFault: the disk refused.
    """
    chance = np.random.default_rng(seed)
    try:
        folder.mkdir(parents=True)
        for place in range(records):
            _write(folder, f"made{place:05d}", RHYTHMS[place % len(RHYTHMS)], chance)
    except FileExistsError as error:
        raise CorpusError(f"There is a folder {folder.name} already; name one that is not there yet.") from error
    except OSError as error:
        raise OwnFault(f"The made ECGs could not be written ({error.strerror}).") from error
    if said is not None:
        said(f"{records} made ECGs of {len(RHYTHMS)} kinds: invented, from nobody's heart")


def made_signal(rhythm: Rhythm, chance: np.random.Generator) -> NDArray[np.float64]:
    """Give twelve leads (leads, samples) of a rhythm in mV, with noise and a wandering baseline."""
    time = np.arange(RATE * SECONDS) / RATE
    beat_s = 60 / chance.uniform(rhythm.slowest, rhythm.fastest)
    lengths = beat_s * np.clip(chance.normal(1, rhythm.unequal, 60), 0.5, 1.8)
    beats = np.cumsum(lengths) - chance.uniform(0, beat_s)
    beats = beats[beats < SECONDS + 1]
    width = rhythm.qrs_ms / 1000
    t_after = 0.26 * np.sqrt(beat_s) + 0.3 * width  # the T wave comes sooner where the heart is fast
    waves = np.stack(
        [
            _bells(time, beats - 0.09 - width / 2, 0.02) * rhythm.p_waves,
            _bells(time, beats, width / 5) - 0.25 * _bells(time, beats + width / 2.2, width / 8),
            _bells(time, beats + t_after, 0.045) * (1 if width < 0.12 else -0.8),
        ]
    )
    sizes = _SIZES * chance.uniform(0.7, 1.3, _SIZES.shape[1])
    wander = 0.08 * np.sin(2 * np.pi * (chance.uniform(0.1, 0.4) * time + chance.random((len(LEADS), 1))))
    noise = chance.normal(0, chance.uniform(0.005, 0.02), (len(LEADS), len(time)))
    return np.asarray(sizes @ waves + wander + noise)


def _bells(time: NDArray[np.float64], centres: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    return np.asarray(np.exp(-0.5 * ((time[:, None] - centres) / width) ** 2).sum(axis=1))


def _write(folder: Path, name: str, rhythm: Rhythm, chance: np.random.Generator) -> None:
    counts = np.rint(made_signal(rhythm, chance) * COUNTS_PER_MV).astype("<i2")
    sums = counts.astype(np.int64).sum(axis=1).astype(np.int16)
    signals = [
        f"{name}.dat 16 {COUNTS_PER_MV}/mV 16 0 {row[0]} {total} 0 {lead}"
        for lead, row, total in zip(LEADS, counts, sums, strict=True)
    ]
    known = [f"# Age: {chance.integers(20, 90)}", f"# Sex: {chance.choice(['Male', 'Female'])}", f"# Dx: {rhythm.code}"]
    first = f"{name} {len(LEADS)} {RATE} {counts.shape[1]}"
    (folder / f"{name}.hea").write_text("\n".join([first, *signals, *known, "# Made: no person's ECG"]) + "\n")
    (folder / f"{name}.dat").write_bytes(counts.T.tobytes())
