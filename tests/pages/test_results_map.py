"""The embedding map of Results: a made pack and made features under the released model."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecgssl_core.corpus.pack import COLUMNS, MANIFEST, REFUSED, SIGNALS, TABLE
from ecgssl_core.inference.card import default_model, read_card
from ecgssl_core.inference.embeddings import ABOUT, FEATURES, MAP, MEAN, NORMS, embeddings_folder
from pages.parts.pack_map import groups_of, pack_record, read_map
from tests.made_runs import make_run
from tests.pages.test_results import opened, told

SAMPLES = 1000
CODES = ("164889003", "426783006", "270492004", "164889003")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a pack of four records, whose keys are those of a made run's test fold."""
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    folder = tmp_path / "packs" / "made"
    folder.mkdir(parents=True)
    rows = [
        {
            "key": f"made/0-00{place}",
            "source": f"source {place % 2}",
            "patient": str(place),
            "codes": json.dumps([code]),
        }
        for place, code in enumerate(CODES)
    ]
    about = {"samples": SAMPLES, "scale_mv": 0.001, "file_rate_hz": 100.0, "unknown_codes": "[]", "sha256": "x"}
    table = pd.DataFrame([about | row for row in rows], columns=list(COLUMNS))
    table["start"] = np.arange(len(rows)) * SAMPLES
    table["patient_known"] = True
    table["age"] = 93.0
    table["sex"] = "female"
    table.astype(COLUMNS).to_parquet(folder / TABLE, index=False)
    wave = np.rint(400 * np.sin(np.arange(len(rows) * SAMPLES) / 9)).astype(np.int16)
    np.save(folder / SIGNALS, np.repeat(wave[:, None], 12, axis=1))
    (folder / REFUSED).write_text("key,kind,sentence\n")
    (folder / MANIFEST).write_text(json.dumps({"form": 1, "rate_hz": 100.0, "digest": "d", "source": "made"}))
    return tmp_path


@pytest.fixture
def features(data: Path) -> Path:
    """The features of its records under the released model."""
    sha256 = read_card(default_model()).sha256
    folder = embeddings_folder(data, data / "packs" / "made", sha256)
    folder.mkdir(parents=True)
    np.save(folder / FEATURES, np.eye(4, 8, dtype=np.float16))
    np.save(folder / MEAN, np.zeros(8, np.float32))
    np.save(folder / NORMS, np.ones(4, np.float32))
    np.save(folder / MAP, np.array([[0, 0], [1, 0], [0, 1], [1, 1]], np.float32))
    (folder / ABOUT).write_text(json.dumps({"digest": "d", "pack": "made", "sha256": sha256}))
    return folder


def test_a_pack_without_features_is_offered_to_be_read(data: Path) -> None:
    make_run(data)
    page = opened(part="Map")
    assert "has not read made yet" in told(page)
    assert page.button(key="embed")


@pytest.mark.usefixtures("features")
def test_records_are_coloured_by_source_fold_class_and_by_what_came_of_them(data: Path) -> None:
    make_run(data, per_class=[])
    page = opened(part="Map")
    names = {}
    for kind in ("Source", "Fold", "Class", "Right or wrong"):
        page.session_state["map_colour"] = kind
        page.run()
        assert not page.exception, page.exception
        figure = json.loads(page.get("plotly_chart")[0].proto.spec)
        names[kind] = {trace["name"] for trace in figure["data"]}
    assert names["Source"] == {"source 0 (2)", "source 1 (2)"}
    assert names["Fold"] == {"not divided (4)"}
    assert names["Class"] == {"atrial fibrillation (2)", "without it (2)"}  # the commonest is looked at first
    page.selectbox(key="choose_class ").select("270492004")
    page.session_state["map_colour"] = "Class"
    page.run()
    figure = json.loads(page.get("plotly_chart")[0].proto.spec)
    assert {trace["name"] for trace in figure["data"]} == {"1st degree AV block (1)", "without it (3)"}
    page.session_state["map_colour"] = "Right or wrong"
    page.run()
    figure = json.loads(page.get("plotly_chart")[0].proto.spec)
    said = {trace["name"].rsplit(" ", 1)[0] for trace in figure["data"]}
    assert said <= {"found", "missed", "false alarm", "rightly quiet"}


@pytest.mark.usefixtures("features")
def test_a_record_of_the_map_is_shown_with_what_was_said_and_opens_in_inspect(data: Path) -> None:
    make_run(data)
    page = opened(part="Map")
    chosen = next(box for box in page.selectbox if box.label == "Record")
    page.session_state[chosen.key] = 2
    page.run()
    assert "1st degree AV block" in told(page)
    assert {"class", "probability", "threshold", "called", "labelled"} == set(page.dataframe[-1].value.columns)
    page.button(key="map_inspect").click().run()
    assert page.session_state["upload kept"].records[0].name == "0-002"


def test_a_record_of_a_pack_tells_no_age_that_could_name_a_person(data: Path, features: Path) -> None:
    whole = read_map(data / "packs" / "made", features, "cinc2020")
    record = pack_record(whole, 1)
    assert (record.age, record.sex, record.rate, record.signal.shape) == (90.0, "female", 100.0, (12, SAMPLES))


def test_more_groups_than_can_be_told_apart_are_others(data: Path, features: Path) -> None:
    whole = read_map(data / "packs" / "made", features, "cinc2020")
    names = pd.Series(["a", "a", "b", "c"])
    assert next((group.name, group.rows) for group in groups_of(whole, names)) == ("a", [0, 1])
    whole.table.loc[:, "source"] = "<b>x</b>"
    assert "<b>" not in groups_of(whole, names)[0].words[0]
