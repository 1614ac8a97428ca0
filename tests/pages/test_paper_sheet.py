"""What the canvas is given to draw."""

import base64
import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest


def page(height_mv: float, missing: bool) -> None:
    import numpy as np

    from ecgssl_core.records.assemble import assemble
    from ecgssl_core.records.draft import Channel, Draft
    from pages.parts.paper_ecg import show_paper

    leads = ("I", "II", "V1")
    signal = np.zeros((3, 14300))
    signal[:, 100:200] = np.array([[1.0], [0.5], [-1.0]]) * height_mv
    if missing:
        signal[0, 300:310] = np.nan
    channels = tuple(Channel(lead, row, "mV", 0.001) for lead, row in zip(leads, signal, strict=True))
    show_paper(assemble("made", Draft("made", "made", 500.0, channels)))


def shown(height_mv: float = 1.0, missing: bool = False, **address: str) -> AppTest:
    found = AppTest.from_function(page, args=(height_mv, missing), default_timeout=60)
    for key, value in address.items():
        found.query_params["from" if key == "begin" else key] = value
    found.run()
    assert not found.exception, found.exception
    return found


def drawn(found: AppTest) -> tuple[dict[str, Any], np.ndarray]:
    (canvas,) = found.get("bidi_component")
    data = json.loads(canvas.proto.json)
    return data, np.frombuffer(base64.b64decode(data["samples"]), "<i2")


def heights(found: AppTest) -> dict[str, float]:
    """Peak to peak of each strip, in mV."""
    data, samples = drawn(found)
    sheet = data["sheet"]
    cut = [samples[strip["first"] : strip["first"] + strip["count"]] for strip in sheet["strips"]]
    known = [values[values != -32768].astype(float) * sheet["lsb_mv"] for values in cut]
    return {label["text"]: float(np.ptp(one)) for label, one in zip(sheet["labels"], known, strict=True)}


@pytest.mark.parametrize("height_mv", [0.1, 1.0, 80.0])
def test_the_samples_arrive_in_millivolts(height_mv: float) -> None:
    found = heights(shown(height_mv, layout="12x1"))
    assert found["I"] == pytest.approx(height_mv, rel=1e-3, abs=1e-3)
    assert found["III"] == pytest.approx(height_mv / 2, rel=1e-3, abs=1e-3)  # derived: II - I


def test_derived_leads_are_marked_and_missing_samples_left_out() -> None:
    data, samples = drawn(shown(missing=True, layout="12x1"))
    remarks = {label["text"]: label["remark"] for label in data["sheet"]["labels"]}
    assert remarks["I"] == ""
    assert remarks["aVF"] == "derived"
    assert (samples == -32768).sum() >= 10


def test_the_address_says_how_it_is_drawn() -> None:
    data, _ = drawn(shown(layout="12x1", speed="50", gain="5", grid="grey", begin="4"))
    assert data["sheet"]["scale"] == "50 mm/s · 5 mm/mV · HALF GAIN"
    assert data["paper"] == "grey"
    assert "4 to 14.0 s" in data["alt"]
    assert "layout 12×1" in data["alt"]


@pytest.mark.parametrize("address", [{"layout": "99"}, {"speed": "fast"}, {"gain": "-1"}, {"begin": "1e9"}])
def test_an_address_that_makes_no_sense_gives_the_usual_sheet(address: dict[str, str]) -> None:
    data, _ = drawn(shown(**address))
    assert data["sheet"]["scale"] == "25 mm/s · 10 mm/mV"


def test_the_sheet_says_what_it_is_for() -> None:
    assert "not reviewed by a physician" in drawn(shown())[0]["sheet"]["note"]
