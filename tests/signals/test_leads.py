"""Lead names in whatever way they are written, and limb leads that follow from I and II."""

import numpy as np
import pytest

from ecgssl_core.signals.leads import LEADS, canonical_lead, complete_limb_leads


@pytest.mark.parametrize(
    ("written", "lead"),
    [("i", "I"), ("AVR", "aVR"), ("avl", "aVL"), (" v6 ", "V6"), ("Lead II", "II"), ("DI", "I"), ("D3", "III"),
     ("L2", "II"), ("C4", "V4"), ("ECG V1", "V1"), ("MDC_ECG_LEAD_aVF", "aVF"), ("Ⅱ", "II")],
)  # fmt: skip
def test_a_lead_is_known_however_it_is_written(written: str, lead: str) -> None:
    assert canonical_lead(written) == lead


@pytest.mark.parametrize("written", ["V", "MLII", "MCL1", "ECG", "ECG1", "CH1", "V7", "-aVR", "", "II III"])
def test_a_name_that_does_not_say_its_lead_is_never_guessed(written: str) -> None:
    assert canonical_lead(written) is None


def test_limb_leads_follow_from_the_first_two() -> None:
    signal = np.random.default_rng(0).normal(size=(2, 50)).astype(np.float32)
    whole, leads, derived = complete_limb_leads(signal, ("I", "II"))
    rows = dict(zip(leads, whole, strict=True))
    assert derived == ("III", "aVR", "aVL", "aVF")
    np.testing.assert_allclose(rows["I"] + rows["III"], rows["II"], atol=1e-6)
    np.testing.assert_allclose(rows["aVR"] + rows["aVL"] + rows["aVF"], 0, atol=1e-6)
    np.testing.assert_allclose(rows["aVR"], -(rows["I"] + rows["II"]) / 2, atol=1e-6)


@pytest.mark.parametrize("leads", [LEADS, ("II", "V1"), ("I", "V1")])
def test_what_is_whole_or_does_not_suffice_stays_as_it_is(leads: tuple[str, ...]) -> None:
    signal = np.ones((len(leads), 5), dtype=np.float32)
    assert complete_limb_leads(signal, leads) == (signal, leads, ())
