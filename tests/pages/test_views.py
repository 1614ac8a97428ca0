"""The Views page: every control moves the views, every setting survives, nothing makes it fall."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ecgssl_core.settings import load_preset, override, parse_settings, settings_text
from pages.parts.keys import TRAIN_WITH, VIEW_VALUES

APP = str(Path(__file__).parents[2] / "app.py")
CUT = "tune views.time.cutout_low"


def _opened(**address: str) -> AppTest:
    page = AppTest.from_file(APP, default_timeout=120)
    page.switch_page("pages/views.py")
    for name, value in address.items():
        page.query_params[name.replace("__", ".")] = value
    return page.run()


@pytest.fixture(autouse=True)
def without_packs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))


@pytest.fixture(autouse=True)
def staying_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train takes what it is handed as soon as it opens; its own tests look at that."""
    monkeypatch.setattr(st, "switch_page", lambda _: None)


@pytest.fixture
def page() -> AppTest:
    return _opened(seed="0")


def _figure(page: AppTest) -> str:
    assert not page.exception
    return next(one.proto.spec for one in page.get("plotly_chart") if one.proto.id.endswith(("views", "sheet")))


def test_the_first_visit_shows_a_sample_its_views_and_what_is_left_of_the_ecg(page: AppTest) -> None:
    assert not page.exception
    assert not page.error
    assert [one.proto.id.rpartition("-")[2] for one in page.get("plotly_chart")] == ["strip", "views"]
    assert page.dataframe[0].value["view"].tolist()[:2] == ["global 1", "global 2"]


def test_every_switch_can_be_turned_and_shows_its_sliders(page: AppTest) -> None:
    before = {slider.key for slider in page.slider}
    for toggle in page.toggle:
        if toggle.key.startswith("tune") and toggle.key != "tune views.time.adjacent":
            toggle.set_value(True)
    page.run()
    assert not page.exception
    assert all(one.value.startswith("These settings change") for one in page.error)
    shown = {slider.key for slider in page.slider} - before
    assert {"tune views.disturb.hum_high_mv", "tune views.disturb.rotate_deg", "tune views.time.global_low"} <= shown
    assert page.selectbox(key="tune views.disturb.hum_hz").options == ["50 or 60", "50", "60"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (CUT, (30.0, 40.0)),
        ("tune views.time.noise_low_mv", (0.05, 0.08)),
        ("tune views.time.local_samples", 1.5),
        ("tune views.locals", 2),
        ("tune views.lead_keep", 90.0),
        ("tune input.highpass_hz", 0.0),
    ],
)
def test_every_slider_moves_the_views(page: AppTest, key: str, value: object) -> None:
    before = _figure(page)
    page.slider(key=key).set_value(value).run()
    assert _figure(page) != before


def test_settings_of_samples_are_shown_in_seconds_and_shares_in_per_cent(page: AppTest) -> None:
    assert page.slider(key="tune views.time.global_samples").value == 2.5
    assert page.slider(key="tune views.time.global_samples").label.endswith("(s)")
    assert page.slider(key=CUT).value == (10.0, 40.0)
    assert page.slider(key=CUT).label.endswith("(%)")
    page.slider(key="tune views.time.global_samples").set_value(3.0)
    page.slider(key=CUT).set_value((20.0, 30.0)).run()
    views = parse_settings(_text(page)).views.time
    assert (views.global_samples, views.cutout_low, views.cutout_high) == (300, 0.2, 0.3)


def _text(page: AppTest) -> str:
    page.button(key="train with").click().run()
    return str(page.session_state[TRAIN_WITH])


def test_it_says_which_preset_would_be_trained(page: AppTest) -> None:
    assert any("the preset quick-time, changed" in one.value for one in page.caption)
    page.segmented_control(key="modality").set_value("spectrogram").run()
    (said,) = [one.value for one in page.caption if "opens the form" in one.value]
    assert "of the spectrogram: the preset quick-spectrogram, and not of quick-time" in said


def test_settings_stay_when_a_step_is_added_and_when_the_modality_is_switched(page: AppTest) -> None:
    page.slider(key=CUT).set_value((20.0, 30.0)).run()
    page.toggle(key="tune views.disturb.hum").set_value(True).run()
    page.toggle(key="tune views.time.cutout").set_value(False).run()
    page.segmented_control(key="modality").set_value("spectrogram").run()
    assert page.toggle(key="tune views.spectrogram.frequency_cutout").value
    page.segmented_control(key="modality").set_value("time").run()
    page.toggle(key="tune views.time.cutout").set_value(True).run()
    assert page.slider(key=CUT).value == (20.0, 30.0)
    assert page.toggle(key="tune views.disturb.hum").value


def test_the_spectrogram_has_settings_of_its_own(page: AppTest) -> None:
    page.segmented_control(key="modality").set_value("spectrogram").run()
    before = _figure(page)
    page.slider(key="tune input.stft_window").set_value(0.4).run()
    wide = _figure(page)
    page.toggle(key="tune input.log_spectrogram").set_value(False).run()
    assert len({before, wide, _figure(page)}) == 3
    assert not page.dataframe


def test_an_overlap_as_long_as_the_window_is_one_sentence(page: AppTest) -> None:
    page.segmented_control(key="modality").set_value("spectrogram").run()
    page.slider(key="tune input.stft_overlap").set_value(0.5).run()
    assert not page.exception
    assert "shorter than input.stft_window" in page.error[0].value


def test_views_longer_than_their_source_are_one_sentence(page: AppTest) -> None:
    page.slider(key="tune views.time.source").set_value(1.0).run()
    assert not page.exception
    assert "cannot be longer" in page.error[0].value


def test_all_leads_one_lead_and_any_view_can_be_looked_at(page: AppTest) -> None:
    one = _figure(page)
    page.selectbox(key="lead").set_value("V1").run()
    other = _figure(page)
    page.selectbox(key="lead").set_value("all leads").run()
    whole = _figure(page)
    page.selectbox(key="view").set_value("local 2").run()
    assert len({one, other, whole, _figure(page)}) == 4


def test_drawing_again_moves_the_seed_and_a_link_brings_the_draw_back(page: AppTest) -> None:
    before = _figure(page)
    page.button(key="dice").click().run()
    drawn = _figure(page)
    assert drawn != before
    assert page.number_input(key="seed").value == 1
    assert _figure(_opened(seed="1")) == drawn


def test_the_address_carries_what_was_changed_and_nothing_of_the_record(page: AppTest) -> None:
    page.slider(key=CUT).set_value((20.0, 30.0))
    page.toggle(key="tune views.disturb.wander").set_value(True).run()
    drawn, address = _figure(page), dict(page.query_params)
    assert address["views.disturb.wander"] == "true"
    assert {name for name in address if not name.startswith(("views.", "input."))} <= {"preset", "modality", "seed"}
    linked = _opened(**{name.replace(".", "__"): value for name, value in address.items()})
    assert _figure(linked) == drawn
    page.toggle(key="tune views.disturb.wander").set_value(False).run()
    assert "views.disturb.wander" not in page.query_params


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ({"views__time__noize": "true"}, "views.time.noise"),
        ({"views__time__noise_high_mv": "7"}, "noise_high_mv"),
        ({"preset": "nobody"}, "does not exist"),
    ],
)
def test_an_address_that_cannot_be_is_one_sentence(address: dict[str, str], sentence: str) -> None:
    page = _opened(**address)
    assert not page.exception
    assert sentence in page.error[0].value
    assert _figure(page)


@pytest.mark.parametrize("count", [4, 12])
def test_several_draws_stand_side_by_side_and_one_can_be_kept(page: AppTest, count: int) -> None:
    page.segmented_control(key="draws").set_value(count).run()
    assert not page.exception
    kept = 3
    assert f"seed {kept}" in _figure(page)
    assert page.button(key="train with").label == "Train with these"
    page.pills(key="keep").set_value(kept).run()
    assert page.number_input(key="seed").value == kept
    assert _figure(page) == _figure(_opened(seed=str(kept)))


def test_every_preset_of_views_can_be_begun_with_and_those_of_the_same_views_look_alike(page: AppTest) -> None:
    figures: dict[str, set[str]] = {}
    for name in page.selectbox(key="view preset").options:
        page.selectbox(key="view preset").set_value(name).run()
        assert not page.exception, name
        settings = load_preset(name)
        assert page.segmented_control(key="modality").value == settings.modality
        told = settings.views.model_dump_json() + settings.input.model_dump_json() + settings.modality
        figures.setdefault(told, set()).add(_figure(page))
    assert {len(found) for found in figures.values()} == {1}
    # two forms of lead masking may leave the same leads in one draw
    assert len(set.union(*figures.values())) >= 12


def test_segments_of_500_hz_stand_side_by_side_in_their_seconds(page: AppTest) -> None:
    page.selectbox(key="view preset").set_value("oh2022-small").run()
    assert not page.exception
    sliders = {slider.key: slider.value for slider in page.slider}
    assert sliders["tune views.time.source"] == 10
    assert sliders["tune views.time.global_samples"] == 5
    traces = json.loads(_figure(page))["data"]
    assert {"global view"} <= {trace.get("name") for trace in traces}
    assert page.dataframe[0].value["view"].tolist()[:2] == ["global 1", "global 2"]


def test_a_toml_of_ones_own_fills_the_sliders_and_comes_out_again(page: AppTest) -> None:
    own = override(load_preset("quick-spectrogram"), ["views.spectrogram.frequency_bins=4", "training.epochs=77"])
    page.file_uploader(key="view toml").set_value([("mine.toml", settings_text(own).encode(), "text/plain")]).run()
    assert not page.error
    assert page.slider(key="tune views.spectrogram.frequency_bins").value == 4
    assert parse_settings(_text(page)) == own


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[views.time]\nnoize = true\n", "views.time.noise"),
        (b"[views.time]\nnoise_high_mv = 9.0\n", "noise_high_mv"),
        (b"views = [", "not TOML"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_a_wrong_toml_gets_one_sentence_and_changes_nothing(page: AppTest, content: bytes, sentence: str) -> None:
    before = _figure(page)
    page.file_uploader(key="view toml").set_value([("mine.toml", content, "text/plain")]).run()
    assert not page.exception
    assert len(page.error) == 1
    assert sentence in page.error[0].value
    assert _figure(page) == before


def test_train_is_handed_the_settings_as_they_stand(page: AppTest) -> None:
    page.toggle(key="tune views.disturb.hum").set_value(True).run()
    settings = parse_settings(_text(page))
    assert settings == override(load_preset("quick-time"), ["views.disturb.hum=true"])


def test_a_stretched_view_turns_the_bar(page: AppTest) -> None:
    page.selectbox(key="view preset").set_value("phan2022-time").run()
    quiet = [one.value for one in [*page.error, *page.warning] if "These settings change" in one.value]
    page.toggle(key="tune views.time.stretch").set_value(True).run()
    assert any("change the rhythm" in one.value for one in page.error)
    assert not any("rhythm" in words for words in quiet)


def test_a_file_that_is_no_ecg_is_refused_in_a_sentence(page: AppTest) -> None:
    page.get("file_uploader")[0].set_value([("notes.txt", b"hello", "text/plain")]).run()
    assert not page.exception
    assert "no ECG" in page.error[0].value


def _csv(leads: str, columns: int) -> bytes:
    rows = [f"time,{leads}"]
    rows += [
        ",".join([f"{at / 100:.2f}", *[f"{(at % 80 == 0) + 0.01 * lead:.2f}"] * columns])
        for lead in (0,)
        for at in range(1000)
    ]
    return "\n".join(rows).encode()


def test_a_record_with_two_leads_is_shown_with_what_it_has(page: AppTest) -> None:
    page.get("file_uploader")[0].set_value([("two.csv", _csv("V1 (mV),V2 (mV)", 2), "text/csv")]).run()
    assert not page.exception
    assert "training would not take it" in page.info[0].value
    assert page.selectbox(key="lead").options == ["all leads", "V1", "V2"]
    page.toggle(key="tune views.disturb.rotate").set_value(True).run()
    assert "twelve standard leads" in page.error[-1].value


def test_a_long_recording_shows_where_its_views_come_from(page: AppTest, real: Callable[[str], Path]) -> None:
    files = sorted(real("mitdb").rglob("100.*"))
    page.get("file_uploader")[0].set_value([(one.name, one.read_bytes(), "") for one in files]).run()
    assert not page.exception
    assert "s; their own time begins there" in "".join(one.value for one in page.caption)


def test_the_released_model_is_asked_only_where_wanted(page: AppTest) -> None:
    assert not page.metric
    page.toggle(key="view asks").set_value(True).run()
    assert not page.exception
    labels = [one.label for one in page.metric]
    assert labels == ["Cosine of the model's features", "QRS (ms)", "PR (ms)", "QT (ms)"]
    assert -1 <= float(page.metric[0].value) <= 1


def test_without_a_pack_the_way_to_one_is_shown(page: AppTest) -> None:
    assert "no pack to look at" in page.info[-1].value


def test_what_was_changed_is_kept_in_the_session_alone(page: AppTest) -> None:
    page.slider(key=CUT).set_value((20.0, 30.0)).run()
    assert page.session_state[VIEW_VALUES]["views.time.cutout_low"] == 0.2
    assert _opened().slider(key=CUT).value == (10.0, 40.0)
