"""Downloads from a small server with PhysioNet's layout: whole or not there, gone on with, failing in a sentence."""

import hashlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.cli import main
from ecgssl_core.corpus.download import Downloaded, download, parse_sums
from ecgssl_core.corpus.physionet import PROJECTS, Project
from ecgssl_core.corpus.source import open_source
from ecgssl_core.errors import CorpusError, OwnFault, RunError

PROJECT = Project("tiny", "tiny/1.0.0", "CC BY 4.0", 0.0, "a few files")
LARGE = np.random.default_rng(0).bytes(1_200_000)
ROOT = Path(__file__).parents[2]


class Site(ThreadingHTTPServer):
    """Files below `/files/tiny/1.0.0/`, faults by name, and a note of what was asked for.

    `faults` maps a name to a function from the number of the request to what happens: a status; `cut` after half of the
    bytes; `stall` there until somebody sets `go_on`; `wrong` bytes; `whole` in place of the range asked for.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, Callable[[int], str | int | None]] = {}
        self.asked: list[tuple[str, int]] = []
        self.at_once = self.most_at_once = self.connections = 0
        self.lock, self.stalled, self.go_on = threading.Lock(), threading.Event(), threading.Event()

    def get_request(self) -> tuple[socket.socket, object]:
        """Count who connects."""
        self.connections += 1
        return super().get_request()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/files"

    def publish(self) -> None:
        """List the files' sums as PhysioNet does."""
        lines = [f"{hashlib.sha256(content).hexdigest()} {name}\n" for name, content in sorted(self.files.items())]
        self.files["SHA256SUMS.txt"] = "".join(lines).encode()

    def begins(self, name: str) -> list[int]:
        """Give the first byte of each request for a file."""
        return [begin for asked, begin in self.asked if asked == name]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        site, name = self.server, self.path.removeprefix("/files/tiny/1.0.0/")
        begin = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        with site.lock:
            site.asked.append((name, begin))
            number = len(site.begins(name))
            site.at_once += 1
            site.most_at_once = max(site.most_at_once, site.at_once)
        try:
            self.answer(name, begin, site.faults.get(name, lambda _: None)(number))
        finally:
            with site.lock:
                site.at_once -= 1

    def answer(self, name: str, begin: int, fault: str | int | None) -> None:
        site, content = self.server, self.server.files.get(name)
        if content is None or isinstance(fault, int):
            self.head(fault if isinstance(fault, int) else 404, b"")
            return
        if begin >= len(content) > 0:
            self.head(416, b"")
            return
        if fault == "wrong":
            content = bytes(len(content))
        body = content if fault == "whole" else content[begin:]
        ranged = begin > 0 and fault != "whole"
        self.head(206 if ranged else 200, body, f"bytes {begin}-{len(content) - 1}/{len(content)}" if ranged else "")
        half = len(body) // 2
        self.wfile.write(body[:half])
        if fault == "cut":
            self.close_connection = True
            return
        if fault == "stall":
            self.wfile.flush()
            site.stalled.set()
            site.go_on.wait(60)
        self.wfile.write(body[half:])

    def head(self, status: int, body: bytes, span: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if span:
            self.send_header("Content-Range", span)
        if status == 503:
            self.send_header("Retry-After", "0")
        self.end_headers()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        server.files = {"RECORDS": b"a/1\n", "a/1.hea": b"1 12 500 5000\n", "a/1.dat": LARGE, "b/empty": b""}
        server.publish()
        yield server
        server.go_on.set()
        server.shutdown()
        thread.join()


def fetch(site: Site, folder: Path, *only: str) -> Downloaded:
    return download(PROJECT, folder, only, root=site.root, patience_s=0.0)


def there(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if name != ".download"}


def listed(site: Site) -> dict[str, bytes]:
    return {name: content for name, content in site.files.items() if name != "SHA256SUMS.txt"}


def test_every_file_comes_and_a_second_time_none_does(site: Site, tmp_path: Path) -> None:
    assert fetch(site, tmp_path / "new" / "tiny") == Downloaded(4, 3, sum(map(len, listed(site).values())))
    assert there(tmp_path / "new" / "tiny") == listed(site)
    assert fetch(site, tmp_path / "new" / "tiny") == Downloaded(4, 0, 0)
    assert Counter(site.asked)["a/1.dat", 0] == 1


def test_a_file_that_was_changed_on_disk_comes_again(site: Site, tmp_path: Path) -> None:
    fetch(site, tmp_path)
    (tmp_path / "a" / "1.dat").write_bytes(LARGE[:-1])
    assert fetch(site, tmp_path).fetched == 1
    assert there(tmp_path) == listed(site)


def test_a_transfer_that_is_cut_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    site.faults["a/1.dat"] = lambda number: "cut" if number < 4 else None
    assert fetch(site, tmp_path).received == sum(map(len, listed(site).values()))
    assert there(tmp_path) == listed(site)
    assert site.begins("a/1.dat") == [0, 600_000, 900_000, 1_050_000]


def test_a_server_that_is_busy_is_asked_again_and_one_that_stays_busy_is_left(site: Site, tmp_path: Path) -> None:
    site.faults["a/1.dat"] = lambda number: 503 if number < 4 else None
    assert fetch(site, tmp_path).fetched == 3
    site.faults["RECORDS"] = lambda _: 503
    (tmp_path / "RECORDS").unlink()
    with pytest.raises(CorpusError, match=r"127\.0\.0\.1 does not give RECORDS \(busy, 503\); run the same again"):
        fetch(site, tmp_path)
    assert len(site.begins("RECORDS")) == 1 + 6


def test_a_server_that_knows_no_ranges_gives_the_whole_again(site: Site, tmp_path: Path) -> None:
    site.faults["a/1.dat"] = lambda number: "cut" if number == 1 else "whole"
    fetch(site, tmp_path)
    assert there(tmp_path) == listed(site)
    assert site.begins("a/1.dat") == [0, 600_000]


def test_bytes_with_another_sum_never_stand_at_their_place(site: Site, tmp_path: Path) -> None:
    site.faults["a/1.dat"] = lambda number: "wrong" if number == 1 else None
    assert fetch(site, tmp_path / "once").fetched == 3
    assert there(tmp_path / "once") == listed(site)
    site.faults["a/1.dat"] = lambda _: "wrong"
    with pytest.raises(CorpusError, match=r"1 of 4 files did not come; .* a/1\.dat came twice with another sum"):
        fetch(site, tmp_path / "always")
    assert set(there(tmp_path / "always")) == {"RECORDS", "a/1.hea", "b/empty"}


def test_what_remains_of_another_version_is_thrown_away(site: Site, tmp_path: Path) -> None:
    for rest in (b"x" * 1000, LARGE + b"longer"):
        (tmp_path / "a").mkdir(exist_ok=True)
        (tmp_path / "a" / ".1.dat.part").write_bytes(rest)
        (tmp_path / "a" / "1.dat").unlink(missing_ok=True)
        fetch(site, tmp_path)
        assert there(tmp_path) == listed(site)
    (tmp_path / "a" / "1.dat").replace(tmp_path / "a" / ".1.dat.part")  # killed between the last byte and the move
    before = len(site.asked)
    fetch(site, tmp_path)
    assert (there(tmp_path), site.asked[before + 1 :]) == (listed(site), [("a/1.dat", len(LARGE))])


def test_a_file_that_is_not_there_holds_up_no_other(site: Site, tmp_path: Path) -> None:
    del site.files["a/1.hea"]
    with pytest.raises(CorpusError, match=r"1 of 4 files did not come; the first: a/1\.hea is not to be had.*404"):
        fetch(site, tmp_path)
    assert there(tmp_path) == listed(site)


def test_a_project_that_is_not_there_and_a_server_that_is_down_are_sentences(site: Site, tmp_path: Path) -> None:
    nowhere = Project("none", "none/1.0", "", 0, "")
    with pytest.raises(CorpusError, match=r"SHA256SUMS\.txt is not to be had from 127\.0\.0\.1 \(answer 404\)"):
        download(nowhere, tmp_path, root=site.root, patience_s=0)
    with pytest.raises(
        CorpusError, match=r"127\.0\.0\.1 does not give SHA256SUMS\.txt \(it cannot be reached: check the network\)"
    ):
        download(PROJECT, tmp_path, root="http://127.0.0.1:9/files", patience_s=0)
    with pytest.raises(CorpusError, match="begins with https://"):
        download(PROJECT, tmp_path, root="ftp://server/files", patience_s=0)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "a\\x", ".ssh/x", "a//x", "c:/x", "a/\x1bx"])
def test_a_list_that_leaves_the_folder_is_refused_whole(name: str) -> None:
    digest = "0" * 64
    with pytest.raises(CorpusError, match="line 2: the name leaves the folder; nothing was taken"):
        parse_sums(f"{digest} fine\n{digest} {name}\n".encode())


@pytest.mark.parametrize("text", ["<html>not found</html>", "0123 short", ""])
def test_a_list_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CorpusError, match=r"SHA256SUMS\.txt of the server"):
        parse_sums(text.encode())


def test_parts_of_a_corpus_come_with_the_files_outside_all_folders(site: Site, tmp_path: Path) -> None:
    assert fetch(site, tmp_path, "b/").files == 2
    assert set(there(tmp_path)) == {"RECORDS", "b/empty"}
    with pytest.raises(CorpusError, match="no folder 'c': known are a, b"):
        fetch(site, tmp_path, "c")


def test_at_most_four_files_come_at_a_time_and_connections_are_kept(site: Site, tmp_path: Path) -> None:
    site.files = {f"{at}": bytes([at]) * 1000 for at in range(60)}
    site.publish()
    together = threading.Barrier(4, timeout=30)
    for name in sorted(site.files)[:4]:  # each is answered once four are asked for
        site.faults[name] = lambda _: (together.wait(), None)[1]
    fetch(site, tmp_path)
    assert site.most_at_once == 4
    assert site.connections <= 1 + 4


def test_a_disk_without_room_is_said_before_anything_comes(site: Site, tmp_path: Path) -> None:
    huge = Project("tiny", "tiny/1.0.0", "", 1e9, "")
    with pytest.raises(OwnFault, match=r"tiny takes about 1000000000.* GB more, and the disk has"):
        download(huge, tmp_path, root=site.root)
    assert there(tmp_path) == {}


def test_two_downloads_into_one_folder_are_one_too_many(site: Site, tmp_path: Path) -> None:
    site.faults["a/1.dat"] = lambda _: "stall"
    first = threading.Thread(target=fetch, args=(site, tmp_path))
    first.start()
    assert site.stalled.wait(30)
    with pytest.raises(RunError, match="Another process is downloading"):
        fetch(site, tmp_path)
    site.go_on.set()
    first.join()


def test_a_download_killed_in_the_middle_of_a_file_goes_on_there(site: Site, tmp_path: Path) -> None:
    project = next(one for one in PROJECTS if one.name == "nstdb")
    # the command line knows its projects only: the site has one of them below its own files
    site.files = {f"{project.path}/{name}": content for name, content in site.files.items()}
    site.faults[f"{project.path}/a/1.dat"] = lambda number: "stall" if number == 1 else None
    words = ["download", "nstdb", str(tmp_path / "out"), "--base-url", f"{site.root}/tiny/1.0.0"]
    child = subprocess.Popen([sys.executable, "-m", "ecgssl_core", *words], cwd=ROOT, stderr=subprocess.DEVNULL)
    assert site.stalled.wait(60)
    part = tmp_path / "out" / "a" / ".1.dat.part"
    while not part.exists() or part.stat().st_size < 262_144:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not (tmp_path / "out" / "a" / "1.dat").exists()
    kept = part.stat().st_size
    assert main(words) == 0
    assert site.begins(f"{project.path}/a/1.dat") == [0, kept]
    assert (tmp_path / "out" / "a" / "1.dat").read_bytes() == LARGE


def test_what_was_downloaded_is_a_corpus_and_a_part_of_it_none(
    site: Site, tmp_path: Path, real: Callable[[str], Path]
) -> None:
    folder = real("ptbxl_layout")
    names = ["ptbxl_database.csv", *(f"records100/00000/00026_lr.{end}" for end in ("hea", "dat"))]
    site.files = {name: (folder / name).read_bytes() for name in names}
    site.publish()
    fetch(site, tmp_path / "ptbxl")
    source = open_source(None, tmp_path / "ptbxl")
    assert source.name == "ptbxl"
    assert source.entries[0].path.read_bytes() == site.files["records100/00000/00026_lr.hea"]
    shutil.rmtree(tmp_path / "ptbxl" / "records100")
    with pytest.raises(CorpusError, match="download the recordings first"):
        open_source("ptbxl", tmp_path / "ptbxl").entries  # noqa: B018


def test_the_command_lists_what_there_is_and_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["download"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [one.name for one in PROJECTS]
    assert main(["download", "ptb-xl"]) == 1
    assert "did you mean 'ptbxl'" in capsys.readouterr().err
