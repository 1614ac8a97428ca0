"""The records that a pack holds already, as they go into the next one."""

from collections.abc import Iterator

from ecgssl_core.corpus.admit import Admitted
from ecgssl_core.corpus.origins import ORIGINS, read_rows
from ecgssl_core.corpus.pack import TABLE, Pack
from ecgssl_core.corpus.ready import NOTHING


def admitted_in(pack: Pack) -> Iterator[Admitted]:
    """Give each record of a pack's corpus, refused ones too, in the order of their keys; samples stay on the disk.

    Raises:
        CorpusError: a table is damaged.
    """
    rows = read_rows(pack.path / TABLE)
    for origin in read_rows(pack.path / ORIGINS):
        if origin["kind"]:
            yield Admitted(None, origin, NOTHING)
            continue
        row = next(rows)
        start = row.pop("start")
        yield Admitted(row, origin, pack.signals[start : start + row["samples"]])
