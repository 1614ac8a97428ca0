"""The released model as ONNX: equal to torch on real windows, for any batch, with what its numbers mean beside it."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from ecgssl_core.errors import BundleError
from ecgssl_core.inference.card import default_model
from ecgssl_core.inference.onnx_file import OnnxFile, example_windows, kept_onnx, make_onnx
from ecgssl_core.models.bundle import load_network
from ecgssl_core.models.onnx_export import TOLERANCE, largest_difference
from ecgssl_core.records import gather, read_isolated
from ecgssl_core.signals.spec import prepare
from pages.parts.model_use import onnx_lines, python_lines

MODEL = default_model()
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def shares() -> list[float]:
    return []


@pytest.fixture(scope="module")
def made(data: Path, shares: list[float]) -> OnnxFile:
    """The one export of all these tests, by the process that the page starts."""
    assert kept_onnx(MODEL, data) is None
    return make_onnx(MODEL, data, shares.append)


def test_it_is_made_step_by_step_and_then_kept(made: OnnxFile, data: Path, shares: list[float]) -> None:
    assert len(shares) == 6
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1
    assert make_onnx(MODEL, data, shares.append) == made == kept_onnx(MODEL, data)
    assert len(shares) == 6  # nothing was made again
    assert sorted(path.name for path in made.graph.parent.iterdir() if path.name[0] != ".") == [
        made.sidecar.name,
        made.graph.name,
    ]


def test_it_equals_torch_on_real_windows(made: OnnxFile, real: Callable[[str], Path]) -> None:
    network = load_network(MODEL)
    records = [
        record
        for path in sorted(real("ludb").rglob("*.hea"))[::40]
        for record in read_isolated(gather([path])[0]).records
    ]
    parts = [prepare(record.signal, record.rate, record.leads, network.spec) for record in records]
    windows = np.concatenate([*parts, example_windows(network.spec)])
    found = largest_difference(made.graph.read_bytes(), network, windows)
    assert len(windows) > 50
    assert found.probability <= TOLERANCE == 1e-5
    assert found.logit <= TOLERANCE
    other = windows + np.float32(0.01)
    session = onnxruntime.InferenceSession(made.graph.read_bytes())
    logits = [session.run(["logits"], {"windows": one})[0] for one in (windows, other)]
    assert np.abs(logits[0] - logits[1]).max() > 1e-3  # the comparison above could have failed


def test_it_takes_any_batch_and_each_row_alone_is_the_same(made: OnnxFile) -> None:
    session = onnxruntime.InferenceSession(made.graph.read_bytes())
    assert [one.shape for one in session.get_inputs()] == [["batch", 12, 250]]
    windows = example_windows(load_network(MODEL).spec)
    together = session.run(None, {"windows": windows})
    alone = session.run(None, {"windows": windows[3:4]})
    assert together[0].shape == (len(windows), 24)
    np.testing.assert_allclose(together[1].sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(together[0][3:4], alone[0], atol=1e-4)


def test_the_spectrogram_is_inside_the_graph(made: OnnxFile) -> None:
    graph = onnx.load(made.graph).graph
    assert [one.name for one in graph.input] == ["windows"]
    assert "Sqrt" in {node.op_type for node in graph.node}


def test_its_json_says_what_the_numbers_mean(made: OnnxFile) -> None:
    told = json.loads(made.sidecar.read_text())
    manifest = json.loads((MODEL / "model.json").read_text())
    assert told["input"] == manifest["input"]
    assert told["labels"] == manifest["labels"]
    assert told["decision"] == manifest["decision"]
    assert told["compared_with_torch"]["windows"] == 22
    assert told["compared_with_torch"]["probability"] <= TOLERANCE


def pasted(code: str, folder: Path) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_lines_that_the_page_shows_work_when_pasted_and_agree(
    made: OnnxFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = python_lines(MODEL.name)
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    said = pasted(code, ROOT)
    assert len(re.findall(r": [01]\.\d{3}, threshold", said)) == 3
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / f"{MODEL.name}.onnx").symlink_to(made.graph)
    (tmp_path / f"{MODEL.name}.json").symlink_to(made.sidecar)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    lines = onnx_lines(MODEL.name)
    assert pasted(f"{lines}\nimport sys\nassert 'torch' not in sys.modules", tmp_path) == said


def test_a_damaged_bundle_is_one_sentence_and_nothing_is_written(tmp_path: Path) -> None:
    for part in MODEL.iterdir():
        (tmp_path / part.name).write_bytes(part.read_bytes() if part.name != "card.md" else b"other")
    with pytest.raises(BundleError, match=r"card\.md of .* is not what was released"):
        make_onnx(tmp_path, tmp_path / "data")
    assert [path.name for path in (tmp_path / "data").rglob("*")] == ["exports", ".lock"]


def test_stopping_it_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="was stopped"):
        make_onnx(MODEL, tmp_path, began=lambda end: end())
    assert kept_onnx(MODEL, tmp_path) is None
