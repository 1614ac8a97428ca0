"""What the canvas is given to draw, and what it says back."""

import base64
import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.inference.explained import Span
from ecgssl_core.plots.paper_layouts import LAYOUTS
from pages.parts.paper_sheet import Looks, _brushed


def page(height_mv: float, missing: bool, seconds: float, explained: bool) -> None:
    import numpy as np

    from ecgssl_core.inference.explained import Attribution, Seen
    from ecgssl_core.records.assemble import assemble
    from ecgssl_core.records.draft import Channel, Draft
    from pages.parts.paper_ecg import show_paper

    leads = ("I", "II", "V1", "V2", "V3")
    signal = np.zeros((5, round(seconds * 500)))
    signal[:, 100:200] = np.array([[1.0], [0.5], [-1.0], [0.2], [0.3]]) * height_mv
    if missing:
        signal[0, 300:310] = np.nan
    channels = tuple(Channel(lead, row, "mV", 0.001) for lead, row in zip(leads, signal, strict=True))
    record = assemble("made", Draft("made", "made", 500.0, channels))
    if not explained:
        show_paper(record)
        return
    seen = Seen(np.float32(2) * record.signal[:2, ::5], 100.0, ("I", "II"), "every fifth sample, twice as high")
    spoke = np.zeros((2, seen.signal.shape[1]), np.float32)
    spoke[0, 20:40], spoke[1, 20:40] = 3, -1
    show_paper(record, seen, (0.3, 1.1, 1.9), Attribution("426783006", ("I", "II"), 100.0, spoke, None, (), (), 0.0))


def shown(
    height_mv: float = 1.0, missing: bool = False, seconds: float = 28.6, explained: bool = False, **address: str
) -> AppTest:
    found = AppTest.from_function(page, args=(height_mv, missing, seconds, explained), default_timeout=60)
    for key, value in address.items():
        found.query_params["from" if key == "begin" else key] = value
    found.run()
    assert not found.exception, found.exception
    return found


def drawn(found: AppTest) -> tuple[dict[str, Any], np.ndarray]:
    """What is drawn, and the samples it is drawn from."""
    told = [json.loads(canvas.proto.json) for canvas in found.get("bidi_component")]
    samples, data = sorted(told, key=lambda tree: "sheet" in tree)
    assert samples["id"] == data["samples"]
    return data, np.frombuffer(base64.b64decode(samples["samples"]), "<i2")


def traces(found: AppTest, layer: int = 0) -> dict[str, np.ndarray]:
    """The samples of each lead's first strip, in mV as drawn."""
    data, samples = drawn(found)
    sheet = data["sheet"]
    known: dict[str, np.ndarray] = {}
    for strip in sheet["strips"]:
        if strip["layer"] == layer:
            cut = samples[strip["first"] : strip["first"] + strip["count"]].astype(float)
            values = np.where(cut == -32768, np.nan, cut * sheet["lsb_mv"] * strip["sign"])
            known.setdefault(strip["lead"], values)
    return known


def heights(found: AppTest, layer: int = 0) -> dict[str, float]:
    """Peak to peak of each lead, in mV."""
    return {lead: float(np.nanmax(values) - np.nanmin(values)) for lead, values in traces(found, layer).items()}


@pytest.mark.parametrize("height_mv", [0.1, 1.0, 80.0])
def test_the_samples_arrive_in_millivolts(height_mv: float) -> None:
    found = heights(shown(height_mv, layout="12x1"))
    assert found["I"] == pytest.approx(height_mv, rel=1e-3, abs=2e-3)
    assert found["III"] == pytest.approx(height_mv / 2, rel=1e-3, abs=2e-3)  # derived: II - I


def test_derived_leads_are_marked_and_gaps_are_marked_and_left_out() -> None:
    found = shown(missing=True, layout="12x1")
    data, _ = drawn(found)
    remarks = {label["text"]: label["remark"] for label in data["sheet"]["labels"]}
    assert remarks["I"] == ""
    assert remarks["aVF"] == "derived"
    assert np.isnan(traces(found)["I"][300:310]).all()
    gaps = [mark for mark in data["sheet"]["marks"] if mark["kind"] == "gap"]
    # the gap begins at 0.6 s and lasts 20 ms, in I and in the four leads that follow from it
    assert (gaps[0]["x"], gaps[0]["end"]) == pytest.approx((20 + 0.6 * 25, 20 + 0.62 * 25))
    assert len(gaps) == 5


def test_the_address_says_how_it_is_drawn() -> None:
    address = {"layout": "12x1", "speed": "50", "gain": "5", "grid": "night", "begin": "4", "order": "Cabrera"}
    data, _ = drawn(shown(**address))
    assert data["sheet"]["scale"] == "50 mm/s · 5 mm/mV · HALF GAIN"
    assert data["inks"]["ground"] == "#11161b"
    assert "4 to 14.0 s" in data["alt"]
    assert "layout 12×1" in data["alt"]
    assert [label["text"] for label in data["sheet"]["labels"]][:4] == ["aVL", "I", "−aVR", "II"]


@pytest.mark.parametrize(
    "address", [{"layout": "99"}, {"speed": "fast"}, {"gain": "-1"}, {"begin": "1e9"}, {"grid": "<b>"}, {"order": "x"}]
)
def test_an_address_that_makes_no_sense_gives_the_usual_sheet(address: dict[str, str]) -> None:
    data, _ = drawn(shown(**address))
    assert data["sheet"]["scale"] == "25 mm/s · 10 mm/mV"
    assert data["sheet"]["labels"][0]["text"] == "I"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("order", ["usual", "Cabrera"])
def test_samples_are_the_same_whatever_the_layout_and_arrive_under_the_right_lead(layout: str, order: str) -> None:
    usual, asked = shown(), shown(layout=layout, order=order)
    assert drawn(usual)[0]["samples"] == drawn(asked)[0]["samples"]
    (first,) = [strip for strip in drawn(asked)[0]["sheet"]["strips"] if strip["lead"] == "I"][:1]
    assert first["count"] > 1000
    turned = -1 if order == "Cabrera" else 1
    assert {strip["sign"] for strip in drawn(asked)[0]["sheet"]["strips"] if strip["lead"] == "aVR"} == {turned}


def test_inverted_avr_is_drawn_upside_down() -> None:
    usual, turned = traces(shown(layout="12x1")), traces(shown(layout="12x1", order="Cabrera"))
    np.testing.assert_allclose(turned["aVR"], -usual["aVR"], atol=1e-6)
    np.testing.assert_allclose(turned["aVL"], usual["aVL"], atol=1e-6)


def test_the_sheet_says_what_it_is_for_and_how_it_came_about() -> None:
    data, _ = drawn(shown())
    assert "not reviewed by a physician" in data["sheet"]["note"]
    (words,) = data["statements"]
    assert words.startswith("As recorded, 500 samples/s: no filter here")
    assert "own median" in words
    assert len(data["layers"]) == 1
    assert not data["brush"]


def test_what_the_model_sees_lies_in_the_same_place_on_a_layer_of_its_own() -> None:
    found = shown(explained=True, layout="12x1")
    data, _ = drawn(found)
    assert data["layers"] == ["as recorded, 500/s", "AS THE MODEL SEES IT, 100/s"]
    assert "every fifth sample" in data["statements"][1]
    assert "Above 50 Hz nothing is left" in data["statements"][1]
    assert data["brush"]
    recorded, seen = heights(found), heights(found, 1)
    assert seen["I"] == pytest.approx(2 * recorded["I"], rel=1e-3)
    places = {(strip["lead"], strip["layer"]): (strip["x"], strip["y"]) for strip in data["sheet"]["strips"]}
    assert places["I", 0] == places["I", 1]
    remarks = {label["text"]: label["seen"] for label in data["sheet"]["labels"]}
    assert (remarks["I"], remarks["V1"]) == ("", "not read by the model")


def test_a_guessed_unit_stands_beside_the_scale() -> None:
    def guessed() -> None:
        import numpy as np

        from ecgssl_core.records import Record
        from pages.parts.paper_ecg import show_paper

        signal = np.zeros((1, 5000), np.float32)
        show_paper(Record("made", signal, 500.0, ("I",), {"I": "guessed"}, (0.001,), None, None, "made", (), ()))

    found = AppTest.from_function(guessed).run()
    assert drawn(found)[0]["layers"] == ["as recorded, 500/s · UNIT GUESSED"]
    assert "UNIT GUESSED" not in drawn(shown())[0]["layers"][0]
    assert any("a row for each" in caption.value for caption in found.caption)


def test_beats_carry_the_interval_since_the_one_before() -> None:
    data, _ = drawn(shown(explained=True))
    assert [beat[1] for beat in data["sheet"]["beats"]] == [None, pytest.approx(800), pytest.approx(800)]
    assert [beat[0] for beat in data["sheet"]["beats"]] == pytest.approx([20 + 25 * at for at in (0.3, 1.1, 1.9)])


def test_what_spoke_for_a_class_is_shaded_with_a_figure_for_each_lead() -> None:
    data, _ = drawn(shown(explained=True, layout="12x1"))
    shares = {label["text"]: label["share"] for label in data["sheet"]["labels"]}
    assert (shares["I"], shares["II"], shares["V1"]) == ("+75 %", "−25 %", "")
    first, second = data["sheet"]["shades"]
    assert max(first["values"]) == 100
    assert min(first["values"]) == 0
    assert min(second["values"]) == -33
    assert "426783006" in data["legend"]
    # 0.2 to 0.4 s, at 25 mm/s in bins of 1 mm
    assert np.flatnonzero(first["values"]).tolist() == [5, 6, 7, 8, 9]


def test_the_buttons_turn_ten_seconds_and_stop_at_the_ends() -> None:
    found = shown()
    found.button(key="later").click().run()
    assert "10 to 20.0 s" in drawn(found)[0]["alt"]
    found.button(key="later").click().run()
    assert "18.6 to 28.6 s" in drawn(found)[0]["alt"]
    found.button(key="earlier").click().run()
    found.button(key="earlier").click().run()
    assert "0 to 10.0 s" in drawn(found)[0]["alt"]


def test_a_short_record_has_nothing_to_turn() -> None:
    found = shown(seconds=10)
    assert not found.slider
    assert not found.button


def test_a_lead_that_leaves_its_row_is_named() -> None:
    found = shown(80.0, layout="12x1")
    assert any("leave their row" in caption.value for caption in found.caption)
    assert "leaves its row" in drawn(found)[0]["sheet"]["labels"][0]["remark"]


def test_a_half_hour_goes_to_the_browser_ten_seconds_at_a_time() -> None:
    data, samples = drawn(shown(seconds=1800, begin="900", layout="12x1"))
    assert "900 to 910.0 s" in data["alt"]
    leads = len(data["sheet"]["labels"])
    assert len(samples) == leads * 5001
    # what a change of speed, gain or paper sends again
    assert len(json.dumps({**data, "samples": ""})) < 12_000


def test_a_brushed_stretch_comes_back_unless_it_is_of_another_record_or_is_none() -> None:
    told = {"lead": "V2", "start_s": 1.0, "end_s": 1.5, "of": "this"}
    looks = Looks("", of="this", brush=True)
    assert _brushed(told, looks) == Span("V2", 1.0, 1.5)
    assert _brushed({**told, "lead": None}, looks) == Span(None, 1.0, 1.5)
    assert _brushed({**told, "of": "other"}, looks) is None
    assert _brushed({**told, "end_s": 1.01}, looks) is None
    assert _brushed(None, looks) is None
