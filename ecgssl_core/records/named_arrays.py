"""Arrays by name as one ECG: which is the signal, along which axis its leads lie, and what names them."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import EmptyFile, LimitError, UnknownFormat

from .assemble import MOST_LEADS, MOST_SAMPLES
from .columns import FEWEST, Column, draft_of, is_lead, named_unit
from .draft import Draft
from .notes import plain_key, role_of, told_from
from .time_axis import is_time

SIGNALS = (
    "signal", "signals", "sig", "ecg", "ecgs", "ekg", "val", "data", "psignal", "dsignal", "record", "samples",
    "values", "waveform", "waveforms", "tracing", "tracings", "x", "ecgdata", "ecgsignal", "rawdata", "arr0",
)  # fmt: skip

Array = NDArray[np.generic]


def draft_from(file: str, form: str, arrays: Mapping[str, Array], values: Mapping[str, object]) -> Draft:
    """Give the draft of a set of arrays: one matrix beside a rate and names, or one array a lead.

    Args:
        file: its name, for sentences.
        form: its format, as people are shown it.
        arrays: numeric, by name; a single number among them may be a rate.
        values: texts and lists of texts, by name.

    Raises:
        RecordError: there is no signal among them, or more than one that may be it.
    """
    single = {key: array.reshape(-1)[0].item() for key, array in arrays.items() if array.size == 1}
    told, names = told_from({**values, **single})
    plain = {key: array for key, array in arrays.items() if array.size > 1 and not role_of(key)}
    lines = {key: array for key, array in plain.items() if max(array.shape) == array.size}
    leads = {key: array for key, array in lines.items() if is_lead(named_unit(key)[0])}
    times = {key: array for key, array in lines.items() if is_time(named_unit(key)[0])}
    if leads:
        columns = [Column(key, floats(array.reshape(-1))) for key, array in leads.items()]
    else:
        matrices = {key: array for key, array in plain.items() if key not in times and max(array.shape) >= FEWEST}
        columns = columns_of_matrix(file, _only(file, matrices), names)
    clocks = [Column(key, floats(array.reshape(-1))) for key, array in times.items()]
    length = len(columns[0].values)
    return draft_of(file, form, [*(each for each in clocks if len(each.values) == length), *columns], told)


def columns_of_matrix(file: str, array: Array, names: Sequence[str]) -> list[Column]:
    """Give the leads of a matrix, whichever axis they lie along.

    Names decide where there are any; else the axis that is short enough for leads, where the other one is not.

    Args:
        file: its name, for sentences.
        array: (samples,), (samples, leads), (leads, samples), or one of these after an axis of length one.
        names: of the leads; none where the file does not name them.

    Raises:
        RecordError: the array has another shape, or one that fits either way.
    """
    if array.size > MOST_SAMPLES:
        raise LimitError(file, "The array is longer than may be opened at once; cut it into shorter ones.")
    if array.ndim == 3 and array.shape[0] == 1:
        array = array[0]
    if array.ndim == 1:
        array = array[np.newaxis]
    if array.ndim != 2:
        raise UnknownFormat(file, f"The array has {array.ndim} axes; give one record as leads by samples.")
    rows = floats(_leads_first(file, array, len(names)))
    named = tuple(names) if len(names) == len(rows) else ("",) * len(rows)
    return [Column(name, np.ascontiguousarray(row)) for name, row in zip(named, rows, strict=True)]


def floats(array: Array) -> NDArray[np.float64]:
    """Give numbers of any kind as float64."""
    with np.errstate(invalid="ignore"):  # a signalling NaN is a missing sample like any other
        return array.astype(np.float64)


def _leads_first(file: str, array: Array, named: int) -> Array:
    first, second = array.shape
    if max(first, second) < FEWEST:
        raise EmptyFile(file, f"The array is {first} by {second}; an ECG has at least {FEWEST} samples.")
    if named and (first == named) != (second == named):
        return array if first == named else array.T
    if (first <= MOST_LEADS) == (second <= MOST_LEADS) or first == second:
        told = f"The array is {first} by {second}; at most {MOST_LEADS} leads are read, and one axis must be theirs."
        raise UnknownFormat(file, told)
    return array if first <= MOST_LEADS else array.T


def _only(file: str, matrices: Mapping[str, Array]) -> Array:
    """Give the one array that is the signal: the only one, or the only one that is called so."""
    if not matrices:
        raise EmptyFile(file, "The file holds no array that is long enough for an ECG.")
    called = [key for key in matrices if plain_key(key) in SIGNALS]
    chosen = called if called else list(matrices)
    if len(chosen) > 1:
        raise UnknownFormat(file, f"The file holds {len(chosen)} arrays that may be the ECG; call one of them signal.")
    return matrices[chosen[0]]
