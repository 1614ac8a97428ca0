"""Which channels of a polygraphic recording are ECG, by the names that recorders give them."""

import re
from collections.abc import Sequence

from ecgssl_core.signals.leads import canonical_lead, supplementary_lead

from .assemble import NOT_ECG
from .edf_header import EdfSignal
from .units import millivolts

_ECG = re.compile(r"(?<![A-Za-z])E[CK]G.*", re.IGNORECASE | re.DOTALL)
_REFERENCE = re.compile(r"[-_ ]+REF$", re.IGNORECASE)
# electrodes of the 10-20 system and its finer relatives; C1 to C6 are also German names of V1 to V6
_SITE = re.compile(r"(FP|AF|F|FC|FT|C|CP|T|TP|P|PO|O|A|M|PG|SP)(\d{1,2}|Z)|REF|AVG?|LE|CZ|ROC|LOC|E[12]")
_CHEST = re.compile(r"C[1-6]")
# EDF+ standard texts and what sleep laboratories record beside an ECG
_OTHER = (
    *("SAO2", "SOUND", "SNORE", "LIGHT", "PULSE", "ACC", "GYRO", "POS", "HR", "HEART", "LEG", "CHIN", "FLOW"),
    *("AIRFLOW", "NASAL", "THOR", "ABDO", "CHEST", "BODY", "BATT", "MIC", "ERG", "MEG", "MCG", "CO2", "ETCO2"),
    *("PRESS", "BP", "BEAT", "TRIG", "MARK", "DC", "PPG", "GSR", "EDA", "IMPED", "FECG", "SPIRO"),
)


def lead_words(label: str) -> str:
    """Give what a label says of the lead: `EEG EKG1-REF` says EKG1, `ECG V1-Ref` says ECG V1."""
    named = _ECG.search(label)
    return _REFERENCE.sub("", named[0] if named else label).strip()


def ecg_channels(signals: Sequence[EdfSignal]) -> list[EdfSignal]:
    """Give the channels that are ECG.

    Where a name says ECG or EKG, those that do, and standard leads; else all that may be one: their unit is a voltage
    or not said, and their names are neither EEG sites nor other known signals.
    """
    plain = [signal for signal in signals if not signal.is_annotation]
    named = {signal for signal in plain if _ECG.search(signal.label)}
    has_chest = _has_german_chest(plain)
    leads = {signal for signal in plain if _is_lead(signal, has_chest)}
    maybe = set() if named else {signal for signal in plain if _may_be_ecg(signal)}
    kept = named | leads | maybe
    return [signal for signal in plain if signal in kept]


def _has_german_chest(signals: Sequence[EdfSignal]) -> bool:
    """Say whether C1 to C6 are V1 to V6: beside limb leads and no other EEG site, for C3 and C4 are its commonest."""
    sites = (signal for signal in signals if _is_site(signal.label) and not _CHEST.fullmatch(signal.label.upper()))
    return not any(sites) and any(canonical_lead(signal.label) == "II" for signal in signals)


def _is_lead(signal: EdfSignal, has_chest: bool) -> bool:
    words = lead_words(signal.label)
    if _CHEST.fullmatch(words.upper()) and not _ECG.search(signal.label):
        return has_chest
    if supplementary_lead(words) and words.upper() in "XYZ":
        return _is_voltage(signal.unit)  # an accelerometer has the same names
    return canonical_lead(words) is not None or supplementary_lead(words) is not None


def _may_be_ecg(signal: EdfSignal) -> bool:
    words = re.split(r"[^A-Z0-9]+", signal.label.upper())
    is_other = any(word.startswith((*NOT_ECG, *_OTHER)) for word in words)
    return _is_voltage(signal.unit) and not is_other and not _is_site(signal.label)


def _is_site(label: str) -> bool:
    words = [word for word in re.split(r"[^A-Z0-9]+", label.upper().removeprefix("POL ")) if word]
    return bool(words) and all(_SITE.fullmatch(word) for word in words)


def _is_voltage(unit: str) -> bool:
    return not unit or millivolts(unit) is not None or unit[-1] in "vV"
