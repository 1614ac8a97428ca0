"""The Corpora page: with nothing, with a folder, with a pack, and with a damaged one."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.folds import make_folds
from ecgssl_core.corpus.pack import Pack
from ecgssl_core.corpus.source import open_source
from ecgssl_core.signals.leads import LEADS

ROOT = Path(__file__).parents[2]
PAGE = str(ROOT / "pages" / "corpora.py")
OpenPage = Callable[[], AppTest]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def corpus(data: Path) -> Path:
    folder = data / "two hearts"
    for at in range(6):
        (folder / "ab"[at % 2]).mkdir(parents=True, exist_ok=True)
        samples = 300 if at else 30  # the first is too short
        counts = np.rint(1000 * np.sin(np.arange(samples)[:, None] / 9 + np.arange(12) + at)).astype("<i2")
        sums = counts.sum(axis=0, dtype=np.int64) % 65536
        lines = [f"r{at} 12 100 {samples}"]
        lines += [f"r{at}.dat 16 1000/mV 16 0 {counts[0, n]} {sums[n]} 0 {lead}" for n, lead in enumerate(LEADS)]
        lines += ["# Age: 60", "# Sex: Female", f"# Dx: {'426783006' if at < 3 else '164889003'}"]
        (folder / "ab"[at % 2] / f"r{at}.hea").write_text("\n".join(lines) + "\n")
        (folder / "ab"[at % 2] / f"r{at}.dat").write_bytes(counts.tobytes())
    return folder


@pytest.fixture
def pack(corpus: Path, data: Path) -> Pack:
    return build_pack(open_source(None, corpus), data / "packs" / "hearts")


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=120)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def told(page: AppTest) -> str:
    kinds = (page.info, page.error, page.success, page.text, page.caption, page.code, page.markdown)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def test_an_empty_data_folder_says_what_to_do_next(data: Path) -> None:
    page = opened()
    assert "no folder of records yet" in told(page)
    assert "no pack yet" in told(page)
    assert str(data) in told(page)


@pytest.mark.usefixtures("corpus")
def test_a_folder_is_described_with_the_command_that_packs_it(data: Path) -> None:
    (data / "table.csv").write_text("record,patient\nr1,p\n")
    page = opened()
    assert "6 records, layout cinc2020: a 3, b 3" in told(page)
    command = f"pack '{data}/two hearts' --out '{data}/packs/two hearts'"
    assert command.replace(f"'{data}/packs/two hearts'", "") in told(page)
    page.selectbox(key="corpus_table").select("table.csv").run()
    assert f"--labels {data}/table.csv" in told(page)


def test_a_table_that_does_not_fit_is_one_sentence(corpus: Path, data: Path) -> None:
    (data / "table.csv").write_text("record\nnobody\n")
    page = opened()
    page.selectbox(key="corpus_table").select("table.csv").run()
    assert [error.value for error in page.error] == [
        "The records table table.csv knows none of the 6 records of the folder."
    ]
    assert corpus.is_dir()


def test_a_pack_is_shown_with_its_classes_folds_and_refused_records(pack: Pack) -> None:
    page = opened()
    assert [metric.value for metric in page.metric] == ["5", "0", "0.0", "100 Hz", "1"]
    assert "has no folds yet" in told(page)
    assert "0 of 24 classes have at least 10 records" in told(page)
    tables = [frame.value for frame in page.dataframe]
    assert any("kind" in table and table["key"].tolist() == ["a/r0"] for table in tables)
    make_folds(pack, count=3)
    shown = told(page.run())
    assert "No patient, signal, double recording or near copy is in two folds." in shown
    assert "Nobody knows the patients of 5 of 5 records: each is taken as a person of its own." in shown


def test_folds_that_leak_or_are_damaged_are_told(pack: Pack) -> None:
    make_folds(pack, count=3)
    folds = pack.path / "folds.csv"
    folds.write_text(folds.read_text().replace("key,", "name,"))
    assert "The folds of hearts are damaged" in told(opened())


def test_the_address_names_the_pack(pack: Pack, corpus: Path, data: Path) -> None:
    build_pack(open_source("wfdb", corpus / "a"), data / "packs" / "first")
    assert opened().selectbox(key="pack").value == "first"
    assert opened(pack=pack.name).selectbox(key="pack").value == "hearts"


def test_a_damaged_pack_is_one_sentence_and_the_page_stays(pack: Pack) -> None:
    (pack.path / "signals.npy").write_bytes(b"")
    page = opened()
    assert [error.value for error in page.error] == [
        "The pack hearts is damaged (a file ends early or is not what it says); make it again with `pack`."
    ]
    assert page.title[0].value == "Corpora"


@pytest.mark.usefixtures("corpus")
def test_a_folder_is_looked_into_before_it_is_packed() -> None:
    page = opened()
    page.button(key="look_few").click().run()
    (table,) = (frame.value for frame in page.dataframe if "span, mV" in frame.value)
    assert table["record"].tolist() == [f"{'ab'[at % 2]}/r{at}" for at in (0, 2, 4, 1, 3, 5)]
    assert set(table["leads"].dropna()) == {", ".join(LEADS)}
    assert "6 of 6 records were looked at" in told(page)
    page.button(key="look_cost").click().run()
    assert "6 records will take about" in told(page)


@pytest.mark.usefixtures("corpus")
def test_columns_of_a_table_are_guessed_shown_and_can_be_changed(data: Path) -> None:
    (data / "mine.csv").write_text("file,who,finding\nr1,p,x;y\nr2,p,x\n")
    page = opened()
    page.selectbox(key="corpus_table").select("mine.csv").run()
    assert page.selectbox(key="record mine.csv").value == "file"
    assert page.selectbox(key="patient mine.csv").value == "–"
    page.selectbox(key="patient mine.csv").select("who").run()
    page.multiselect(key="labels mine.csv").set_value(["finding"]).run()
    page.selectbox(key="separator mine.csv").select(";").run()
    assert "--columns 'record=file,patient=who,labels=finding,separator=;'" in told(page)
    assert "knows 1 patients and labels 2 of the records" in told(page)


@pytest.mark.usefixtures("corpus")
def test_packing_begins_with_the_button_and_folds_are_drawn_with_theirs(data: Path) -> None:
    page = opened()
    page.number_input(key="corpus_rate").set_value(50).run()
    page.button(key="pack_now").click().run()
    until = time.monotonic() + 60
    log = data / "packs" / "two hearts.log"
    while "5 records packed and 1 refused" not in log.read_text() and time.monotonic() < until:
        time.sleep(0.2)
    assert "5 records packed and 1 refused" in log.read_text()
    page = opened()
    assert [metric.value for metric in page.metric][3] == "50 Hz"
    page.number_input(key="fold_count").set_value(3).run()
    page.number_input(key="fold_seed").set_value(7).run()
    page.button(key="draw_folds").click().run()
    assert ",3,7," in (data / "packs" / "two hearts" / "folds.csv").read_text()
    assert "No patient, signal, double recording or near copy is in two folds." in told(page)


def test_an_unfinished_pack_can_be_gone_on_with(data: Path) -> None:
    (data / "packs" / "half.part").mkdir(parents=True)
    (data / "packs" / "half.log").write_text("Packing stopped at 3 of 9 records; the same again goes on from there.\n")
    (data / "packs" / "half.words").write_text("pack nowhere --out half")
    page = opened()
    assert "Packing stopped at 3 of 9 records" in told(page)
    assert page.button(key="go on half") is not None


def test_ties_that_folds_keep_or_cut_are_counted_and_shown(pack: Pack) -> None:
    make_folds(pack, count=3)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)  # its links lead to other pages
    page.switch_page("pages/corpora.py").run()
    assert not page.exception, page.exception
    table = next(frame.value for frame in page.dataframe if "kept in one fold" in frame.value)
    assert table["records that are"].tolist()[0] == "one patient"
    assert table["cut"].sum() == 0
    folds = next(frame.value for frame in page.dataframe if "groups" in frame.value)
    assert folds["records"].sum() == 5


def test_a_corpus_to_download_says_size_licence_and_room_before_it_is_begun(data: Path) -> None:
    page = opened()
    page.selectbox(key="fetch_source").select("ludb").run()
    assert "**0.05 GB** on disk" in told(page)
    assert "ODC-By 1.0" in told(page)
    assert f"download ludb {data}/ludb" in told(page)
    page.text_input(key="fetch_folder ludb").set_value("../ludb").run()
    page.button(key="fetch_now").click().run()
    assert ["A folder's name holds" in error.value for error in page.error] == [True]
    assert list(data.iterdir()) == []


def test_downloads_that_ended_or_broke_off_are_told_and_put_away(data: Path) -> None:
    (data / "downloads").mkdir()
    (data / "downloads" / "one.log").write_text("9 files are there and whole; 9 came now, 1.0 MB\n")
    sentence = "physionet.org does not give SHA256SUMS.txt (it cannot be reached: check the network)"
    (data / "downloads" / "two.log").write_text(
        f"ludb/1.0.1: 200 recordings\n{sentence}; run the same again to go on.\n"
    )
    (data / "downloads" / "two.words").write_text("download ludb two")
    page = opened()
    assert "9 files are there and whole" in told(page).replace("\\", "")
    assert "check the network" in page.error[0].value
    assert page.button(key="go on fetch two") is not None
    page.button(key="put away one").click().run()
    page.button(key="put away two").click().run()
    assert list((data / "downloads").iterdir()) == []
    assert not page.error


@pytest.mark.usefixtures("corpus")
def test_ages_of_records_that_were_looked_at_are_shown_before_packing() -> None:
    page = opened()
    page.button(key="look_many").click().run()
    assert not page.exception
    assert "6 of 6 records were looked at" in told(page)
    assert "table outlook-people" in [button.key for button in page.get("download_button")]
