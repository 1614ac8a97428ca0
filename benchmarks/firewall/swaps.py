"""Exchanged electrodes, made by algebra out of real records, on the half of the patients that nothing was tuned on."""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.records import Record
from ecgssl_core.records.arrangements import CHEST, NEEDED, arrangements
from ecgssl_core.records.electrode_swaps import check_electrodes
from ecgssl_core.records.heartbeats import find_heartbeats
from ecgssl_core.records.lead_checks import Bands, bands
from ecgssl_core.signals.leads import complete_limb_leads

from .recordings import recordings
from .shares import share

# the leg of the other side has nearly the same potential: what is left of a lead between legs, as a share of lead II
# and as noise in mV
LEGS, LEGS_MV = 0.03, 0.005
# rows make I and II of I and II; the last, what all chest leads lose, as Wilson's terminal moves
RIGHT_LEG = {
    "RA and RL": (((1, -1), (0, 0)), (0, 1 / 3)),
    "LA and RL": (((0, 1), (0, 1)), (-1 / 3, 1 / 3)),
    "RA and RL and LA and LL": (((0, 0), (1, -1)), (0, 1 / 3)),
}
LIMB_KINDS = ("RA and LA", "LA and LL", "RA and LL", "RA/LA/LL in turn", "RA/LL/LA in turn", *RIGHT_LEG)


def report(data: Path) -> Iterator[str]:
    """Give the lines of two tables: false alarms by source, and what is found by kind."""
    alarms, found, records, by_source = Counter[str](), Counter[str](), 0, Counter[str]()
    for one in recordings(data, "cinc2020"):
        if one.tuned:
            continue
        records += 1
        by_source[one.source] += 1
        parts = bands(one.record)
        told = told_of(one.record, parts)
        alarms[one.source] += told is not None
        alarms["limb"] += told == "limb"
        for kind, record, filtered in exchanged(one.record, parts):
            told = told_of(record, filtered)
            found[kind] += told is not None
            found[f"{kind}, family"] += told == _family(kind)
    yield "| false alarms | any | limb electrodes alone |"
    yield "|---|---|---|"
    total = sum(alarms[source] for source in by_source)
    yield f"| all | {share(total, records)} | {share(alarms['limb'], records)} |"
    yield from (f"| {source} | {share(alarms[source], count)} | |" for source, count in by_source.items())
    yield ""
    yield "| exchanged | warned of | with the right family |"
    yield "|---|---|---|"
    kinds = [*LIMB_KINDS, *(one.name for one in arrangements() if one.name not in ("", *LIMB_KINDS))]
    for kind in kinds:
        yield f"| {_told(kind)} | {share(found[kind], records)} | {share(found[f'{kind}, family'], records)} |"
    mean = np.mean([found[kind] / records for kind in LIMB_KINDS])
    yield f"| mean of the {len(LIMB_KINDS)} kinds of limb electrodes | {100 * mean:.1f} % | |"
    without = np.mean([found[kind] / records for kind in LIMB_KINDS if kind != "LA and LL"])
    yield f"| the same without LA and LL | {100 * without:.1f} % | |"


def told_of(record: Record, parts: Bands) -> str | None:
    """Give whether the check speaks of limb electrodes, or of anything else; None where it is silent."""
    issues = list(check_electrodes(record, find_heartbeats(record, parts)))
    if not issues:
        return None
    return "limb" if "limb electrodes" in issues[0].sentence or issues[0].lead is not None else "other"


def exchanged(record: Record, parts: Bands) -> Iterator[tuple[str, Record, Bands]]:
    """Give the record under every exchange, with its bands: filtering and exchanging may change places."""
    for one in arrangements()[1:]:
        yield one.name, *_mapped(record, parts, one.limb, one.chest, (0, 0), 0.0)
    for kind, (limb, terminal) in RIGHT_LEG.items():
        yield kind, *_mapped(record, parts, np.array(limb, float), np.eye(6), terminal, LEGS)


def _mapped(
    record: Record,
    parts: Bands,
    limb: NDArray[np.float64],
    chest: NDArray[np.float64],
    terminal: tuple[float, float],
    legs: float,
) -> tuple[Record, Bands]:
    made = []
    for signal in (np.nan_to_num(record.signal), parts.middle):
        eight = signal[[record.leads.index(lead) for lead in NEEDED]]
        arms = limb @ eight[:2]
        if legs:
            noise = np.random.default_rng(0).normal(0, LEGS_MV, eight.shape[1])
            arms = arms + (legs * eight[1] + noise)[None]
        rest = chest @ eight[2:] - np.array(terminal) @ eight[:2]
        whole, leads, _ = complete_limb_leads(np.concatenate([arms, rest]).astype(np.float32), ("I", "II", *CHEST))
        made.append(whole[[leads.index(lead) for lead in record.leads]])
    return dataclasses.replace(record, signal=made[0]), dataclasses.replace(parts, middle=made[1])


def _family(kind: str) -> str:
    return "limb" if kind in LIMB_KINDS else "other"


def _told(kind: str) -> str:
    return f"sign of {kind}" if kind in (*CHEST, "all leads") else kind
