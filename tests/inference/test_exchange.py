"""A model as one zip and back: the same bytes, and nothing of what is wrong, hostile or here already."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ecgssl_core.cli import main
from ecgssl_core.errors import BundleError
from ecgssl_core.inference.card import (
    choose_default,
    chosen_model,
    default_model,
    find_models,
    named_model,
    verify_card,
)
from ecgssl_core.inference.exchange import export_bundle, import_bundle, remove_model
from ecgssl_core.inference.service import PredictionService

Change = Callable[[dict[str, Any]], object]
RELEASED = default_model()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(export_bundle(RELEASED))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return sink.getvalue()


def renamed(parts: dict[str, bytes], change: Change | None = None) -> dict[str, bytes]:
    tree = json.loads(parts["model.json"])
    tree["name"] = "other"
    if change is not None:
        change(tree)
    return {**parts, "model.json": json.dumps(tree).encode()}


def nothing(_: Path) -> None:
    pass


def test_a_zip_holds_the_parts_byte_for_byte_and_is_the_same_each_time(parts: dict[str, bytes]) -> None:
    assert set(parts) == {"model.json", "model.safetensors", "card.md", "known.safetensors"}
    assert all((RELEASED / name).read_bytes() == content for name, content in parts.items())
    assert export_bundle(RELEASED) == export_bundle(RELEASED)


def test_a_model_that_comes_as_a_zip_is_proved_listed_chosen_and_removed(root: Path, parts: dict[str, bytes]) -> None:
    service = PredictionService()
    try:
        folder = import_bundle(zipped(renamed(parts)), root, service.prove)
    finally:
        service.close()
    assert folder == root / "models" / "other" == named_model("other")
    assert verify_card(folder) == ()
    assert default_model() == RELEASED
    choose_default("other")
    assert (chosen_model(), default_model()) == ("other", folder)
    remove_model(folder, root)
    assert folder not in find_models()
    assert default_model() == RELEASED
    with pytest.raises(BundleError, match="only imported models"):
        remove_model(RELEASED, root)


def test_a_network_that_computes_something_else_is_refused_and_leaves_nothing(
    root: Path, parts: dict[str, bytes]
) -> None:
    def shift(tree: dict[str, Any]) -> None:
        tree["reference"][0] += 1.0

    service = PredictionService()
    try:
        with pytest.raises(BundleError, match="does not give its reference output"):
            import_bundle(zipped(renamed(parts, shift)), root, service.prove)
    finally:
        service.close()
    assert list((root / "models").iterdir()) == []


CHANGES: dict[str, tuple[Change, str]] = {
    "format": (lambda tree: tree.update(format=9), "format 9"),
    "unknown key": (lambda tree: tree.update(run="rm"), "damaged"),
    "name that leaves the folder": (lambda tree: tree.update(name="../out"), "no name of a folder"),
    "hidden name": (lambda tree: tree.update(name=".out"), "no name of a folder"),
    "name that is here": (lambda tree: tree.update(name=RELEASED.name), "Another model called"),
    "other parts": (lambda tree: tree["parts"].update({"../x": "0"}), "other parts"),
    "wrong sum": (lambda tree: tree["parts"].update({"card.md": "0"}), "card.md in the zip is not what was released"),
    "fewer thresholds": (lambda tree: tree["decision"]["thresholds"].pop(), "contradicts itself"),
    "no number": (lambda tree: tree["decision"]["bias"].__setitem__(0, float("nan")), "contradicts itself"),
    "zero temperature": (lambda tree: tree["decision"]["temperature"].__setitem__(0, 0), "contradicts itself"),
    "a window that fills the memory": (lambda tree: tree["input"].update(window=10**12), "contradicts itself"),
    "a window in words": (lambda tree: tree["input"].update(window="all"), "contradicts itself"),
    "a part that nothing speaks of": (lambda tree: tree.update(distribution=None), "contradicts itself"),
    "a limit that is none": (lambda tree: tree["distribution"].update(limit=-1), "contradicts itself"),
    "a band of fewer classes": (lambda tree: tree["decision"]["band"]["below"].pop(), "contradicts itself"),
    "more true than said": (
        lambda tree: tree["decision"]["reliability"]["pooled"][0].update(true=10**9),
        "contradicts itself",
    ),
    "a strange lead": (lambda tree: tree["input"]["leads"].__setitem__(0, "X"), "contradicts itself"),
    "a strange key of the input": (lambda tree: tree["input"].update(run=1), "contradicts itself"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_manifest_that_cannot_be_is_one_sentence(what: str, root: Path, parts: dict[str, bytes]) -> None:
    change, told = CHANGES[what]
    with pytest.raises(BundleError, match=told) as error:
        import_bundle(zipped(renamed(parts, change)), root, nothing)
    assert "\n" not in str(error.value)
    assert list(root.rglob("*")) == []


def test_what_is_no_zip_of_a_model_is_one_sentence(root: Path, parts: dict[str, bytes]) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts:
            archive.writestr(name, b"\0" * (9 << 20) if name != "model.safetensors" else b"")
    deep = {**parts, "model.json": b"[" * 200_000}
    wrong = {
        "no zip of a model": b"PK\x03\x04 and nothing",
        "no more": zipped({**parts, "run.py": b""}),
        "larger than": bomb.getvalue(),
        "damaged": zipped(deep),
        "is here already": zipped(parts),
    }
    for told, content in wrong.items():
        with pytest.raises(BundleError, match=told):
            import_bundle(content, root, nothing)
    with pytest.raises(BundleError, match="no more"):
        import_bundle(zipped({f"../{name}": content for name, content in parts.items()}), root, nothing)
    assert list(root.rglob("*")) == []


def test_a_damaged_model_is_not_exported(tmp_path: Path, parts: dict[str, bytes]) -> None:
    for name, content in parts.items():
        (tmp_path / name).write_bytes(content + b" " * (name == "card.md"))
    with pytest.raises(BundleError, match=r"card\.md"):
        export_bundle(tmp_path)


def test_a_choice_that_nobody_can_read_or_keep_chooses_nothing(root: Path) -> None:
    (root / "default-model.json").write_text("{")
    assert default_model() == RELEASED
    (root / "default-model.json").write_text('"gone"')
    assert default_model() == RELEASED
    with pytest.raises(BundleError, match="did you mean"):
        choose_default(RELEASED.name + "x")


def test_the_command_line_takes_a_model_in(
    root: Path, parts: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "model.zip").write_bytes(zipped(renamed(parts)))
    assert main(["import-model", str(root / "model.zip")]) == 0
    assert "other is whole" in capsys.readouterr().out
    assert main(["import-model", str(root / "model.zip")]) == 1
    assert main(["import-model", str(root / "none.zip")]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "other is here already.",
        "none.zip cannot be read (No such file or directory).",
    ]


def test_of_two_that_come_in_at_once_neither_becomes_the_other(root: Path, parts: dict[str, bytes]) -> None:
    first, second = renamed(parts), renamed(parts, lambda tree: tree.update(version="9.9.9"))

    def meanwhile(_: Path) -> None:
        import_bundle(zipped(second), root, nothing)

    with pytest.raises(BundleError, match="other has come in meanwhile"):
        import_bundle(zipped(first), root, meanwhile)
    assert [path.name for path in (root / "models").iterdir()] == ["other"]
    assert (root / "models" / "other" / "model.json").read_bytes() == second["model.json"]
