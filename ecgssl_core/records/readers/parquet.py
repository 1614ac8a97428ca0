"""Parquet tables, one lead a column: sizes and types checked before pyarrow decodes anything."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import numpy as np

from ecgssl_core.errors import BrokenFile, EmptyFile, LimitError, UnsafeFile
from ecgssl_core.records.assemble import MOST_SAMPLES
from ecgssl_core.records.columns import Column, draft_of
from ecgssl_core.records.draft import Draft
from ecgssl_core.records.notes import told_from

NAME, GENERAL = "Parquet", False
_MAGIC = b"PAR1"
_LONGEST_FOOTER, _WIDEST = 1 << 20, 64
_UNPACKED = 256 << 20
_EXTENSION = b"ARROW:extension:name"


def takes(name: str, content: bytes) -> bool:
    """Say whether a file begins and ends as Parquet does, or has lost its end."""
    del name
    return content[:4] == _MAGIC


def read(name: str, files: Mapping[str, bytes]) -> Draft:
    """Read the record in a table whose columns are leads, and time where it is there.

    Args:
        name: of the table, among the files.
        files: the uploaded set; no other file is looked at.

    Raises:
        RecordError: the table is damaged, larger than may be opened, or would have to import a type.
    """
    content = files[name]
    length = int.from_bytes(content[-8:-4], "little")
    if len(content) < 16 or content[-4:] != _MAGIC or length > len(content) - 12:
        raise BrokenFile(name, "The table's end is missing or wrong; copy the file again.")
    if length > _LONGEST_FOOTER:
        raise LimitError(name, "The table describes more columns than any ECG has; keep the leads only.")
    import pyarrow  # takes longer to load than all else here, and only the reading process needs it
    import pyarrow.parquet

    try:
        _check(name, pyarrow.parquet.read_metadata(pyarrow.BufferReader(content)))
        source = pyarrow.BufferReader(content)
        columns, values = _columns(pyarrow.parquet.ParquetFile(source, pre_buffer=False, memory_map=False))
    except MemoryError as error:
        raise LimitError(name, "The table would unpack to more than may be opened; save it as CSV.") from error
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        raise BrokenFile(name, "The table is damaged; copy or save it again.") from error
    if not columns:
        raise EmptyFile(name, "The table holds no column of numbers; save one lead a column.")
    return draft_of(name, NAME, columns, told_from(values)[0])


def _check(name: str, metadata: Any) -> None:
    """Compare what a table promises with what may be opened, before a byte of it is unpacked."""
    columns, rows = int(metadata.num_columns), int(metadata.num_rows)
    if columns > _WIDEST:
        raise LimitError(name, f"The table has {columns} columns; at most {_WIDEST} are read.")
    if rows < 0 or rows * max(columns, 1) > MOST_SAMPLES:
        raise LimitError(name, "The table is longer than may be opened at once; cut it.")
    stated = _decoded((metadata.metadata or {}).get(b"ARROW:schema", b""))
    if _EXTENSION in stated or b"PyExtensionType" in stated:
        raise UnsafeFile(name, "The table asks for a type of its own, which is never loaded; save plain numbers.")
    # a chunk's own metadata is not asked for: pyarrow 26 ends the process where these contradict each other
    sizes = [int(metadata.row_group(group).total_byte_size) for group in range(metadata.num_row_groups)]
    if min(sizes, default=0) < 0:
        raise BrokenFile(name, "The table's size is impossible; copy or save the file again.")
    unpacked = sum(sizes)
    if unpacked > _UNPACKED:
        raise LimitError(name, "The table would unpack to more than 256 MiB; save it as CSV.")


def _decoded(schema: bytes) -> bytes:
    """Give the schema that Arrow keeps beside Parquet's own, as the bytes that it is."""
    try:
        return base64.b64decode(schema)
    except binascii.Error:
        return schema


def _columns(table: Any) -> tuple[list[Column], dict[str, object]]:
    """Give the columns of plain numbers and of times, and the texts that the table's writer put beside them."""
    from pyarrow import types

    columns = []
    for field in table.schema_arrow:
        is_number = types.is_integer(field.type) or types.is_floating(field.type)
        if not is_number and not types.is_timestamp(field.type):
            continue
        column = table.read(columns=[field.name], use_threads=False).column(0)
        unit = (field.metadata or {}).get(b"unit", b"").decode("utf-8", "replace") or None
        if types.is_timestamp(field.type):
            column, unit = column.cast("int64"), field.type.unit
        values = column.to_numpy().astype(np.float64)
        columns.append(Column(field.name, values - values[:1] if unit in ("s", "ms", "us", "ns") else values, unit))
    said = table.metadata.metadata or {}
    values = {key.decode("utf-8", "replace"): value.decode("utf-8", "replace")[:4096] for key, value in said.items()}
    return columns, values
