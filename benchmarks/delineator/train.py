"""Train the delineator: `--fold N` leaves a tenth of LUDB out, `--all` makes the shipped weights, none makes all."""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from benchmarks.delineator.batches import UNKNOWN, Piece, batches, piece_of
from benchmarks.delineator.ludb import FOLDS, LUDB, folds_of, read_ludb
from benchmarks.delineator.network import WaveNetwork, frozen
from ecgssl_core.records import delineate_network

STEPS = 1000
RATE_OF_LEARNING = 4e-3
INTO = Path.home() / ".cache" / "ecgssl-tests" / "delineator"


def main() -> None:
    """Train what was asked for and write its weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fold", type=int, help="train without this fold only, 0 to 9")
    parser.add_argument("--all", action="store_true", help="train on all records only")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--ludb", type=Path, default=LUDB, help="folder of the unpacked records")
    parser.add_argument("--into", type=Path, default=INTO, help="folder for the weights")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    pieces = [piece_of(record) for record in read_ludb(asked.ludb)]
    folds = folds_of(len(pieces))
    asked.into.mkdir(parents=True, exist_ok=True)
    for fold in _chosen(asked):
        seen = [piece for piece, own in zip(pieces, folds, strict=True) if own != fold]
        network = trained(seen, asked.steps, seed=FOLDS if fold is None else fold)
        path = asked.into / ("all.npz" if fold is None else f"fold{fold}.npz")
        np.savez(path, **frozen(network))
        print(f"{path.name}: differs from torch by at most {_difference(network, path, pieces[0]):.4f}", flush=True)


def trained(pieces: list[Piece], steps: int, seed: int) -> WaveNetwork:
    """Give a network that has seen the pieces."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    network = WaveNetwork().to(memory_format=torch.contiguous_format)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE_OF_LEARNING, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE_OF_LEARNING, total_steps=steps, pct_start=0.15)
    began, total = time.perf_counter(), 0.0
    for step, (signal, classes) in enumerate(batches(pieces, steps, chance), start=1):
        logits = network(signal).transpose(1, 2)  # (records, 4, leads, samples)
        loss = functional.cross_entropy(logits, classes, ignore_index=UNKNOWN)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total += loss.item()
        if step % 100 == 0:
            print(f"step {step}: loss {total / 100:.4f}, {time.perf_counter() - began:.0f} s", file=sys.stderr)
            total = 0.0
    return network.eval()


def _chosen(asked: argparse.Namespace) -> list[int | None]:
    if asked.fold is not None:
        return [asked.fold]
    return [None] if asked.all else [None, *range(FOLDS)]


def _difference(network: WaveNetwork, path: Path, piece: Piece) -> float:
    """Give the largest difference in probability between torch and what the frozen weights give in NumPy."""
    signal = delineate_network.scaled(piece.signal[:, ::2], delineate_network.RATE)
    signal = signal[:, : signal.shape[1] // 16 * 16]
    with torch.no_grad():
        wanted = network(torch.from_numpy(signal)[None])[0].softmax(dim=1).numpy()
    given = delineate_network.wave_chances(signal, delineate_network.read_weights(path))
    return float(np.abs(wanted - given).max())


if __name__ == "__main__":
    main()
