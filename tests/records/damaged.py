"""Damaged copies of a file, read as the program reads files."""

from ecgssl_core.errors import RecordError
from ecgssl_core.records.assemble import assemble
from ecgssl_core.records.read import Reader
from tests.records.mutations import mutations


def still_read(reader: Reader, content: bytes, count: int) -> int:
    """Give how many damaged copies of a file still give a record; the others must be refused in a short sentence."""
    assert _is_read(reader, content)
    return sum(_is_read(reader, damaged) for damaged in mutations(content, count, seed=11))


def _is_read(reader: Reader, content: bytes) -> bool:
    if not reader.takes("made", content):
        return False
    sentence = ""
    try:
        record = assemble("made", reader.read("made", {"made": content}))
    except RecordError as error:
        sentence = error.sentence
    assert len(sentence.split()) <= 25, sentence
    return not sentence and record.signal.size > 0
