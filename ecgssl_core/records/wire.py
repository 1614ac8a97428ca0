"""A Reading as bytes between processes: JSON, then one block of float32; never pickle, lengths always checked."""

import dataclasses
import json
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .record import Issue, Reading, Record, Refusal, Sex, UnitSource

_LENGTH = 8
_MOST_JSON = 64 << 10  # a record or refusal
_Text = Annotated[str, Field(max_length=1000)]
_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_Finite = Annotated[float, Field(allow_inf_nan=False)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class _RecordForm(_Form):
    name: _Text
    shape: tuple[int, int]
    rate: _Positive
    leads: tuple[_Text, ...]
    units: dict[str, UnitSource]
    lsb_mv: tuple[_Positive, ...]
    age: _Finite | None
    sex: Sex | None
    format: _Text
    codes: tuple[_Text, ...]
    issues: tuple[Issue, ...]
    derived: tuple[_Text, ...]
    aside: tuple[_Text, ...]


class _ReadingForm(_Form):
    records: tuple[_RecordForm, ...]
    refused: tuple[Refusal, ...]


def encode_reading(reading: Reading) -> bytes:
    """Give a reading as bytes."""
    records = []
    for record in reading.records:
        fields = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
        del fields["signal"], fields["aside_signal"]
        fields["issues"] = [dataclasses.asdict(issue) for issue in record.issues]
        records.append({**fields, "shape": list(record.signal.shape)})
    refused = [dataclasses.asdict(refusal) for refusal in reading.refused]
    text = json.dumps({"records": records, "refused": refused}).encode()
    signals = [
        np.ascontiguousarray(rows, dtype="<f4").tobytes()
        for record in reading.records
        for rows in (record.signal, record.aside_signal)
        if rows is not None
    ]
    return b"".join([len(text).to_bytes(_LENGTH, "little"), text, *signals])


def decode_reading(content: bytes) -> Reading:
    """Give the reading in bytes that another process wrote.

    Raises:
        ValueError: they are not what `encode_reading` gives.
    """
    length = int.from_bytes(content[:_LENGTH], "little")
    try:
        form = _ReadingForm.model_validate_json(content[_LENGTH : _LENGTH + length])
    except ValidationError as error:
        raise ValueError("not a reading") from error
    if length > _MOST_JSON * max(len(form.records) + len(form.refused), 1):
        raise ValueError("more is said of the records than a reader says")
    records, place = [], _LENGTH + length
    for one in form.records:
        leads, samples = one.shape
        end = place + 4 * leads * samples
        last = end + 4 * len(one.aside) * samples
        if leads != len(one.leads) or leads != len(one.lsb_mv) or samples < 0 or last > len(content):
            raise ValueError("the signal is not what the record promises")
        signal = np.frombuffer(content[place:end], dtype="<f4").reshape(leads, samples)
        aside = np.frombuffer(content[end:last], dtype="<f4").reshape(-1, samples) if one.aside else None
        fields = {name: value for name, value in one.__dict__.items() if name != "shape"}
        records.append(Record(signal=signal, aside_signal=aside, **fields))
        place = last
    if place != len(content):
        raise ValueError("bytes are left over")
    return Reading(tuple(records), form.refused)
