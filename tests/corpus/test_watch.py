"""A packing seen from outside: how far it is, that it stops when told to, and goes on from there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.source import open_source
from ecgssl_core.corpus.watch import Packing, packings, reporting, stop_packing
from ecgssl_core.errors import CorpusError


def test_a_packing_says_how_far_it_is_and_stops_when_told_to(
    write_record: Callable[..., object], tmp_path: Path
) -> None:
    for number in range(12):
        write_record(f"r{number:02}", seed=number)
    folder = tmp_path / "corpus"
    source, out = open_source(None, folder), tmp_path / "packs" / "made"
    seen: list[Packing] = []

    def tell(*_numbers: int) -> None:
        seen.extend(packings(tmp_path))
        stop_packing(tmp_path, "made")

    with pytest.raises(CorpusError, match="Packing stopped at"):
        build_pack(source, out, progress=reporting(out, tell, every_s=0.0))
    assert (seen[0].name, seen[0].alive, seen[0].total) == ("made", True, len(source.entries))
    (waiting,) = packings(tmp_path)
    assert not waiting.alive
    assert not out.exists()
    made = build_pack(source, out, progress=reporting(out, lambda *_numbers: None))
    assert len(made) + len(made.refused) == len(source.entries)
    assert packings(tmp_path) == []


def test_without_any_word_an_unfinished_pack_is_listed_as_not_begun(tmp_path: Path) -> None:
    (tmp_path / "packs" / "new.part").mkdir(parents=True)
    assert packings(tmp_path) == [Packing("new", False, 0, 0, None)]
