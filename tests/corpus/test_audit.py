"""The audit: ties that folds keep and cut, counted by kind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ecgssl_core.corpus.audit import KINDS, audit
from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.folds import make_folds
from ecgssl_core.corpus.leaks import find_leaks
from ecgssl_core.corpus.source import open_source


def test_ties_are_counted_as_kept_or_cut_and_those_cut_are_the_leaks(
    write_record: Callable[..., object], tmp_path: Path
) -> None:
    for number in range(6):
        write_record(f"a/r{number}", seed=number // 2 if number < 4 else number)  # two pairs of one signal each
    pack = build_pack(open_source("cinc2020", tmp_path / "corpus"), tmp_path / "pack")
    folds = make_folds(pack, count=3)
    found = audit(pack, folds)
    assert dict(zip(KINDS, found.kept, strict=True))["signal"] == 2
    assert sum(found.cut) == 0
    assert found.leaks == ()
    first = folds.fold.copy()
    first[0] = (first[0] + 1) % 3
    cut = audit(pack, replace(folds, fold=first))
    counts = dict(zip(KINDS, zip(cut.kept, cut.cut, strict=True), strict=True))
    assert counts["signal"] == (1, 1)
    assert set(cut.leaks) == set(find_leaks(pack, replace(folds, fold=first)))
