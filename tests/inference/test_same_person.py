"""Whether records are of one person: the leads compared, the rate said, and what is refused."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from ecgssl_core.cli import main
from ecgssl_core.errors import BundleError
from ecgssl_core.inference.card import identifying_model
from ecgssl_core.inference.exchange import export_bundle, import_bundle
from ecgssl_core.inference.files import read_files
from ecgssl_core.inference.likeness import leads_of, reached
from ecgssl_core.inference.same_person import Comparer
from ecgssl_core.inference.service import PredictionService
from ecgssl_core.models.identifier import load_identifier, load_whole
from ecgssl_core.models.identity import IDENTITY
from ecgssl_core.models.manifest import read_manifest
from ecgssl_core.records import Record, parse_answers
from tests.identifying import identifying_bundle


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return identifying_bundle(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def comparer(model: Path) -> Comparer:
    torch.set_num_threads(1)
    return Comparer(*load_identifier(model))


@pytest.fixture(scope="module")
def records(real: Callable[[str], Path]) -> dict[str, Record]:
    """Give real recordings: two of one PTB-XL patient, one of another, and one lead of somebody."""
    ptbxl, lead = real("cinc2020") / "ptb-xl", real("af2017") / "A00007.hea"
    paths = [*(ptbxl / f"{name}.hea" for name in ("HR00012", "HR00200", "HR00377")), lead]
    return {record.name: record for record in read_files(paths, parse_answers(leads="I")).records}


def part(record: Record, *leads: str) -> Record:
    rows = [record.leads.index(lead) for lead in leads]
    steps = tuple(record.lsb_mv[row] for row in rows)
    return dataclasses.replace(record, signal=record.signal[rows], leads=leads, lsb_mv=steps, derived=())


def test_two_recordings_are_compared_on_all_leads_either_way_round(
    comparer: Comparer, records: dict[str, Record]
) -> None:
    found = comparer.compare(records["HR00012"], records["HR00200"])
    assert (found.first, found.second, found.lead_set) == ("HR00012", "HR00200", "12 leads")
    assert found.similarity == comparer.compare(records["HR00200"], records["HR00012"]).similarity
    assert found.similarity is not None
    assert -1 <= found.similarity < 1
    assert found.sentence.startswith("Compared on all twelve leads. ")


def test_a_recording_is_exactly_like_itself_and_that_says_nothing(
    comparer: Comparer, records: dict[str, Record]
) -> None:
    one = records["HR00012"]
    found = comparer.compare(one, dataclasses.replace(one, name="again"))
    assert found.similarity == pytest.approx(1, abs=1e-12)
    assert found.rate is None
    assert "the same recording" in found.sentence


def test_a_one_lead_record_is_compared_with_that_lead_of_twelve_alone(
    comparer: Comparer, records: dict[str, Record]
) -> None:
    watch, whole = records["A00007"], records["HR00012"]
    found = comparer.compare(watch, whole)
    assert (found.lead_set, found.leads) == ("lead I", ("I",))
    assert comparer.compare(watch, part(whole, "I")).similarity == found.similarity


def test_silenced_leads_are_missing_ones_and_limb_leads_follow(records: dict[str, Record]) -> None:
    whole = records["HR00012"]
    silent = dataclasses.replace(whole, signal=whole.signal * (np.arange(12) < 2)[:, None].astype("f4"))
    assert leads_of(silent) == {"I", "II", "III", "aVR", "aVL", "aVF"}


def test_leads_that_were_never_tried_give_a_similarity_and_no_rate(
    comparer: Comparer, records: dict[str, Record]
) -> None:
    parts = []
    for name in ("HR00012", "HR00377"):
        one = records[name]
        parts.append(
            dataclasses.replace(one, signal=one.signal[9:], leads=one.leads[9:], lsb_mv=one.lsb_mv[9:], derived=())
        )
    found = comparer.compare(*parts)
    assert (found.lead_set, found.leads, found.rate) == (None, ("V4", "V5", "V6"), None)
    assert found.similarity is not None
    assert "never tried" in found.sentence


def test_without_a_common_lead_or_with_a_bad_signal_nothing_is_compared(
    comparer: Comparer, records: dict[str, Record]
) -> None:
    one = records["HR00012"]
    found = comparer.compare(records["A00007"], part(one, "V1", "V2"))
    assert (found.similarity, found.leads) == (None, ())
    assert "share no lead" in found.sentence
    flat = dataclasses.replace(one, name="flat", signal=np.zeros_like(one.signal))
    assert "Not compared: flat." in comparer.compare(one, flat).sentence


def test_the_strictest_threshold_that_is_reached_is_said(model: Path) -> None:
    identity = read_manifest(model)[0].identity
    assert identity is not None
    points = identity.sets[0].points
    assert [reached(points, value) for value in (0.1, 0.2, 0.95, 1.0)] == [None, points[0], points[1], points[2]]


def test_the_page_says_what_the_command_line_says(
    model: Path, records: dict[str, Record], real: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    ptbxl = real("cinc2020") / "ptb-xl"
    words = ["identify", str(ptbxl / "HR00012.hea"), str(ptbxl / "HR00200.hea"), "--model", str(model), "--json"]
    assert main(words) == 0
    (probe,) = json.loads(capsys.readouterr().out)["probes"]
    found = PredictionService().alike(model, records["HR00012"], records["HR00200"])
    assert (probe["name"], probe["nearest"][0]["name"]) == ("HR00200", "HR00012")
    assert probe["nearest"][0]["similarity"] == found.similarity
    assert probe["nearest"][0]["sentence"] == found.sentence


def test_a_folder_is_a_gallery_and_what_is_no_ecg_in_it_is_passed_over(
    model: Path, real: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ptbxl = real("cinc2020") / "ptb-xl"
    for name in ("HR00012", "HR00377", "HR00155"):
        for path in ptbxl.glob(f"{name}.*"):
            shutil.copy(path, tmp_path / path.name)
    (tmp_path / "notes.txt").write_text("not an ECG")
    words = ["identify", str(tmp_path), str(ptbxl / "HR00200.hea"), "--model", str(model), "--most", "2"]
    assert main([*words, "--json"]) == 0
    out = capsys.readouterr()
    tree = json.loads(out.out)
    (probe,) = tree["probes"]
    assert (tree["gallery"], len(probe["nearest"])) == (3, 2)
    values = [one["similarity"] for one in probe["nearest"]]
    assert values == sorted(values, reverse=True)
    assert "notes.txt" in out.err
    assert str(tmp_path) not in out.out
    assert main(words) == 0
    assert "asked 3 times" in capsys.readouterr().out


def test_a_bad_probe_is_one_sentence_and_the_others_are_answered(
    model: Path, real: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ptbxl, broken = real("cinc2020") / "ptb-xl", tmp_path / "broken.hea"
    broken.write_text("broken 12 500\n")
    words = ["identify", str(ptbxl / "HR00012.hea"), str(ptbxl / "HR00200.hea"), str(broken), "--model", str(model)]
    assert main([*words, "--json"]) == 1
    tree = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in tree["probes"]] == ["HR00200"]
    assert [one["name"] for one in tree["refused"]] == ["broken.hea"]
    assert main(["identify", str(broken), str(ptbxl / "HR00200.hea"), "--model", str(model)]) == 1
    assert "no record could be read" in capsys.readouterr().err


def test_a_model_that_was_never_tried_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    folder = identifying_bundle(tmp_path / "models")
    found, remark = identifying_model()
    assert found == folder
    assert "was never tried on telling persons apart; identifying says this." in remark
    assert identifying_model(folder) == (folder, "")
    other = next(one for one in (Path(__file__).parents[2] / "checkpoints").iterdir() if one.is_dir())
    with pytest.raises(BundleError, match="was never tried on telling persons apart; name a model that was"):
        identifying_model(other)
    shutil.rmtree(folder)
    with pytest.raises(BundleError, match="No model here was ever tried"):
        identifying_model()


def test_a_bundle_that_tells_persons_apart_goes_out_and_comes_in_whole(model: Path, tmp_path: Path) -> None:
    content, manifest = export_bundle(model), read_manifest(model)[0]
    copy = tmp_path / "aside"
    shutil.copytree(model, copy)
    assert load_whole(copy).manifest.identity == manifest.identity
    changed = bytearray((copy / IDENTITY).read_bytes())
    changed[-1] ^= 1
    (copy / IDENTITY).write_bytes(changed)
    with pytest.raises(BundleError, match=f"{IDENTITY} of aside is not what was released"):
        load_identifier(copy)
    with pytest.raises(BundleError, match="Another model called"):
        import_bundle(content, tmp_path, load_whole)  # it has the name of the released one
