"""JSON that any program reads: numbers that are not finite become null, a line that was torn is no line."""

import json
import math
from collections.abc import Mapping
from typing import Any


def plain_json(values: Any) -> bytes:
    """Give values as JSON, indented for people."""
    return json.dumps(_finite(values), indent=1).encode()


def plain_line(values: Mapping[str, Any]) -> bytes:
    """Give values as one line of JSON, its end included."""
    return json.dumps(_finite(values)).encode() + b"\n"


def parsed_line(line: bytes) -> dict[str, Any] | None:
    """Give the values of a line, None if it is torn."""
    try:
        values = json.loads(line)
    except ValueError:
        return None
    return values if isinstance(values, dict) else None


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
