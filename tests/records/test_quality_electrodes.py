"""Exchanged electrodes: made by algebra out of real records, named where beats tell, seldom seen where none are."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.records import Issue, Record, gather, read_records
from ecgssl_core.records.arrangements import NEEDED, all_features, arrangements, frontal_names
from ecgssl_core.records.electrode_swaps import check_electrodes
from ecgssl_core.records.frozen import frozen_columns, frozen_values
from ecgssl_core.records.heartbeats import find_heartbeats
from ecgssl_core.records.lead_checks import bands
from ecgssl_core.signals.leads import complete_limb_leads
from tests.records.changed import Signal, changed, clean_record


def _swaps(record: Record) -> tuple[Issue, ...]:
    return tuple(check_electrodes(record, find_heartbeats(record, bands(record))))


def _limbs(rows: tuple[tuple[float, float], tuple[float, float]]) -> Callable[[Signal], Signal]:
    def change(signal: Signal) -> Signal:
        arms = (np.array(rows) @ signal[:2]).astype(np.float32)
        whole, leads, _ = complete_limb_leads(arms, ("I", "II"))
        return np.concatenate([whole[[leads.index(lead) for lead in NEEDED[:2]]], whole[2:], signal[6:]])

    return change


def _right_leg(signal: Signal) -> Signal:
    """Give the record with RA on the right leg: II is what is left between both legs."""
    swapped = _limbs(((1, -1), (0, 0.03)))(signal)
    swapped[6:] -= signal[1] / 3
    return swapped


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (((-1, 0), (-1, 1)), "RA and LA"),
        (((1, -1), (0, -1)), "RA and LL"),
        (((-1, 1), (-1, 0)), "in turn"),
        (((0, -1), (1, -1)), "in turn"),
    ],
)
def test_exchanged_limb_electrodes_are_named(rows: tuple[tuple[float, float], tuple[float, float]], words: str) -> None:
    (issue,) = _swaps(changed(clean_record(), _limbs(rows)))
    assert words in issue.sentence
    assert issue.severity == "warn"
    assert issue.remedy


def test_an_electrode_on_the_right_leg_leaves_a_silent_lead() -> None:
    (issue,) = _swaps(changed(clean_record(), _right_leg))
    assert issue.lead == "II"
    assert "RL" in issue.sentence


def test_chest_leads_in_reverse_and_an_inverted_record_are_named() -> None:
    def reverse(signal: Signal) -> Signal:
        return np.concatenate([signal[:6], signal[:5:-1]])

    (turned,), (inverted,) = (
        _swaps(changed(clean_record(), reverse)),
        _swaps(changed(clean_record(), lambda signal: -signal)),
    )
    assert "reverse" in turned.sentence
    assert "upside down" in inverted.sentence


def test_few_clean_records_are_doubted_and_most_exchanges_of_the_arms_are_seen(real: Callable[[str], Path]) -> None:
    headers = sorted((real("cinc2020") / "ptb-xl").glob("*.hea"))[::30]
    records = [read_records(gather([header])[0]).records[0] for header in headers]
    doubted = [record.name for record in records if _swaps(record)]
    seen = [record.name for record in records if _swaps(changed(record, _limbs(((-1, 0), (-1, 1)))))]
    assert len(doubted) <= 1, doubted
    assert len(seen) >= 0.9 * len(records)


def test_a_record_without_the_leads_is_not_judged() -> None:
    record = clean_record()
    beats = find_heartbeats(record, bands(record))
    assert tuple(check_electrodes(Record(**{**vars(record), "leads": ("A",) * 12}), beats)) == ()


def test_the_frozen_tables_fit_the_features_and_the_arrangements() -> None:
    features = all_features(np.random.default_rng(0).normal(size=(8, 95)))
    limb, other = frozen_columns("arrangements.csv", ("limb", "other"))
    assert features.shape == (len(arrangements()), len(limb))
    assert not limb[len(frontal_names()) :].any()
    assert len(other) == len(limb)
    assert {one.name for one in arrangements()[1:]} <= frozen_values("swap_limits.csv").keys()
