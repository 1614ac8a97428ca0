"""The printed page measured: what is called 25 mm/s and 10 mm/mV is that, to a tenth of a millimetre."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.plots.paper_ecg import LAYOUTS
from ecgssl_core.printed import PAPERS, SheetOptions, reading_sheet
from ecgssl_core.printed.options import Paper
from ecgssl_core.printed.paper import THICK, THIN
from ecgssl_core.records import Record
from tests.printed.measuring import Page, opened

TENTH_MM = 0.1
Example = Callable[..., Record]


def first_page(record: Record, **options: object) -> Page:
    return opened(reading_sheet(record, options=SheetOptions(**options)))[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(("paper", "size"), [("A4", (297.0, 210.0)), ("Letter", (279.4, 215.9))])
def test_the_page_is_as_large_as_the_paper_and_ten_seconds_fit_across(
    paper: Paper, size: tuple[float, float], example: Example
) -> None:
    assert PAPERS[paper] == size
    page = first_page(example(), paper=paper)
    assert page.size == pytest.approx(size, abs=0.01)
    x = np.concatenate([line[:, 0] for line in page.traces()])
    assert np.ptp(x) == pytest.approx(250, abs=0.5)
    assert x.min() > 5
    assert x.max() < size[0] - 5
    assert all(line[:, 1].max() < size[1] - 5 for stroke in page.strokes for line in stroke.lines)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(("speed", "gain"), [(25, 10), (25, 5), (50, 20)])
def test_each_row_begins_with_a_pulse_of_one_millivolt_and_two_tenths_of_a_second(
    paper: Paper, speed: float, gain: float, example: Example
) -> None:
    page = first_page(example(), paper=paper, speed=speed, gain=gain)
    assert page.pulses
    for pulse in page.pulses:
        assert np.ptp(pulse[:, 1]) == pytest.approx(gain, abs=TENTH_MM / 10)
        assert pulse[3][0] - pulse[2][0] == pytest.approx(0.2 * speed, abs=TENTH_MM / 10)


def test_every_sample_of_every_lead_is_where_the_scale_puts_it(example: Example) -> None:
    record = example("HR00009.hea")
    lines = [
        line for page in opened(reading_sheet(record, options=SheetOptions(layout="12x1"))) for line in page.traces()
    ]
    assert len(lines) == 12
    for lead, line in enumerate(lines):
        signal = record.signal[lead].astype(np.float64)
        assert len(line) == len(signal)
        assert np.ptp(line[:, 0]) == pytest.approx((len(signal) - 1) / record.rate * 25, abs=TENTH_MM / 10)
        steps = np.diff(line[:, 0])
        assert steps == pytest.approx(np.full(len(steps), 25 / record.rate), abs=TENTH_MM / 10)
        upwards = -(line[:, 1] - line[0, 1])
        assert upwards == pytest.approx((signal - signal[0]) * 10, abs=TENTH_MM / 10)


def test_the_grid_is_one_and_five_millimetres_in_both_directions(example: Example) -> None:
    page = first_page(example())
    for colour, pitch in ((THIN, 1.0), (THICK, 5.0)):
        (grid,) = page.of_colour(colour)
        upright = sorted(line[0][0] for line in grid.lines if line[0][0] == line[1][0])
        flat = sorted(line[0][1] for line in grid.lines if line[0][1] == line[1][1])
        for places in (upright, flat):
            assert len(places) > 20
            assert np.diff(places) == pytest.approx(np.full(len(places) - 1, pitch), abs=TENTH_MM / 10)
    thin, thick = (page.of_colour(colour)[0].width for colour in (THIN, THICK))
    assert thin < thick


def test_a_second_is_five_large_boxes_and_baselines_lie_on_heavy_lines(example: Example) -> None:
    page = first_page(example())
    (grid,) = page.of_colour(THICK)
    flat = {round(line[0][1], 2) for line in grid.lines if line[0][1] == line[1][1]}
    assert all(round(pulse[0][1], 2) in flat for pulse in page.pulses)


def test_the_ruler_is_fifty_millimetres(example: Example) -> None:
    for page in opened(reading_sheet(example()))[:1]:
        assert "This line is 50 mm: print at 100 %" in page.words
        rulers = [line for stroke in page.of_colour("000000") for line in stroke.lines if len(line) == 2]
        assert any(np.ptp(line[:, 0]) == pytest.approx(50, abs=TENTH_MM / 10) for line in rulers)


def test_at_twice_the_speed_ten_seconds_take_two_pages(example: Example) -> None:
    pages = opened(reading_sheet(example(), options=SheetOptions(speed=50, gain=5)))
    assert "0.0 s to 5.0 s of a recording of 10.0 s" in pages[0].words
    assert "5.0 s to 10.0 s of a recording of 10.0 s" in pages[1].words
    for page in pages[:2]:
        assert np.ptp(np.concatenate([line[:, 0] for line in page.traces()])) == pytest.approx(250, abs=0.5)
        assert "50 mm/s · 5 mm/mV · HALF GAIN" in page.words


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_row_of_every_layout_is_printed_once_and_inside_of_the_page(layout: str, example: Example) -> None:
    record = example("HR00180.hea")
    pages = opened(reading_sheet(record, options=SheetOptions(layout=layout, cabrera=True)))[:-1]
    rows = [pulse for page in pages for pulse in page.pulses]
    assert len(rows) == {"3x4": 4, "3x4+3": 6, "6x2": 6, "12x1": 12}[layout]
    assert "−aVR" in " ".join(page.words for page in pages)
    for page in pages:
        assert max(pulse[:, 1].max() for pulse in page.pulses) < 210 - 20


def test_a_printer_draws_the_pulse_ten_millimetres_high(example: Example, tmp_path: Path) -> None:
    (tmp_path / "sheet.pdf").write_bytes(reading_sheet(example()))
    command = ["pdftoppm", "-r", "254", "-gray", "-f", "1", "-l", "1", "sheet.pdf", "page"]
    try:
        subprocess.run(command, cwd=tmp_path, check=True)
    except FileNotFoundError:
        pytest.skip("pdftoppm is not here")
    (picture,) = tmp_path.glob("page*.pgm")
    head, pixels = picture.read_bytes().split(b"255\n", 1)
    width, height = map(int, head.split()[1:3])
    dark = np.frombuffer(pixels, np.uint8).reshape(height, width) < 90  # ten pixels a millimetre
    pulse = first_page(example()).pulses[0]
    top, foot = (pulse[2] + pulse[3]) / 2, (pulse[0] + pulse[1]) / 2
    rows = [np.flatnonzero(dark[round(10 * y) - 15 : round(10 * y) + 15, round(10 * x)]) for x, y in (top, foot)]
    measured = (foot[1] - top[1]) + (rows[1].mean() - rows[0].mean()) / 10
    assert measured == pytest.approx(10, abs=TENTH_MM)
    assert abs(rows[0].mean() - 15) < 2  # where the file says, it is drawn
