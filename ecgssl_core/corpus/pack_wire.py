"""What goes between a pack and its reading processes: JSON, then bytes; never pickle, lengths always checked."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Protocol

import numpy as np
from pydantic import TypeAdapter

from ecgssl_core.corpus.ready import Counts, Facts, Form

LENGTH = 8
MOST_JSON = 64 << 10
MOST_QUESTION = 1 << 20
_FACTS = TypeAdapter(Facts)
_NAMES = {field.name for field in fields(Facts)}


class Stream(Protocol):
    """What questions are read from."""

    def readline(self, size: int, /) -> bytes:
        """Give the next line."""

    def read(self, size: int, /) -> bytes:
        """Give the next bytes."""


def encode_question(form: Form, files: Mapping[str, bytes]) -> bytes:
    """Give the line that goes before the files of a record: what is wanted of it, and the name and length of each."""
    index = [[name, len(content)] for name, content in files.items()]
    return json.dumps({"form": asdict(form), "files": index}).encode() + b"\n"


def read_question(stream: Stream) -> tuple[Form, dict[str, bytes]] | None:
    """Give the next question of a stream, None at its end."""
    line = stream.readline(MOST_QUESTION)
    if not line:
        return None
    asked = json.loads(line)
    names = asked["form"]["names"]
    lists = {"leads": tuple(asked["form"]["leads"]), "names": None if names is None else tuple(names)}
    return Form(**{**asked["form"], **lists}), {name: stream.read(length) for name, length in asked["files"]}


def encode_answer(facts: Facts, counts: Counts) -> bytes:
    """Give an answer as bytes: length of all that follows, length of the JSON, JSON, samples."""
    text = json.dumps({**asdict(facts), "shape": counts.shape}).encode()
    content = len(text).to_bytes(LENGTH, "little") + text + counts.astype("<i2").tobytes()
    return len(content).to_bytes(LENGTH, "little") + content


def decode_answer(content: bytes, form: Form) -> tuple[Facts, Counts]:
    """Give the answer in bytes that another process wrote, without the length before them.

    Raises:
        ValueError: they are not what `encode_answer` gives to that form.
    """
    length = int.from_bytes(content[:LENGTH], "little")
    if length > MOST_JSON:
        raise ValueError("more is said of the record than a reader says")
    try:
        told = json.loads(content[LENGTH : LENGTH + length])
        samples, leads = (int(size) for size in told.pop("shape"))
        facts = _FACTS.validate_python(told)
        numbers = (facts.rate, facts.seconds, facts.span_mv, facts.scale_mv, facts.age or 0.0)
        if told.keys() != _NAMES or not all(math.isfinite(number) for number in numbers):
            raise ValueError("not what a reader says")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("not an answer") from error
    block = content[LENGTH + length :]
    wanted = 0 if facts.kind else len(form.leads)
    fits = leads == wanted and (samples > 0 if wanted else samples == 0)
    if not fits or len(block) != 2 * samples * leads:
        raise ValueError("the samples are not what the answer promises")
    return facts, np.frombuffer(block, dtype="<i2").reshape(samples, leads)
