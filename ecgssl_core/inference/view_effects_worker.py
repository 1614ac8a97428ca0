"""The process that makes views of many records for a page: it is asked on stdin, and says on stdout how far it is."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.errors import EcgError
from ecgssl_core.settings import parse_settings

from .view_effects import view_effects


def answer(asked: str, say: Callable[[dict[str, object]], None]) -> None:
    """Say shares, and in the end the effects or the sentence of an error."""
    tree = json.loads(asked)
    try:
        settings, pack = parse_settings(tree["settings"]), open_pack(Path(tree["pack"]))
        found = view_effects(pack, settings, tree["count"], lambda share: say({"share": share}))
        say({"effects": found.as_json()})
    except EcgError as error:
        say({"error": str(error)})
    except ValueError as error:
        say({"error": f"These views cannot be made of this pack: {error}."})


def _say(words: dict[str, object]) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    answer(sys.stdin.readline(), _say)
