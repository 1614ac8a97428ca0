"""What people say of a run afterwards: a note and tags, in a small file of its folder."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ecgssl_core.errors import RunError
from ecgssl_core.runs.plain import plain_json

from .run_dir import RunDir

FILE = "remarks.json"
LONGEST_NOTE, MOST_TAGS, LONGEST_TAG = 2000, 12, 30


@dataclass(frozen=True)
class Remarks:
    """A note and tags; both empty where nobody has said anything."""

    note: str = ""
    tags: tuple[str, ...] = ()


def read_remarks(run: RunDir) -> Remarks:
    """Give what people say of a run; a damaged file says nothing."""
    try:
        kept = json.loads((run.path / FILE).read_text())
        return Remarks(str(kept["note"]), tuple(map(str, kept["tags"])))
    except (OSError, ValueError, KeyError, TypeError):
        return Remarks()


def write_remarks(run: RunDir, note: str, tags: Sequence[str]) -> Remarks:
    """Replace what people say of a run, and give it as it is kept: without blanks around, no tag twice.

    Raises:
        RunError: the note is too long, or the tags are too many or too long.
        OwnFault: the disk refused.
    """
    kept = Remarks(note.strip(), tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip())))
    if len(kept.note) > LONGEST_NOTE:
        raise RunError(f"A note has at most {LONGEST_NOTE} letters; shorten it by {len(kept.note) - LONGEST_NOTE}.")
    if len(kept.tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in kept.tags):
        raise RunError(f"A run has at most {MOST_TAGS} tags of at most {LONGEST_TAG} letters each; take some away.")
    run.keep(FILE, plain_json(asdict(kept)))
    return kept
