"""How long people wait, from starting the server to probabilities, each time beside a baseline of the same run."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from selenium.webdriver import Chrome

from ecgssl_core.errors import BundleError
from ecgssl_core.inference.card import default_model
from tests.browser.chromium import ROOT, browser, missing_browser, served

ROUNDS = 3
APPS = Path(__file__).parent / "apps"
SEEN = (Path(__file__).parent / "seen.js").read_text()


def main() -> None:
    """Print every figure with its baseline."""
    if missing_browser():
        print(f"Left out server, paint and paper: {missing_browser()}.")
    else:
        with tempfile.TemporaryDirectory() as name:
            compare_with_hello(Path(name))
        with tempfile.TemporaryDirectory() as name:
            compare_drawings(Path(name))
    compare_with_bare_network()


def show(what: str, ours: list[float], baseline: list[float], baseline_name: str, aim: float) -> None:
    """Print medians in milliseconds, and their ratio."""
    mine, other = statistics.median(ours), statistics.median(baseline)
    print(f"{what:34s} {mine:7.0f} ms (aim {aim:.0f})   {baseline_name}: {other:.0f} ms   ratio {mine / other:.2f}")


def compare_with_hello(folder: Path) -> None:
    """Print server start and first paint of the dashboard and of a Streamlit page that says hello."""
    apps = {"ours": (ROOT / "app.py", "paper"), "hello": (APPS / "hello.py", "title")}
    healthy: dict[str, list[float]] = {name: [] for name in apps}
    painted: dict[str, list[float]] = {name: [] for name in apps}
    titled: list[float] = []
    for turn in range(ROUNDS):
        for name, (app, what) in apps.items():
            start = time.perf_counter()
            with served(app, folder) as address:
                healthy[name].append((time.perf_counter() - start) * 1000)
                with browser(folder / f"profile-{name}-{turn}") as driver:
                    driver.set_script_timeout(60)
                    driver.get(address)
                    first = driver.execute_async_script(SEEN, "title", "")
                    painted[name].append(driver.execute_async_script(SEEN, what, ""))
                    if name == "ours":
                        titled.append(first)
    show("server healthy", healthy["ours"], healthy["hello"], "hello", 2000)
    show("first page painted", titled, painted["hello"], "hello", 4000)
    show("first page with the sample's paper", painted["ours"], painted["hello"], "hello", 4000)


def compare_drawings(folder: Path) -> None:
    """Print click to paper ECG of 12 x 5,000 samples, and click to the same as twelve lines of Plotly."""
    with served(APPS / "drawings.py", folder) as address, browser(folder / "profile") as driver:
        times = {what: [clicked(driver, address, what) for _ in range(ROUNDS)] for what in ("paper", "plotly")}
    show("paper ECG, 12 x 5,000 samples", times["paper"], times["plotly"], "Plotly lines", 1000)


def clicked(driver: Chrome, address: str, what: str) -> float:
    """Give the milliseconds from a click on a button until what it shows is on the screen."""
    driver.set_script_timeout(60)
    driver.get(address)
    driver.execute_async_script(SEEN, "title", "")
    time.sleep(1)
    elapsed: float = driver.execute_async_script(SEEN, what, what)
    return elapsed


def compare_with_bare_network() -> None:
    """Print file to probabilities, warm, and the bare forward pass of the same network over the same windows."""
    import torch

    from ecgssl_core.inference.service import PredictionService
    from ecgssl_core.inference.windows import score_windows
    from ecgssl_core.models.bundle import load_bundle
    from ecgssl_core.records import gather, read_isolated
    from ecgssl_core.signals.spec import prepare

    try:
        model = default_model()
    except BundleError as error:
        print(f"Left out file to probabilities: {error}")
        return
    torch.set_num_threads(1)
    path = ROOT / "examples" / "HR00009.hea"
    service, bundle = PredictionService(), load_bundle(model)
    record = read_isolated(gather([path])[0]).records[0]
    windows = prepare(record.signal, record.rate, record.leads, bundle.input)
    whole = timed(lambda: service.predict(model, read_isolated(gather([path])[0]).records))
    bare = timed(lambda: score_windows(bundle.model, windows))
    service.close()
    show("10 s record, file to probabilities", whole, bare, "bare network", 150)


def timed(work: Callable[[], object], count: int = 20) -> list[float]:
    """Give the milliseconds of each of count calls, after two that warm up."""
    times = []
    for turn in range(count + 2):
        start = time.perf_counter()
        work()
        if turn >= 2:
            times.append((time.perf_counter() - start) * 1000)
    return times


if __name__ == "__main__":
    main()
