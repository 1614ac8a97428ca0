"""The likely answers to open questions, on real recordings that are made to keep silent."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.records import Record
from ecgssl_core.records.assemble import assemble
from ecgssl_core.records.candidates import lead_choices, unit_choices
from ecgssl_core.records.draft import Channel, Draft
from ecgssl_core.records.read import gather, read_records
from ecgssl_core.signals.leads import LEADS


@pytest.fixture(scope="module")
def records(real: Callable[[str], Path]) -> list[Record]:
    paths = sorted((real("ludb") / "data").glob("*.hea"))[:20]
    return [read_records(gather([path])[0]).records[0] for path in paths]


def silent(record: Record, size_mv: float = 1.0, names: bool = True, order: tuple[str, ...] = LEADS) -> Record:
    rows = [record.signal[record.leads.index(lead)] / size_mv for lead in order]
    channels = tuple(
        Channel(lead if names else "", row.astype(float), None, 1.0) for lead, row in zip(order, rows, strict=True)
    )
    return assemble("a", Draft("a", "made", record.rate, channels))


@pytest.mark.parametrize(("unit", "size"), [("mV", 1.0), ("uV", 1e-3), ("V", 1e3), ("nV", 1e-6)])
def test_the_true_unit_is_the_likeliest_of_those_a_thousand_apart(
    records: list[Record], unit: str, size: float
) -> None:
    for record in records:
        likely = [choice.unit for choice in unit_choices(silent(record, size), 7) if choice.likely]
        assert unit in likely
        assert not {"mV", "uV", "V", "nV"} & set(likely) - {unit}


def test_the_order_of_twelve_channels_is_told_by_their_sums(real: Callable[[str], Path]) -> None:
    given = ("I", "II", "III", "aVR", "aVF", "aVL", *LEADS[6:])
    paths = sorted(real("cinc2020").rglob("HR*.hea"))[:20]
    twelve = [read_records(gather([path])[0]).records[0] for path in paths]
    assert len(twelve) == 20
    for record in twelve:
        fitting = [choice.leads for choice in lead_choices(silent(record, names=False, order=given)) if choice.fits]
        assert fitting == [given]


def test_eight_channels_cannot_tell_their_order(records: list[Record]) -> None:
    eight = ("I", "II", *LEADS[6:])
    choices = lead_choices(silent(records[0], names=False, order=eight))
    assert {choice.miss for choice in choices} == {None}
    assert choices[0].leads == eight


def test_a_flat_record_has_choices_and_none_is_likely(records: list[Record]) -> None:
    flat = silent(replace(records[0], signal=np.zeros_like(records[0].signal)))
    assert not any(choice.likely for choice in unit_choices(flat))
