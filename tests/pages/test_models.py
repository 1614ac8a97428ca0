"""The Models page: without a model, with one, and with one that is not what was released."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.inference.card import find_models
from ecgssl_core.models.manifest import Decision, Labels, Manifest, Training, file_digest
from ecgssl_core.settings import ClassifierSettings
from ecgssl_core.signals.spec import InputSpec

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
    assert classes["in training"].tolist() == list(range(COUNT))
    assert "19 classes in the macro means" in page.markdown[0].value


@pytest.mark.parametrize("part", ["model.safetensors", "card.md"])
def test_a_changed_or_missing_part_is_named(bundle: Path, part: str) -> None:
    (bundle / part).write_bytes(b"other")
    assert part in shown(bundle).error[0].value.replace("\\", "")
    (bundle / part).unlink()
    assert part in shown(bundle).error[0].value.replace("\\", "")


def test_the_page_shows_a_released_model_or_how_to_get_one() -> None:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.switch_page("pages/models.py").run()
    assert not page.exception, page.exception
    if find_models():
        assert "Whole" in page.success[0].value
        assert [tab.label for tab in page.tabs] == ["Card", "Scores", "Classes", "Input"]
    else:
        assert "no model" in page.info[0].value
        assert "release RUN" in page.code[0].value
