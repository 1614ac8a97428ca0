"""What the lines beside a table say of it: rate, unit, leads, age and sex; nothing else of them is kept."""

import re
from collections.abc import Iterable, Mapping

from .columns import Told
from .record import Sex

_NUMBER = r"([0-9]{1,9}(?:[.,][0-9]{1,9})?)"
_SAID = r"\s*[=:;,\t ]\s*"
_RATE = re.compile(
    r"\W*(?:sampl\w*[ _-]*(?:rate|freq\w*)|frequency|freq|fs|sfreq|srate|sr|rate|abtastrate|messrate|hz)"
    rf"(?:\s*[(\[]\s*(k?hz|hertz)\s*[)\]]|_hz)?{_SAID}{_NUMBER}\s*(k?hz|hertz|samples[ /]\w+|sps)?\W*",
    re.IGNORECASE,
)
_UNIT = re.compile(rf"\W*(?:units?|einheit|unité|unidad){_SAID}[\"'(\[]?(\w{{1,12}})[\"')\]]?\W*", re.IGNORECASE)
_LEADS = re.compile(r"\W*(?:leads?|channels?|lead[ _-]names?|sig[ _]?names?)\s*[=:]\s*(.+)", re.IGNORECASE)
_GAIN = re.compile(r"\W*(?:adc[ _-]*)?(?:gain|scale|resolution|lsb)\b.*\d", re.IGNORECASE)
_AGE = re.compile(rf"\W*age{_SAID}(\d{{1,3}})\s*(?:y\w*)?\W*", re.IGNORECASE)
_SEX = re.compile(rf"\W*(?:sex|gender){_SAID}(female|male|f|m)\W*", re.IGNORECASE)

_RATE_KEYS = ("rate", "fs", "sfreq", "srate", "hz", "frequency", "freq", "sr")
_UNIT_KEYS = ("unit", "units", "signalunit", "signalunits", "voltageunit")
_LEAD_KEYS = ("leads", "leadnames", "channels", "channelnames", "columns", "signame", "signames", "names", "labels")
NOTHING: tuple[Told, tuple[str, ...]] = (Told(), ())


def told_by(lines: Iterable[str]) -> tuple[Told, tuple[str, ...]]:
    """Give what lines such as `# fs = 500` or `Unit: mV` say, and the leads that they list.

    A line about a gain or a resolution leaves the unit open: the numbers may be counts.
    """
    rate, unit, age, sex, counted = None, None, None, None, False
    leads: tuple[str, ...] = ()
    for line in lines:
        if found := _RATE.fullmatch(line):
            thousand = "k" in (found[1] or found[3] or "").casefold()
            rate = float(found[2].replace(",", ".")) * (1000 if thousand else 1)
        elif found := _UNIT.fullmatch(line):
            unit = found[1]
        elif found := _AGE.fullmatch(line):
            age = float(found[1])
        elif found := _SEX.fullmatch(line):
            sex = sex_of(found[1])
        elif _GAIN.match(line):
            counted = True
        elif found := _LEADS.fullmatch(line):
            leads = names_in(found[1])
    return Told(rate, None if counted else unit, age, sex), leads


def sex_of(word: object) -> Sex | None:
    """Give the sex that a word says, or None."""
    plain = str(word).strip().casefold()
    return "female" if plain in ("female", "f") else "male" if plain in ("male", "m") else None


def names_in(text: str) -> tuple[str, ...]:
    """Give the names in a list that is written in one line."""
    words = (word.strip("\"'[]()") for word in re.split(r"[,;|\s]+", text.strip()))
    return tuple(word for word in words if word)


def plain_key(key: str) -> str:
    """Give the bare letters of a key, in lower case: `Sampling_Rate` is `samplingrate`."""
    return re.sub(r"[^a-z0-9]", "", key.casefold())


def role_of(key: str) -> str:
    """Give what a key of a set of arrays or values stands for: rate, unit, leads, age, sex, gain or nothing known."""
    plain = plain_key(key)
    if plain in _RATE_KEYS or re.fullmatch(r"(ecg)?sampl\w*(rate|freq)\w*|rateinhz|ratehz|fshz", plain):
        return "rate"
    if plain in _UNIT_KEYS:
        return "unit"
    if plain in _LEAD_KEYS:
        return "leads"
    return plain if plain in ("age", "sex") else "gain" if re.match(r"(adc)?gain|scale|resolution|lsb", plain) else ""


def told_from(values: Mapping[str, object]) -> tuple[Told, tuple[str, ...]]:
    """Give what single values by key say, as `told_by` does of lines."""
    rate, unit, age, sex, counted = None, None, None, None, False
    leads: tuple[str, ...] = ()
    for key, value in values.items():
        role, number = role_of(key), _number(value)
        if role == "rate" and number is not None:
            rate = number
        elif role == "unit" and isinstance(value, str):
            unit = value
        elif role == "leads" and isinstance(value, str | list | tuple):
            leads = names_in(value) if isinstance(value, str) else tuple(str(name) for name in value)
        elif role == "age":
            age = number
        elif role == "sex":
            sex = sex_of(value)
        elif role == "gain" and number not in (None, 1.0):
            counted = True
    return Told(rate, None if counted else unit, age, sex), leads


def _number(value: object) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,9}(\.[0-9]{1,9})?\s*(?:[hH][zZ])?\s*", value):
        return float(value.casefold().replace("hz", ""))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e12 else None
