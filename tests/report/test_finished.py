"""Runs as the report reads them: what cannot be read is one sentence, and the others stay."""

from pathlib import Path

import pytest

from ecgssl_core.errors import RunError
from ecgssl_core.report.finished import read_finished
from ecgssl_core.runs import create_run
from ecgssl_core.settings import load_preset
from tests.made_runs import make_encoder
from tests.report.conftest import Make


def test_a_run_that_cannot_be_read_is_a_sentence_and_the_others_stay(data: Path, made: Make) -> None:
    good, strange, torn, bare = (made(f"data.fold={fold}") for fold in range(4))
    (strange.path / "config.toml").write_text("[training]\nepoks = 3\n")
    (torn.path / "metrics.json").write_text('{"arm": ')
    bare.write_predictions(bare.predictions().drop(columns="patient"))  # type: ignore[union-attr]
    waiting = create_run(load_preset("quick-tsg"), data)
    found, sentences = read_finished([good, strange, torn, bare, waiting, good])
    assert [run.name for run in found] == [good.name]
    said = "\n".join(sentences)
    assert len(sentences) == 4
    assert "epoks" in said
    assert f"The run {torn.name} has a damaged metrics.json" in said
    assert f"The predictions of the run {bare.name} lack patient" in said
    assert f"The run {waiting.name} has no scores yet" in said


@pytest.mark.parametrize("more", [{"classes": ["1", "2"]}, {"decision": {}}, {"decision": {"thresholds": [0.5]}}])
def test_scores_of_another_form_are_left_out_by_name(made: Make, more: dict[str, object]) -> None:
    run = made(**more)
    with pytest.raises(RunError, match=f"{run.name} has scores of another form"):
        read_finished([run])


def test_pretrainings_are_left_out_silently(data: Path, made: Make) -> None:
    found, sentences = read_finished([make_encoder(data), made()])
    assert (len(found), sentences) == (1, [])


def test_nothing_to_report_on_says_so(data: Path) -> None:
    with pytest.raises(RunError, match="no scored run to report on"):
        read_finished([make_encoder(data)])


@pytest.mark.parametrize(
    ("said", "exposure"),
    [
        ("fold-pure: no held-out record seen", "fold-pure"),
        ("transductive", "transductive"),
        ("<script>", "exposure not known"),
    ],
)
def test_the_exposure_is_a_word_that_is_known(data: Path, made: Make, said: str, exposure: str) -> None:
    encoder = make_encoder(data).name
    run = made(f'data.encoders=["{encoder}"]', protocol={"pretraining": said})
    assert read_finished([run])[0][0].exposure == exposure


def test_an_encoder_that_is_gone_leaves_its_transformations_unknown(made: Make) -> None:
    run = made('data.encoders=["20200101T000000Z_gone_aaaa"]')
    assert read_finished([run])[0][0].variant == "not known"
