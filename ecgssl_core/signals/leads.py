"""The twelve standard leads: their names, in whatever way a file writes them, and those that follow from others."""

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")

# limb leads as sums of I and II (Einthoven, Goldberger)
LIMB = {"III": (-1.0, 1.0), "aVR": (-0.5, -0.5), "aVL": (1.0, -0.5), "aVF": (-0.5, 1.0)}
_PREFIX = re.compile(r"^(MDC_ECG_LEAD_|MDC_ECG_ELEC_POTL_|LEAD[ _-]*|E[CK]G[ _-]+)")
# leads beyond the twelve: Frank's, Nehb's, posterior and right-sided ones
_SUPPLEMENTARY = {
    **{name: name for name in ("V7", "V8", "V9", *(f"V{number}R" for number in range(1, 10)))},
    **dict.fromkeys(("X", "VX"), "X"), **dict.fromkeys(("Y", "VY"), "Y"), **dict.fromkeys(("Z", "VZ"), "Z"),
    **{f"NEHB {name}": f"Nehb {name}" for name in "DAJ"},
}  # fmt: skip
_SPELLINGS = {lead.upper(): lead for lead in LEADS} | {
    "D1": "I", "D2": "II", "D3": "III", "DI": "I", "DII": "II", "DIII": "III",
    "L1": "I", "L2": "II", "L3": "III", "LI": "I", "LII": "II", "LIII": "III",
    "C1": "V1", "C2": "V2", "C3": "V3", "C4": "V4", "C5": "V5", "C6": "V6",
}  # fmt: skip


def canonical_lead(name: str) -> str | None:
    """Give the standard name of a lead, or None for a name that does not say which lead it is.

    `V`, `MLII`, `MCL1`, `ECG` and `CH1` are never mapped: even their makers do not know.
    """
    plain = unicodedata.normalize("NFKC", name).strip().upper()
    return _SPELLINGS.get(_PREFIX.sub("", plain).strip())


def supplementary_lead(name: str) -> str | None:
    """Give the usual name of a Frank, Nehb, posterior or right-sided lead, or None for any other name."""
    plain = unicodedata.normalize("NFKC", name).strip().upper()
    return _SUPPLEMENTARY.get(_PREFIX.sub("", plain).strip())


def complete_limb_leads(
    signal: NDArray[np.float32], leads: tuple[str, ...]
) -> tuple[NDArray[np.float32], tuple[str, ...], tuple[str, ...]]:
    """Give the signal with the limb leads that follow from I and II added at its end.

    Args:
        signal: (leads, samples), in mV.
        leads: name of each row.

    Returns:
        The signal, its leads, and the names of those that were derived.
    """
    if "I" not in leads or "II" not in leads:
        return signal, leads, ()
    derived = tuple(lead for lead in LIMB if lead not in leads)
    if not derived:
        return signal, leads, ()
    first, second = signal[leads.index("I")], signal[leads.index("II")]
    rows = [LIMB[lead][0] * first + LIMB[lead][1] * second for lead in derived]
    return np.concatenate([signal, np.stack(rows).astype(np.float32)]), (*leads, *derived), derived
