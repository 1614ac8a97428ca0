"""Messages between a page and the process that predicts: JSON and raw blocks of numbers, each after its length."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Block = NDArray[Any]
_KINDS = ("<f4", "<i4")


def send(stream: IO[bytes], *parts: bytes) -> None:
    """Write messages, each after its length in eight bytes."""
    for part in parts:
        stream.write(len(part).to_bytes(8, "little") + part)
    stream.flush()


def receive(stream: IO[bytes], longest: int) -> bytes:
    """Give the next message.

    Raises:
        EOFError: there is none, or it is longer than allowed.
    """
    length = int.from_bytes(_exactly(stream, 8), "little")
    if length > longest:
        raise EOFError(f"a message of {length} bytes, where {longest} are allowed")
    return _exactly(stream, length)


def encode(tree: dict[str, Any], blocks: Mapping[str, Block]) -> tuple[bytes, bytes]:
    """Give a tree and named arrays as two messages: JSON, and the arrays' float32 or int32 one after the other."""
    kinds = {name: "<i4" if block.dtype.kind == "i" else "<f4" for name, block in blocks.items()}
    head = {name: [kinds[name], *block.shape] for name, block in blocks.items()}
    content = [np.ascontiguousarray(block, dtype=kinds[name]).tobytes() for name, block in blocks.items()]
    return json.dumps({"tree": tree, "blocks": head}).encode(), b"".join(content)


def decode(text: bytes, content: bytes) -> tuple[dict[str, Any], dict[str, Block]]:
    """Give the tree and the arrays of two messages.

    Raises:
        ValueError: they are not what `encode` gives.
    """
    whole = json.loads(text)
    blocks: dict[str, Block] = {}
    place = 0
    for name, (kind, *shape) in whole["blocks"].items():
        end = place + 4 * math.prod(shape)
        if kind not in _KINDS or any(size < 0 for size in shape) or end > len(content):
            raise ValueError("a block is not what the message promises")
        blocks[name] = np.frombuffer(content[place:end], dtype=kind).reshape(shape)
        place = end
    if place != len(content):
        raise ValueError("bytes are left over")
    return whole["tree"], blocks


def _exactly(stream: IO[bytes], length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise EOFError("the other end closed")
    return content
