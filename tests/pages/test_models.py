"""The Models page: without a model, with one, and with one that is not what was released."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.inference.card import chosen_model, default_model, find_models, read_card
from ecgssl_core.inference.onnx_file import OnnxFile
from ecgssl_core.models.manifest import Decision, Labels, Manifest, Training, file_digest
from ecgssl_core.settings import ClassifierSettings
from ecgssl_core.signals.spec import InputSpec
from pages.parts.model_sheet import card_words

needs_model = pytest.mark.skipif(not find_models(), reason="no model has been released to checkpoints/")
ROOT = Path(__file__).parents[2]
CLASSES = load_label_set("cinc2020")
COUNT = len(CLASSES)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A released model but for its weights, which no page opens."""
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "card.md").write_text("# made\n\nA card with a [link](https://example.org).\n")
    metric = {"value": 0.81, "low": 0.75, "high": 0.86}
    names = ("auroc", "auprc", "accuracy", "f_measure", "f_beta_2", "g_beta_2", "challenge_metric")
    rows = zip(CLASSES.codes, CLASSES.names, strict=True)
    manifest = Manifest(
        format=1,
        name="made",
        version="0.1.0",
        classifier=ClassifierSettings(),
        input=InputSpec().as_json(),
        labels=Labels(
            label_set="cinc2020",
            codes=CLASSES.codes,
            names=CLASSES.names,
            abbreviations=CLASSES.abbreviations,
            normal="426783006",
        ),
        decision=Decision(
            temperature=(1.0,) * COUNT,
            bias=(0.0,) * COUNT,
            thresholds=(0.25,) * COUNT,
            rule="largest F1 on validation records",
            conformal=(0.1,) * COUNT,
            alpha=0.1,
        ),
        training=Training(
            arm="TSG", protocol="", support=tuple(range(COUNT)), seen=("a", "b"), ages=(18, 90), runs=("run",)
        ),
        scores={
            "fold": 3,
            "records": {"train": 7, "validation": 1, "test": 1},
            "test": dict.fromkeys(names, metric) | {"classes_counted": 19},
            "per_class": [{"code": code, "name": name, "positives": 4, "auroc": None} for code, name in rows],
        },
        reference=(),
        parts={name: file_digest(folder / name) for name in ("model.safetensors", "card.md")},
    )
    (folder / "model.json").write_text(json.dumps(manifest.model_dump(mode="json")))
    return folder


def sheet_page(folder: str) -> None:
    from pathlib import Path

    from ecgssl_core.inference.card import read_card
    from pages.parts.model_sheet import show_classes, show_figures, show_input, show_integrity, show_scores

    card = read_card(Path(folder))
    show_integrity(card)
    for show in (show_figures, show_scores, show_classes, show_input):
        show(card)


def shown(folder: Path) -> AppTest:
    page = AppTest.from_function(sheet_page, args=(str(folder),), default_timeout=60).run()
    assert not page.exception, page.exception
    return page


def test_a_whole_model_says_so_and_shows_what_it_is(bundle: Path) -> None:
    page = shown(bundle)
    assert "Whole" in page.success[0].value
    assert not page.error
    assert [metric.value for metric in page.metric][:4] == ["TSG", "24", "12", "2.5 s"]
    scores, classes = (frame.value for frame in page.dataframe)
    assert scores["metric"].tolist()[0] == "AUROC"
    assert scores["low"].tolist() == [0.75] * 7
    assert not scores["what it is"].str.contains("](", regex=False).any()  # a cell shows a link as its raw text
    assert classes["in training"].tolist() == list(range(COUNT))
    assert "19 classes in the macro means" in page.markdown[0].value


@pytest.mark.parametrize("part", ["model.safetensors", "card.md"])
def test_a_changed_or_missing_part_is_named(bundle: Path, part: str) -> None:
    (bundle / part).write_bytes(b"other")
    assert part in shown(bundle).error[0].value.replace("\\", "")
    (bundle / part).unlink()
    assert part in shown(bundle).error[0].value.replace("\\", "")


def test_the_card_leaves_its_wide_table_of_classes_to_the_tab_and_nothing_else(bundle: Path) -> None:
    rest = "It is.\n\n## Scores\n\n| a |\n\n## Classes\n\n| class | code |\n\nThresholds: one.\n\n## End"
    (bundle / "card.md").write_text(f"# {read_card(bundle).name}\n\n{rest}\n")
    words = card_words(read_card(bundle))
    assert "| class" not in words
    assert "tab Classes" in words
    assert [part in words for part in ("It is.", "| a |", "Thresholds: one.", "## End")] == [True] * 4


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.switch_page("pages/models.py")
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


@pytest.fixture
def second(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The made model, in the place of imported ones."""
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    (tmp_path / "models").mkdir()
    return bundle.rename(tmp_path / "models" / "made")


def test_the_page_shows_a_released_model_or_how_to_get_one() -> None:
    page = opened()
    if find_models():
        assert "Whole" in page.success[0].value
        assert [tab.label for tab in page.tabs] == ["Card", "Scores", "Classes", "Input", "Compare", "Use", "Export"]
    else:
        assert "no model" in page.info[0].value
        assert "release RUN" in page.code[0].value


@needs_model
@pytest.mark.usefixtures("second")
def test_another_model_is_made_the_default_by_its_button_and_the_address_names_it() -> None:
    released = default_model().name
    assert opened().selectbox(key="model").value == released
    page = opened(model="made")
    assert page.subheader[0].value == "made 0\\.1\\.0"
    page.button(key="set_default").click().run()
    assert default_model().name == chosen_model() == "made"
    assert opened().selectbox(key="model").value == "made"
    assert not [button for button in opened().button if button.key == "set_default"]


@needs_model
@pytest.mark.usefixtures("second")
def test_the_card_of_an_imported_model_is_shown_as_text_and_the_model_can_be_removed(second: Path) -> None:
    page = opened(model="made")
    assert any("[link](https://example.org)" in code.value for code in page.code)
    assert not any("example.org" in text.value for text in page.markdown)
    page.button(key="remove_model").click().run()
    assert not page.exception
    assert not second.exists()
    assert default_model() in find_models()


@needs_model
@pytest.mark.usefixtures("second")
def test_two_models_stand_beside_each_other_with_what_makes_them_incomparable() -> None:
    page = opened(model="made", beside=default_model().name)
    assert page.selectbox(key="beside").value == default_model().name
    tables = [frame.value for frame in page.dataframe if list(frame.value)[:1] == ["metric"]]
    beside = next(table for table in tables if "made" in table)
    assert beside["made"].tolist()[0] == "0.810 [0.750, 0.860]"
    assert any("say little of which model is better" in caption.value for caption in page.caption)
    classes = next(frame.value for frame in page.dataframe if "made: in training" in frame.value)
    assert len(classes) == COUNT


@needs_model
def test_a_zip_is_taken_in_by_the_page_or_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    released = default_model()
    page = opened()
    assert page.button(key="import_model").disabled
    page.get("file_uploader")[0].set_value(("model.zip", b"PK no zip", "application/zip")).run()
    page.button(key="import_model").click().run()
    assert ["This is no zip of a model" in error.value for error in page.error] == [True]
    manifest = (released / "model.json").read_bytes().replace(b'"name": "ssl-tsg-cinc2020"', b'"name": "taken"', 1)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for part in released.iterdir():
            archive.writestr(part.name, manifest if part.name == "model.json" else part.read_bytes())
    page.get("file_uploader")[0].set_value(("model.zip", sink.getvalue(), "application/zip")).run()
    page.button(key="import_model").click().run()
    assert not page.exception, page.exception
    assert not page.error
    assert page.subheader[0].value.startswith("taken ")
    assert find_models() == [released, tmp_path / "models" / "taken"]


@needs_model
def test_the_page_offers_the_onnx_file_that_is_kept_and_makes_it_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    page = opened()
    assert "onnx_graph" not in [button.key for button in page.get("download_button")]
    asked: list[Path] = []

    def made(folder: Path, root: Path, *_: object) -> OnnxFile:
        asked.append(folder)
        graph = root / "exports" / f"{folder.name}-{file_digest(folder / 'model.json')[:8]}.onnx"
        graph.parent.mkdir(parents=True)
        graph.write_bytes(b"graph")
        told = {"compared_with_torch": {"windows": 22, "probability": 3e-6}}
        graph.with_suffix(".json").write_text(json.dumps(told))
        return OnnxFile(graph, graph.with_suffix(".json"), told)

    # how it is made has tests of its own, in tests/models/test_onnx_export.py
    monkeypatch.setattr("pages.parts.model_use.make_onnx", made)
    page.button(key="make_onnx").click().run()
    assert not page.exception, page.exception
    assert asked == [default_model()]
    assert any("3.0e-06 at most" in caption.value for caption in page.caption)
    assert any(f'Path("{default_model().name}.json")' in code.value for code in page.code)
    assert {"onnx_graph", "onnx_json", "export_zip"} <= {button.key for button in page.get("download_button")}
