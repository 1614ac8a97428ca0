"""Some steps on noise tell how long a step takes; nothing is read and nothing is kept."""

import json
from pathlib import Path

import pytest

from ecgssl_core import cli
from ecgssl_core.errors import OwnFault, SettingsError
from ecgssl_core.jobs import tried_pace
from ecgssl_core.settings import load_preset, override
from ecgssl_core.training import trial

SMALL = ["training.batch=4", "training.threads=1"]
VIEWS = ["views.locals=0", "distillation.prototypes=16", "distillation.hidden=32"]


@pytest.mark.parametrize(
    ("preset", "changes"), [("quick-time", VIEWS), ("quick-spectrogram", VIEWS), ("quick-tsg", ["data.fold=3"])]
)
def test_every_kind_of_training_tells_its_steps(
    preset: str, changes: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trial, "STEPS", 2)
    assert cli.main(["measure", preset, "--json", "--set", *SMALL, *changes]) == 0
    told = json.loads(capsys.readouterr().out)
    assert 1 <= len(told["seconds_of_a_record"]) <= 2
    assert all(seconds > 0 for seconds in told["seconds_of_a_record"])


def test_a_baseline_takes_no_steps() -> None:
    with pytest.raises(SettingsError, match="takes no steps"):
        trial.try_steps(load_preset("baseline"))


def test_the_process_that_tries_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(OwnFault, match="could not be tried out: A baseline takes no steps"):
        tried_pace(load_preset("baseline"), tmp_path)


def test_the_process_that_tries_gives_a_pace(tmp_path: Path) -> None:
    pace = tried_pace(override(load_preset("quick-time"), [*SMALL, *VIEWS]), tmp_path)
    assert pace.like is None
    assert min(pace.seconds) > 0
    assert list(tmp_path.iterdir()) == []
