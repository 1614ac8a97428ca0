"""A data folder in which nothing is trained, a pack to train on, and runs in any state."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.runtime.pages_manager import PagesManager

from ecgssl_core.corpus.folds import make_folds
from ecgssl_core.corpus.pack import COLUMNS, MANIFEST, REFUSED, SIGNALS, TABLE, open_pack
from ecgssl_core.jobs.places import only_worker
from ecgssl_core.runs import RunDir, Stage, create_run
from ecgssl_core.settings import load_preset

MakeRun = Callable[..., RunDir]


class Shown(PagesManager):
    """The pages of a server that has run app.py; AppTest forgets that at each run, and with it what was pressed."""


@pytest.fixture(autouse=True)
def server_has_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.testing.v1.app_test.PagesManager", Shown)
    monkeypatch.setattr(PagesManager, "uses_pages_directory", False)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    with only_worker(tmp_path):  # what is submitted waits: no training begins
        yield tmp_path


@pytest.fixture
def pack(data: Path) -> Path:
    folder = data / "packs" / "hearts"
    folder.mkdir(parents=True)
    known = {
        "source": "one",
        "file_rate_hz": 500.0,
        "samples": 4,
        "scale_mv": 0.001,
        "codes": "[]",
        "unknown_codes": "[]",
    }
    rows = [{**known, "key": f"r{place}", "patient": f"p{place}", "sha256": f"h{place}"} for place in range(12)]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).assign(patient_known=True)
    table["start"] = table["samples"].cumsum() - table["samples"]
    table.astype(COLUMNS).to_parquet(folder / TABLE, index=False)
    np.save(folder / SIGNALS, np.zeros((48, 12), dtype=np.int16))
    (folder / REFUSED).write_text("key,kind,sentence\n")
    (folder / MANIFEST).write_text(json.dumps({"form": 1, "rate_hz": 100.0, "digest": "d", "source": "made"}))
    make_folds(open_pack(folder), 4)
    return folder


@pytest.fixture
def make_run(data: Path) -> MakeRun:
    def make(state: Stage, preset: str = "quick-time", reason: str = "", fold: int = 0, pack: str = "") -> RunDir:
        settings = load_preset(preset)
        part = settings.data.model_copy(update={"fold": fold, "pack": pack})
        run = create_run(settings.model_copy(update={"data": part}), data, ["pretrain", "pack"])
        run.write_state(state, step=50, steps=200, epoch=5, epochs=20, reason=reason)
        return run

    return make
