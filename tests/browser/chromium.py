"""The dashboard served from a process of its own, and a Chromium to look at it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-dev-shm-usage --hide-scrollbars"
)
LOCAL = {"127.0.0.1", "localhost"}
RENEWED = os.environ.get("ECGSSL_SCREENSHOTS") == "1"  # the pictures of the documents are wanted anew


def missing_browser() -> str:
    """Give a sentence on what is missing for a walk through the browser; empty if nothing is."""
    if not shutil.which("chromedriver"):
        return "chromedriver is not installed"
    return "" if _chromium() else "neither Chromium nor Chrome is installed"


@contextmanager
def served(app: Path, data: Path, patience_s: float = 180, more: Sequence[str] = ()) -> Iterator[str]:
    """Give the address of a Streamlit server for app that is healthy, and end it afterwards.

    Args:
        app: the script to serve, from the root of the project, whose configuration it gets.
        data: its data folder.
        patience_s: how long it may take until it is healthy.
        more: further words for `streamlit run`.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--server.port", str(port), "--server.headless", "true", "--server.address", "127.0.0.1", *more]
    command = [sys.executable, "-m", "streamlit", "run", str(app), *words]
    environment = {**os.environ, "ECGSSL_DATA": str(data), "PYTHONPATH": str(ROOT)}
    with (data / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_for_health(f"http://127.0.0.1:{port}", patience_s)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for_health(address: str, patience_s: float) -> None:
    """Return as soon as the server says that it is healthy.

    Raises:
        TimeoutError: it does not within patience_s.
    """
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            with urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"{address} is not healthy after {patience_s:g} s")


@contextmanager
def browser(profile: Path, more: Sequence[str] = ()) -> Iterator[webdriver.Chrome]:
    """Give a Chromium with a fresh profile, and more flags, that keeps a log of its requests and of its console."""
    options = webdriver.ChromeOptions()
    options.binary_location = _chromium()
    for flag in [*FLAGS.split(), f"--user-data-dir={profile}", "--window-size=1440,1000", *more]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def look(driver: webdriver.Chrome, width: int, dark: bool, height: int = 1000) -> None:
    """Let the browser show a window of width × height pixels, in the light or the dark theme."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def hosts_asked(driver: webdriver.Chrome) -> set[str]:
    """Give the hosts of all requests and sockets since the last call, without those within the browser itself."""
    hosts = set()
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] in {"Network.requestWillBeSent", "Network.webSocketCreated"}:
            asked = urlsplit(message["params"].get("url") or message["params"]["request"]["url"])
            if asked.scheme in {"http", "https", "ws", "wss"}:
                hosts.add(asked.hostname or "")
    return hosts


def _chromium() -> str:
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), "")
