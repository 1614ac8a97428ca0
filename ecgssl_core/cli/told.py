"""What a verb says meanwhile, on stderr, and the answer it prints on stdout."""

import json
import sys
from typing import Any


def say(sentence: str) -> None:
    """Print a sentence."""
    print(sentence, file=sys.stderr)


def say_begun(what: str) -> None:
    """Say what is begun."""
    print(f"{what} …", file=sys.stderr)


def count_files(done: int, count: int, received: int) -> None:
    """Count what is fetched, by the hundred."""
    if done % 100 == 0 or done == count:
        print(f"{done} of {count} files, {received / 1e6:.0f} MB", file=sys.stderr)


def count_records(done: int, count: int) -> None:
    """Count records, by the hundred."""
    if done % 100 == 0 or done == count:
        print(f"{done} of {count} records", file=sys.stderr)


def print_tree(tree: dict[str, Any], as_json: bool) -> None:
    """Print the answer: as JSON, or as lines for reading."""
    from ecgssl_core.inference.read import lines_of

    print(json.dumps(tree, indent=1, allow_nan=False) if as_json else "\n".join(lines_of(tree)))
