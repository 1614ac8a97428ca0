"""Word of a download: how far it is, that it lives, and that it stops when told to."""

from pathlib import Path

import pytest

from ecgssl_core.corpus.fetching import checked_name, fetchings, put_away, stop_fetching, watched
from ecgssl_core.durable import locked
from ecgssl_core.errors import CorpusError


def test_a_download_that_lives_says_how_far_it_is(tmp_path: Path) -> None:
    (tmp_path / "ludb").mkdir()
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "ludb.log").write_text("ludb/1.0.1\n")
    told: list[tuple[int, int, int]] = []
    progress = watched(tmp_path / "ludb", lambda *one: told.append(one), every_s=0)
    with locked(tmp_path / "ludb" / ".download", "busy"):
        progress(3, 12, 1000)
        (one,) = fetchings(tmp_path)
    assert told == [(3, 12, 1000)]
    assert (one.name, one.alive, one.done, one.total, one.whole) == ("ludb", True, 3, 12, False)
    assert one.left_s is not None
    assert not fetchings(tmp_path)[0].alive


def test_it_stops_when_told_to_and_the_same_again_goes_on(tmp_path: Path) -> None:
    (tmp_path / "ludb").mkdir()
    progress = watched(tmp_path / "ludb", lambda *_: None)
    stop_fetching(tmp_path, "ludb")
    with pytest.raises(CorpusError, match="stopped at 4 of 12 files"):
        progress(4, 12, 0)
    progress(5, 12, 0)
    stop_fetching(tmp_path, "ludb")
    watched(tmp_path / "ludb", lambda *_: None)(5, 12, 0)


@pytest.mark.parametrize("name", ["../out", "/out", "", ".hidden", "packs", "trash", "embeddings", "sweeps", "a/b"])
def test_a_folder_lies_in_the_data_folder_and_is_none_of_its_own(name: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="none in use here"):
        checked_name(tmp_path, name)
    put_away(tmp_path, name)
    stop_fetching(tmp_path, name)
    assert list(tmp_path.iterdir()) == []
