"""What people say of a run is kept beside it; what tells runs apart is told, and nothing else."""

from pathlib import Path

import pytest

from ecgssl_core.errors import RunError
from ecgssl_core.runs import (
    Remarks,
    RunDir,
    create_run,
    differing,
    glance,
    glances,
    read_remarks,
    settings_of,
    write_remarks,
)
from ecgssl_core.settings import Settings, load_preset, override


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    return create_run(Settings(preset="quick-time"), tmp_path)


def test_a_note_and_tags_come_back_without_blanks_and_repeats(run: RunDir) -> None:
    assert read_remarks(run) == Remarks()
    write_remarks(run, "  too fast ", ["paper", " paper", "", "first try "])
    assert read_remarks(run) == Remarks("too fast", ("paper", "first try"))
    assert glance(run).remarks.tags == ("paper", "first try")


def test_too_much_is_refused_and_a_damaged_file_says_nothing(run: RunDir) -> None:
    with pytest.raises(RunError, match="at most 2000"):
        write_remarks(run, "x" * 2001, [])
    with pytest.raises(RunError, match="at most 12 tags"):
        write_remarks(run, "", [str(place) for place in range(13)])
    with pytest.raises(RunError, match="30 letters"):
        write_remarks(run, "", ["x" * 31])
    for damaged in ("{", "[]", '{"note": 1}'):
        (run.path / "remarks.json").write_text(damaged)
        assert read_remarks(run) == Remarks()


def test_only_what_differs_is_told() -> None:
    one = load_preset("quick-time")
    two = override(one, ["training.epochs=3", "views.time.noise=false"])
    assert differing({"a": one, "b": one}) == {}
    assert differing({"a": one, "b": two}) == {
        "views.time.noise": {"a": True, "b": False},
        "training.epochs": {"a": 8, "b": 3},
    }


def test_a_glance_of_a_damaged_run_is_one_sentence(run: RunDir, tmp_path: Path) -> None:
    (run.path / "state.json").write_text("{")
    (one,) = glances(tmp_path)
    assert (one.state, one.settings, one.is_active) == (None, None, False)
    assert "damaged state.json" in one.damage


def test_settings_are_read_anew_when_their_file_changes(run: RunDir) -> None:
    assert settings_of(run) is settings_of(run)
    before = settings_of(run)
    text = (run.path / "config.toml").read_text().replace("epochs = 30", "epochs = 31")
    (run.path / "config.toml").write_text(text)
    assert settings_of(run) != before


def test_time_at_work_adds_up_over_starts(run: RunDir, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("time.time", lambda: clock[0])
    for state, seconds in (("running", 10.0), ("cancelled", 99.0), ("queued", 7.0), ("running", 5.0), ("done", 50.0)):
        run.write_state(state)  # type: ignore[arg-type]
        clock[0] += seconds
    assert run.state().worked_s == pytest.approx(15.0)
