"""JSON: arrays by lead, a matrix with names, rows of values or a bare array, and a rate and a unit where said."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.errors import BrokenFile, EmptyFile, LimitError, UnknownFormat
from ecgssl_core.records.assemble import MOST_LEADS
from ecgssl_core.records.columns import FEWEST, is_lead, named_unit
from ecgssl_core.records.draft import Draft
from ecgssl_core.records.named_arrays import draft_from
from ecgssl_core.records.notes import plain_key, role_of
from ecgssl_core.records.text_bytes import JSON

NAME, GENERAL = "JSON", True
_LARGEST = 24 << 20  # a number takes up to twenty bytes as text, and sixty as an object of Python
_DEEPEST, _MOST_KEYS = 16, 100_000
_NAMES_OF_LEADS = ("lead", "leadname", "name", "channel", "label")


Array = NDArray[np.generic]


def takes(name: str, content: bytes) -> bool:
    """Say whether a file is JSON with an array in it, by its first bytes; other readers' JSON is left to them."""
    del name
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return JSON.match(head) is not None and b"[" in content


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the record in a JSON document.

    Args:
        name: of the document, among the files.
        files: the uploaded set; no other file is looked at.

    Raises:
        RecordError: it is damaged, too deep or too large, or holds no signal that can be told from the rest.
    """
    tree = _tree(name, files[name])
    if isinstance(tree, list):
        tree = _from_list(name, tree)
    arrays, values = _gathered(name, tree)
    if not arrays:
        raise EmptyFile(name, "The document holds no array of numbers that is long enough for an ECG.")
    return draft_from(name, NAME, arrays, values)


def _tree(name: str, content: bytes) -> Any:
    if len(content) > _LARGEST:
        raise LimitError(name, "The document is larger than 24 MiB; save the record as CSV or NPY.")
    if b"\0" in content:
        raise BrokenFile(name, "The document holds bytes that are no text; copy or export it again.")
    letters = np.frombuffer(content, np.uint8)
    opening, closing = (letters == 0x5B) | (letters == 0x7B), (letters == 0x5D) | (letters == 0x7D)
    if (np.cumsum(opening.astype(np.int32) - closing)).max() > _DEEPEST:
        raise LimitError(name, f"The document is more than {_DEEPEST} levels deep; save the record as CSV or NPY.")
    try:
        return json.loads(content.removeprefix(b"\xef\xbb\xbf"), object_pairs_hook=_object)
    except MemoryError as error:
        raise LimitError(name, "The document needs more memory than one file may have; save it as CSV.") from error
    except (ValueError, RecursionError) as error:
        raise BrokenFile(name, "The document is no whole JSON; copy or export it again.") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _from_list(name: str, items: list[Any]) -> dict[str, Any]:
    """Give a list as an object: of rows (each with all leads), of leads (each with its samples), or of numbers."""
    if not items:
        raise EmptyFile(name, "The document holds an empty list.")
    if not all(isinstance(item, dict) for item in items):
        return {"signal": items}
    keys = set(items[0])
    if any(set(item) != keys for item in items):
        raise BrokenFile(name, "The rows of the document do not have the same names; export it again.")
    if any(isinstance(value, list) for value in items[0].values()):
        return _leads_of(name, items)
    return {key: [item[key] for item in items] for key in items[0]}


def _leads_of(name: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Give leads of which each is an object of a name, samples, and what else is said of it."""
    if len(items) > MOST_LEADS:
        raise LimitError(name, f"The document holds {len(items)} leads; at most {MOST_LEADS} are read.")
    leads: dict[str, Any] = {}
    for at, item in enumerate(items):
        title = next((value for key, value in item.items() if plain_key(key) in _NAMES_OF_LEADS), None)
        samples = [value for value in item.values() if isinstance(value, list) and len(value) >= FEWEST]
        if len(samples) != 1 or not isinstance(title, str) or title in leads:
            raise UnknownFormat(name, f"Lead {at + 1} of the document has not one name and one list of samples.")
        units = [value for key, value in item.items() if role_of(key) == "unit" and isinstance(value, str)]
        leads[f"{title} ({units[0]})" if units else title] = samples[0]
        leads |= {key: value for key, value in item.items() if role_of(key) == "rate"}
    return leads


def _gathered(name: str, tree: dict[str, Any]) -> tuple[dict[str, Array], dict[str, object]]:
    """Give the arrays and the single values of an object, and of the objects in it that hold leads or a signal."""
    arrays: dict[str, Array] = {}
    values: dict[str, object] = {}
    for key, value in tree.items():
        if isinstance(value, dict) and not value.keys() & arrays.keys():
            inner_arrays, inner_values = _gathered(name, value)
            arrays |= inner_arrays
            values |= {key: each for key, each in inner_values.items() if key not in values}
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            inner_arrays, inner_values = _gathered(name, _from_list(name, value))
            arrays, values = arrays | inner_arrays, inner_values | values
        elif isinstance(value, list) and value and isinstance(value[0], str):
            values[key] = [each for each in value if isinstance(each, str)]
        elif isinstance(value, list):
            if len(value) >= FEWEST or (value and isinstance(value[0], list)):
                arrays[key] = _numbers(name, key, value)
        elif isinstance(value, int | float | str):
            values[key] = value
        if len(arrays) + len(values) > _MOST_KEYS:
            raise LimitError(name, "The document holds more names than any ECG; save the record as CSV or NPY.")
    return arrays, values


def _numbers(name: str, key: str, items: list[Any]) -> Array:
    """Give a list of numbers, or of lists of one length, as an array; null is a missing sample."""
    called = f"Lead {key[:40]}" if is_lead(named_unit(key)[0]) else "An array"
    rows = items if isinstance(items[0], list) else [items]
    if not all(isinstance(row, list) for row in rows) or len({len(row) for row in rows}) > 1:
        raise BrokenFile(name, f"{called} has rows of different lengths; export the document again.")
    if not rows[0]:
        raise EmptyFile(name, f"{called} holds no number.")
    kinds = {kind for row in rows for kind in set(map(type, row))}
    if not kinds <= {int, float, type(None)}:
        raise BrokenFile(name, f"{called} holds something that is no number; export the document again.")
    try:
        array = np.array([[np.nan if each is None else each for each in row] for row in rows], dtype=np.float64)
    except OverflowError as error:
        raise BrokenFile(name, f"{called} holds a number beyond any voltage; export the document again.") from error
    return array if isinstance(items[0], list) else array[0]
