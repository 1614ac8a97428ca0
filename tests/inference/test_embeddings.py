"""Features of a pack on disk: gone on with where they stopped, and the nearest records found without one's own."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecgssl_core.cli import main
from ecgssl_core.corpus.pack import COLUMNS, MANIFEST, REFUSED, SIGNALS, TABLE, Pack, open_pack
from ecgssl_core.errors import CorpusError
from ecgssl_core.inference.along import features_of
from ecgssl_core.inference.card import default_model, read_card
from ecgssl_core.inference.embed import _GROUP, embed
from ecgssl_core.inference.embeddings import (
    FEATURES,
    embedding_progress,
    embeddings_folder,
    neighbours,
    open_embeddings,
    own_rows,
)
from ecgssl_core.models.bundle import Bundle, load_bundle
from ecgssl_core.signals.spec import cut_windows

COUNT, SAMPLES = _GROUP + 4, 250


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(default_model())


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """Give a pack of noise, two records of each patient, of one window each."""
    folder = tmp_path_factory.mktemp("data") / "packs" / "made"
    folder.mkdir(parents=True)
    rows = [
        {
            "key": f"r{row:03}", "source": "made", "patient": f"p{row // 2}", "patient_known": True,
            "codes": json.dumps(["426783006"]), "unknown_codes": "[]", "file_rate_hz": 100.0, "start": row * SAMPLES,
            "samples": SAMPLES, "scale_mv": 0.001, "sha256": f"hash {row}",
        }
        for row in range(COUNT)
    ]  # fmt: skip
    pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS).to_parquet(folder / TABLE, index=False)
    noise = np.random.default_rng(0).normal(0, 300, (COUNT * SAMPLES, 12)).astype(np.int16)
    np.save(folder / SIGNALS, noise)
    (folder / REFUSED).write_text("key,kind,sentence\n")
    (folder / MANIFEST).write_text(json.dumps({"form": 1, "rate_hz": 100.0, "digest": "made", "source": "made"}))
    return open_pack(folder)


@pytest.fixture(scope="module")
def folder(bundle: Bundle, pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("embeddings") / "made"
    assert embed(bundle, pack, made, lambda _done, _total: None) == COUNT
    return made


def test_what_is_kept_are_the_features_and_the_map_is_their_principal_plane(
    bundle: Bundle, pack: Pack, folder: Path
) -> None:
    found = open_embeddings(folder)
    assert found.fits(pack)
    assert found.features.shape == (COUNT, 1024)
    wanted = features_of(bundle.model, cut_windows(pack.signal(7), bundle.input)).mean(axis=0)
    assert np.allclose(found.features[7], wanted, atol=2e-3, rtol=2e-3)
    centred = found.features.astype(np.float64) - found.features.astype(np.float64).mean(axis=0)
    strengths = np.linalg.svd(centred, compute_uv=False)[:2]
    assert np.linalg.norm(found.map, axis=0) == pytest.approx(strengths, rel=1e-3)


def test_a_broken_off_run_goes_on_to_the_same_bytes(bundle: Bundle, pack: Pack, folder: Path, tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == COUNT:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed(bundle, pack, tmp_path / "made", stop)
    assert embedding_progress(tmp_path / "made") == (_GROUP, COUNT)
    with pytest.raises(CorpusError, match="run `embed`"):
        open_embeddings(tmp_path / "made")
    assert embed(bundle, pack, tmp_path / "made", lambda _done, _total: None) == COUNT - _GROUP
    assert embedding_progress(tmp_path / "made") is None
    for file in folder.iterdir():
        assert (tmp_path / "made" / file.name).read_bytes() == file.read_bytes()
    assert embed(bundle, pack, tmp_path / "made", lambda _done, _total: None) == 0


def test_the_nearest_are_others_by_the_cosine_of_centred_features(pack: Pack, folder: Path) -> None:
    found = open_embeddings(folder)
    exact = found.features.astype(np.float64)
    exact -= exact.mean(axis=0)
    cosines = exact @ exact[6] / np.linalg.norm(exact, axis=1) / np.linalg.norm(exact[6])
    order = [int(row) for row in np.argsort(-cosines) if row not in (6, 7)][:5]
    assert own_rows(pack, "hash 6") == (6, 7)
    near = neighbours(pack, found, found.features[6].astype(np.float32), 5, "hash 6", seen=["hash 8"])
    assert [one.row for one in near] == order
    assert [one.similarity for one in near] == pytest.approx([cosines[row] for row in order], abs=1e-3)
    assert near[0].key == f"r{order[0]:03}"
    assert near[0].codes == ("426783006",)
    assert [one.seen for one in near] == [row == 8 for row in order]
    assert found.nearest(found.features[6].astype(np.float32), 1)[0][0] == 6


def test_of_another_state_of_the_pack_or_damaged_they_are_refused(pack: Pack, folder: Path, tmp_path: Path) -> None:
    manifest = {"form": 1, "rate_hz": 100.0, "digest": "other", "source": "made"}
    for file in pack.path.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(CorpusError, match="has changed"):
        neighbours(open_pack(tmp_path), open_embeddings(folder), np.zeros(1024, np.float32), 1)
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in folder.iterdir():
        (broken / file.name).write_bytes(file.read_bytes())
    (broken / FEATURES).write_bytes(b"nothing")
    with pytest.raises(CorpusError, match="damaged"):
        open_embeddings(broken)


def test_the_command_writes_where_the_dashboard_looks(
    pack: Pack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    assert main(["embed", str(pack.path)]) == 0
    assert f"{COUNT} records" in capsys.readouterr().out
    place = embeddings_folder(tmp_path, pack, read_card(default_model()).sha256)
    assert open_embeddings(place).about["pack"] == "made"


def test_all_copies_of_a_recording_are_its_own(pack: Pack) -> None:
    table = pack.table.copy()
    table.loc[[2, 3], "same_signal"] = str(table["key"].iloc[1])
    copied = open_pack(pack.path)
    vars(copied)["table"] = table  # read once, and kept
    assert own_rows(copied, str(table["sha256"].iloc[2])) == (0, 1, 2, 3)
    assert own_rows(copied, str(table["sha256"].iloc[1])) == (0, 1, 2, 3)
