"""Pictures and scans are told by their bytes, and refused with a sentence that says so."""

from pathlib import Path

import pytest

from ecgssl_core.records import gather, read_isolated
from ecgssl_core.records.pictures import is_picture

PICTURES = {
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(50),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "pdf": b"%PDF-1.7\n1 0 obj\n",
    "webp": b"RIFF\x24\0\0\0WEBPVP8 " + bytes(30),
    "heic": b"\0\0\0\x18ftypheic" + bytes(30),
    "bmp": b"BM" + (60).to_bytes(4, "little") + bytes(54),
    "tiff": b"II*\0" + bytes(50),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_told_by_its_first_bytes_whatever_its_name(kind: str) -> None:
    assert is_picture(PICTURES[kind])


@pytest.mark.parametrize("content", [b"", b"BM of a person, 3 leads", b"I,II\n0.1,0.2\n", b"RIFF\0\0\0\0WAVE"])
def test_what_is_none_is_not_called_one(content: bytes) -> None:
    assert not is_picture(content)


@pytest.mark.parametrize("kind", ["jpeg", "png", "pdf"])
def test_the_sentence_says_that_pictures_and_scans_are_not_read(kind: str) -> None:
    (refusal,) = read_isolated({f"ecg.{kind}": PICTURES[kind]}).refused
    assert refusal.kind == "FORMAT"
    assert refusal.sentence.startswith("Pictures, scans and PDFs are not read")


def test_a_file_that_is_not_there_is_missing_and_not_empty(tmp_path: Path) -> None:
    (refusal,) = gather([tmp_path / "nosuch.hea"])[1]
    assert (refusal.kind, refusal.sentence) == ("MISSING", "There is no such file; check its name.")
