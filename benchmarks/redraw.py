"""How long the Views page takes to answer a slider, beside a page with one slider and an empty figure.

Scripts run in this process, without a browser: what is timed is the whole run of the page, from the moved slider to the
last element. The size of the figure that a browser then gets is printed beside it.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages.parts import pending

ROOT = Path(__file__).parents[1]
TIMES = 20
AIM_MS = 200.0
CASES = {
    "one lead, six views": {},
    "all leads": {"lead": "all leads"},
    "one lead, ten views (phan2022-time)": {"preset": "phan2022-time"},
    "spectrogram": {"preset": "quick-spectrogram"},
    "twelve draws": {"draws": "12"},
}


def main() -> None:
    """Print the median, and the 5th to 95th percentile, of each case with its ratio to the empty figure."""
    pending.PATIENCE_S = 120.0  # the first run waits for what it needs; later ones find it there
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ECGSSL_DATA"] = folder
        # a pack to choose: without one the page links to another, which a page run alone cannot
        manifest = Path(folder) / "packs" / "none" / "pack.json"
        manifest.parent.mkdir(parents=True)
        manifest.write_text("{}")
        empty = answered(AppTest.from_file(str(ROOT / "benchmarks" / "apps" / "empty_figure.py")).run(), "number")
        show("empty figure", empty, statistics.median(empty), 0)
        for name, address in CASES.items():
            page = AppTest.from_file(str(ROOT / "pages" / "views.py"), default_timeout=300)
            for key, value in address.items():
                page.query_params[key] = value
            page.run()
            assert not page.exception, page.exception
            slider = "tune views.spectrogram.cutout_low" if "spectrogram" in name else "tune views.time.global_samples"
            times = answered(page, slider)
            show(name, times, statistics.median(empty), len(page.get("plotly_chart")[-1].proto.spec))


def answered(page: AppTest, key: str) -> list[float]:
    """Give the milliseconds of each of many runs, a slider being moved before each."""
    times = []
    for turn in range(TIMES):
        slider = page.slider(key=key)
        low, step = slider.min, slider.step
        moved = low + (10 + turn % 5) * step
        slider.set_value((low, moved) if isinstance(slider.value, tuple | list) else moved)
        start = time.perf_counter()
        page.run()
        times.append((time.perf_counter() - start) * 1000)
    return times


def show(name: str, times: list[float], empty: float, size: int) -> None:
    """Print one line."""
    cuts = statistics.quantiles(times, n=20)
    middle = statistics.median(times)
    print(
        f"{name:38s} {middle:6.0f} ms (5th to 95th percentile {cuts[0]:.0f} to {cuts[-1]:.0f}; aim {AIM_MS:.0f})"
        f"   ratio {middle / empty:5.1f}   figure {size / 1024:.0f} KiB"
    )


if __name__ == "__main__":
    sys.exit(main())
