"""Opening packs: signals in mV, labels, and each way a pack can be damaged."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.corpus.pack import Pack, find_packs, open_pack, require_leads
from ecgssl_core.errors import CorpusError
from ecgssl_core.signals.leads import LEADS

MakePack = Callable[..., Pack]
TWO = [{"key": "a", "samples": 5, "scale_mv": 0.5}, {"key": "b", "samples": 3, "scale_mv": 0.25}]


def filled(pack: Pack) -> Pack:
    np.save(pack.path / "signals.npy", np.arange(8 * 12, dtype=np.int16).reshape(8, 12))
    return open_pack(pack.path)


def test_a_signal_is_counts_times_scale_lead_by_lead(pack_of: MakePack) -> None:
    pack = filled(pack_of(TWO))
    assert (len(pack), pack.rate, pack.lengths.tolist()) == (2, 100.0, [5, 3])
    assert pack.signal(0).dtype == np.float32
    assert pack.signal(0)[:, 1].tolist() == [0.5 * (12 + lead) for lead in range(12)]
    assert pack.signal(1).shape == (12, 3)
    assert pack.signal(1)[2].tolist() == [0.25 * (62 + 12 * at) for at in range(3)]


def test_a_stretch_is_the_part_of_the_signal(pack_of: MakePack) -> None:
    pack = filled(pack_of(TWO))
    assert pack.signal(0, 1, 3).tolist() == pack.signal(0)[:, 1:4].tolist()
    assert pack.signal(0, 3).tolist() == pack.signal(0)[:, 3:].tolist()
    assert pack.signal(0, 4, 9).shape == (12, 1)
    assert pack.signal(0, 9, 9).shape == (12, 0)


def test_windows_are_stretches_of_signals_all_at_once(pack_of: MakePack) -> None:
    pack = filled(pack_of(TWO))
    windows = pack.windows(np.array([1, 0, 0]), np.array([0, 2, 1]), 3)
    assert (windows.shape, windows.dtype) == ((3, 12, 3), np.float32)
    for window, (row, start) in zip(windows, [(1, 0), (0, 2), (0, 1)], strict=True):
        assert window.tolist() == pack.signal(row, start, 3).tolist()
    assert pack.windows(np.array([], dtype=int), np.array([], dtype=int), 3).shape == (0, 12, 3)


@pytest.mark.parametrize(("row", "start", "samples"), [(0, 3, 3), (0, -1, 3), (1, 0, 4), (0, 0, 0)])
def test_a_window_beyond_its_record_is_refused(pack_of: MakePack, row: int, start: int, samples: int) -> None:
    with pytest.raises(ValueError, match="reaches beyond its record"):
        filled(pack_of(TWO)).windows(np.array([row]), np.array([start]), samples)


def test_only_where_records_lie_is_read_before_more_is_asked_for(pack_of: MakePack) -> None:
    pack = filled(pack_of(TWO))
    table = pack.path / "table.parquet"
    stored = table.read_bytes()
    table.unlink()
    assert pack.signal(1).shape == (12, 3)
    with pytest.raises(CorpusError, match="a file is missing"):
        len(pack.table)
    table.write_bytes(stored)
    assert pack.table["key"].tolist() == ["a", "b"]


def test_a_pack_that_says_no_leads_has_the_twelve_and_others_are_told_apart(pack_of: MakePack) -> None:
    pack = pack_of(TWO)
    assert pack.leads == LEADS
    assert pack.survey == {}
    require_leads(pack, LEADS)
    manifest = json.loads((pack.path / "pack.json").read_text())
    (pack.path / "pack.json").write_text(json.dumps({**manifest, "leads": ["I", "II"]}))
    np.save(pack.path / "signals.npy", np.zeros((8, 2), dtype=np.int16))
    fewer = open_pack(pack.path)
    assert (fewer.leads, fewer.signal(0).shape) == (("I", "II"), (2, 5))
    with pytest.raises(CorpusError, match=r"The pack pack has 2 leads \(I, II\); 12 are needed here"):
        require_leads(fewer, LEADS)


def test_labels_are_unknown_where_nobody_labelled(pack_of: MakePack) -> None:
    records = [{"key": "a"}, {"key": "b", "codes": ["164889003"], "unknown_codes": '["39732003"]'}]
    labels = pack_of(records).labels(load_label_set("cinc2020"))
    assert labels.shape == (2, 24)
    assert labels[0].tolist() == [-1] * 24
    assert (labels[1, 1], labels[1, 7], labels[1, 0]) == (1, -1, 0)


def _cut_samples(pack: Path) -> None:
    (pack / "signals.npy").write_bytes((pack / "signals.npy").read_bytes()[:-24])


def _fewer_rows(pack: Path) -> None:
    pd.read_parquet(pack / "table.parquet").iloc[1:].to_parquet(pack / "table.parquet", index=False)


def _no_column(pack: Path) -> None:
    pd.read_parquet(pack / "table.parquet").drop(columns="patient").to_parquet(pack / "table.parquet", index=False)


def _other_form(pack: Path) -> None:
    (pack / "pack.json").write_text(json.dumps({"form": 9, "rate_hz": 100, "digest": ""}))


def test_a_folder_that_is_not_there_is_said_not_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"^nomine is no pack: there is no such folder; check its name"):
        open_pack(tmp_path / "nomine")


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (_cut_samples, "is damaged"),
        (_fewer_rows, "do not fit"),
        (_no_column, "has no column 'patient'"),
        (_other_form, "has form 9, and this program reads form 1"),
        (lambda pack: (pack / "pack.json").unlink(), r"pack is no pack: it has no pack\.json"),
        (
            lambda pack: (pack / "pack.json").write_text('{"form": 1, "rate_hz": 100, "digest": "", "leads": ["X"]}'),
            r"pack\.json cannot be read",
        ),
        (lambda pack: (pack / "pack.json").write_text("{"), r"pack\.json cannot be read"),
        (lambda pack: (pack / "pack.json").write_text("[1]"), r"pack\.json cannot be read"),
        (lambda pack: (pack / "table.parquet").write_bytes(b"PAR1"), "is damaged"),
        (lambda pack: (pack / "table.parquet").unlink(), "a file is missing"),
        (lambda pack: (pack / "signals.npy").write_bytes(b""), "is damaged"),
        (lambda pack: np.save(pack / "signals.npy", np.zeros((8, 12))), "do not fit"),
    ],
)
def test_each_damage_is_told_in_a_sentence(pack_of: MakePack, damage: Callable[[Path], object], sentence: str) -> None:
    pack = pack_of(TWO)
    damage(pack.path)
    with pytest.raises(CorpusError, match=sentence):
        open_pack(pack.path)


def test_packs_below_a_data_folder_are_listed(tmp_path: Path) -> None:
    for name in ("b", "a", "c.part/pack"):
        (tmp_path / "packs" / name).mkdir(parents=True)
        (tmp_path / "packs" / name / "pack.json").write_text("{}")
    (tmp_path / "packs" / "empty").mkdir()
    assert [path.name for path in find_packs(tmp_path)] == ["a", "b"]
    assert find_packs(tmp_path / "nowhere") == []
