"""Bundles: half the size, the same answers, and no way to load the wrong thing."""

import json
from pathlib import Path

import pytest
import torch

from ecgssl_core.errors import BundleError
from ecgssl_core.models.bundle import load_bundle, reference_output, save_bundle
from ecgssl_core.models.classifier import Classifier
from ecgssl_core.models.manifest import CARD, FORMAT, MANIFEST, WEIGHTS, Decision, Labels, Manifest, Training
from ecgssl_core.settings import Settings
from ecgssl_core.signals.spec import InputSpec

CODES = ("426783006", "164889003", "713427006")


def make_manifest(name: str = "small") -> Manifest:
    settings, numbers = Settings(), (0.5,) * len(CODES)
    return Manifest(
        format=FORMAT,
        name=name,
        version="0",
        classifier=settings.classifier,
        input=InputSpec().as_json(),
        labels=Labels(label_set="test", codes=CODES, names=CODES, abbreviations=CODES, normal=CODES[0]),
        decision=Decision(
            temperature=(1.0,) * 3, bias=(0.0,) * 3, thresholds=numbers, rule="by hand", conformal=numbers, alpha=0.1
        ),
        training=Training(arm="TSG", protocol="none", support=(1, 2, 3), seen=(), ages=(0, 120), runs=("run",)),
        scores={},
        reference=(),
        parts={},
    )


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("models") / "small"
    manifest = make_manifest()
    save_bundle(folder, Classifier(manifest.classifier, manifest.spec, len(CODES)).eval(), manifest, "# small\n")
    return folder


def _copy(bundle: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    for file in bundle.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def test_a_bundle_is_small_and_gives_its_reference_output(bundle: Path) -> None:
    assert sum(file.stat().st_size for file in bundle.iterdir()) < 20e6
    loaded = load_bundle(bundle)
    assert reference_output(loaded.model) == pytest.approx(loaded.manifest.reference, abs=1e-5)
    assert not any(parameter.requires_grad for parameter in loaded.model.parameters())


@pytest.mark.parametrize("name", [WEIGHTS, CARD])
def test_a_changed_byte_is_refused(bundle: Path, tmp_path: Path, name: str) -> None:
    folder = _copy(bundle, tmp_path)
    content = bytearray((folder / name).read_bytes())
    content[-1] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(BundleError, match=f"{name} of small is not what was released"):
        load_bundle(folder)


def test_a_missing_part_is_refused(bundle: Path, tmp_path: Path) -> None:
    folder = _copy(bundle, tmp_path)
    (folder / WEIGHTS).unlink()
    with pytest.raises(BundleError, match=WEIGHTS):
        load_bundle(folder)


def test_another_reference_output_is_refused(bundle: Path, tmp_path: Path) -> None:
    folder = _copy(bundle, tmp_path)
    tree = json.loads((folder / MANIFEST).read_text())
    tree["reference"][0] += 0.1
    (folder / MANIFEST).write_text(json.dumps(tree))
    with pytest.raises(BundleError, match="reference output"):
        load_bundle(folder)


@pytest.mark.parametrize("change", [{"surprise": 1}, {"format": 99}, {"labels": None}])
def test_a_manifest_that_is_not_understood_is_refused(bundle: Path, tmp_path: Path, change: dict[str, object]) -> None:
    folder = _copy(bundle, tmp_path)
    tree = json.loads((folder / MANIFEST).read_text()) | change
    (folder / MANIFEST).write_text(json.dumps(tree))
    with pytest.raises(BundleError, match="small"):
        load_bundle(folder)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="holds no model"):
        load_bundle(tmp_path)
