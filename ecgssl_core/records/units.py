"""Voltage units as files spell them."""

import unicodedata

# after NFKC the micro sign is the Greek letter
_MILLIVOLTS = {"nv": 1e-6, "μv": 1e-3, "uv": 1e-3, "mv": 1.0, "v": 1e3}


def millivolts(unit: str) -> float | None:
    """Give how many mV one of this unit is, or None for what is no known unit of voltage; upper case is no matter."""
    return _MILLIVOLTS.get(unicodedata.normalize("NFKC", unit).strip().lower())
