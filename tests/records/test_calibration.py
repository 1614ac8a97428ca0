"""Calibration pulses: found at either end, left out, and used to check the gain."""

import numpy as np
import pytest

from ecgssl_core.records.calibration import without_pulse
from ecgssl_core.records.draft import Channel
from tests.records import made_xml


def with_pulse(
    height: float = 1000.0, end: str = "last", samples: int = 100, unit: str | None = "uV"
) -> tuple[Channel, ...]:
    """Give eight leads of 600 samples in steps of 5, and 300 more that carry a pulse."""
    pulse = np.zeros(300)
    pulse[50 : 50 + samples] = height
    rows = made_xml.eight(600) * 5.0 + 40
    parts = [(row, pulse) if end == "last" else (pulse, row) for row in rows]
    leads = zip(made_xml.MUSE_LEADS, parts, strict=True)
    return tuple(Channel(lead, np.concatenate(both), unit, 5.0) for lead, both in leads)


@pytest.mark.parametrize("end", ["first", "last"])
def test_a_pulse_at_either_end_is_left_out_and_told(end: str) -> None:
    found, issues = without_pulse(with_pulse(end=end), 500.0)
    np.testing.assert_array_equal(np.stack([channel.values for channel in found]), made_xml.eight(600) * 5.0 + 40)
    assert [(issue.kind, issue.severity) for issue in issues] == [("QUAL", "note")]
    assert f"{end} 0.6 s" in issues[0].sentence


@pytest.mark.parametrize(
    ("height", "severities"), [(1040.0, ["note"]), (2000.0, ["note", "block"]), (500.0, ["note", "block"])]
)
def test_a_pulse_of_another_height_than_1_mv_puts_the_gain_in_doubt(height: float, severities: list[str]) -> None:
    assert [issue.severity for issue in without_pulse(with_pulse(height), 500.0)[1]] == severities


def test_a_pulse_in_an_unknown_unit_says_nothing_about_the_gain() -> None:
    assert len(without_pulse(with_pulse(200.0, unit=None), 500.0)[1]) == 1


def test_no_ecg_is_taken_for_a_pulse() -> None:
    rows = made_xml.eight()
    ecg = tuple(Channel(lead, row * 5.0, "uV", 5.0) for lead, row in zip(made_xml.MUSE_LEADS, rows, strict=True))
    flat = tuple(
        Channel(lead, np.concatenate([row * 5.0, np.zeros(300)]), "uV", 5.0)
        for lead, row in zip("abcdefgh", rows, strict=True)
    )
    copies = tuple(Channel(lead, with_pulse()[0].values, "uV", 5.0) for lead in "ab")
    for channels in (ecg, flat, copies, with_pulse(samples=10), with_pulse(samples=250), with_pulse()[:1]):
        assert without_pulse(channels, 500.0) == (channels, ())
    assert without_pulse(with_pulse(), None)[1] == ()
