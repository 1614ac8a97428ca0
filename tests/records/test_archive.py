"""Zips: read by handle, and refused by kind where they hold what no set of records holds."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable

import pytest

from ecgssl_core.records import archive
from ecgssl_core.records.read import read_records

Upload = Callable[..., dict[str, bytes]]


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for name, content in members:
            made.writestr(name, content)
    return target.getvalue()


def kinds(content: bytes) -> set[str]:
    reading = read_records({"set.zip": content})
    assert reading.records == ()
    return {refusal.kind for refusal in reading.refused}


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("made.dat")
    info.external_attr = 0o120777 << 16
    return info


def test_a_zip_is_read_like_the_files_in_it(upload: Upload) -> None:
    files = upload()
    reading = read_records({"set.zip": zipped(*((f"folder/{name}", content) for name, content in files.items()))})
    assert reading.refused == ()
    assert reading.records[0].digest == read_records(files).records[0].digest


@pytest.mark.parametrize("name", ["../a.dat", "x/../../a.dat", "/a.dat", "C:\\a.dat"])
def test_a_member_outside_the_zip_is_unsafe(name: str) -> None:
    assert kinds(zipped((name, b"1"))) == {"UNSAFE"}


def test_links_inner_archives_and_passwords_are_refused() -> None:
    assert kinds(zipped((link(), b"/etc/passwd"))) == {"UNSAFE"}
    assert kinds(zipped(("inner.zip", zipped(("a", b"1"))))) == {"LIMIT"}
    locked = bytearray(zipped(("a.dat", b"1"), method=zipfile.ZIP_STORED))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1
    assert kinds(bytes(locked)) == {"FORMAT"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_broken() -> None:
    assert kinds(zipped(("a.dat", b"1"), ("a.dat", b"2"))) == {"BROKEN"}


def test_what_unpacks_to_too_much_is_stopped_while_it_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MEMBER_BYTES", 1 << 20)
    assert kinds(zipped(("a.dat", bytes(3 << 20)))) == {"LIMIT"}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_98_archives_other_than_zips_are_never_opened(pack: Callable[[bytes], bytes]) -> None:
    assert kinds(pack(bytes(1 << 20)) * 3) == {"LIMIT"}


def test_more_members_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    assert kinds(zipped(*((f"{at}.dat", b"1") for at in range(4)))) == {"LIMIT"}


def test_a_zip_cut_or_changed_anywhere_gives_a_sentence(upload: Upload) -> None:
    whole = zipped(*upload().items())
    for at in range(4, len(whole), len(whole) // 60):
        assert read_records({"set.zip": whole[:at]}).refused
        changed = bytearray(whole)
        changed[at] ^= 0xFF
        reading = read_records({"set.zip": bytes(changed)})
        assert reading.refused or reading.records


def test_93_members_that_lie_over_each_other_are_unsafe() -> None:
    content = bytearray(zipped(("a.dat", b"1" * 100), ("b.dat", b"2" * 100), method=zipfile.ZIP_STORED))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = (10).to_bytes(4, "little")  # where the second member is said to begin
    assert kinds(bytes(content)) == {"UNSAFE"}
