"""XML files as plain trees: what is read, and what is refused before it can act."""

import pytest

from ecgssl_core.errors import BrokenFile, LimitError, RecordError, UnknownFormat, UnsafeFile
from ecgssl_core.records import xml_tree
from ecgssl_core.records.xml_tree import parse, root_of
from ecgssl_core.records.xml_values import number, packed, whole


def test_a_tree_gives_words_and_attributes_along_a_path_without_namespaces() -> None:
    tree = parse("a.xml", b'<a xmlns="urn:x"><b v=" 1 "> one </b><b v="2">two<c/></b></a>', "a")
    assert [node.text for node in tree.all("b")] == [" one ", "two"]
    assert (tree.word("b"), tree.said("v", "b"), tree.word("b", "c"), tree.word("x"), tree.at("x")) == (
        "one", "1", "", "", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "root"),
    [
        (b'<?xml version="1.0"?>\n<!-- <not> this -->\n<a:b xmlns:a="urn:x" c="1">', ("urn:x", "b")),
        (b"\xef\xbb\xbf<b/>", ("", "b")),
        ("\ufeff<?xml?><b xmlns='urn:x'/>".encode("utf-16-le"), ("urn:x", "b")),
        ("<b/>".encode("utf-16-be"), ("", "b")),
        (b'<!DOCTYPE b [<!ENTITY c "', ("", "b")),
        (b"%PDF-1.7 <b>", ("", "")),
        (b"", ("", "")),
        (b"<?xml" + b" " * 20000 + b"?><b/>", ("", "")),
        (bytes(range(256)), ("", "")),
    ],
)
def test_the_outermost_element_is_known_from_the_first_bytes(content: bytes, root: tuple[str, str]) -> None:
    assert root_of(content) == root


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "windows-1252", "gb2312"]
)
def test_a_file_is_read_in_the_encoding_that_it_names(encoding: str) -> None:
    word = "心电图" if encoding == "gb2312" else "Häufig µV"
    content = f'<?xml version="1.0" encoding="{encoding}"?><a>{word}</a>'.encode(encoding)
    assert parse("a.xml", content, "a").text == word


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0" encoding="UTF-8"?><a>Häufig</a>'.encode("latin-1"),
        b'<?xml version="1.0" encoding="UTF-16"?><a>plain</a>',
        '\ufeff<?xml version="1.0" encoding="UTF-8"?><a>wide</a>'.encode("utf-16-le"),
        '\ufeff<?xml version="1.0" encoding="latin1"?><a>marked</a>'.encode(),
        b'<?xml version="1.0" encoding="zip"?><a/>',
        b'<?xml version="1.0" encoding="antigravity"?><a/>',
        '\ufeff<a>odd</a>'.encode("utf-16-le") + b"\0",
        '\ufeff<a>x</a>'.encode("utf-32-le"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_in_the_encoding_that_it_names_is_broken(content: bytes) -> None:
    with pytest.raises(BrokenFile) as caught:
        parse("a.xml", content, "a")
    assert len(caught.value.sentence.split()) <= 25


def test_the_empty_doctype_of_muse_is_passed_over_and_no_other_is() -> None:
    harmless = '<!DOCTYPE RestingECG SYSTEM "restecg.dtd">'
    assert parse("a.xml", f"{harmless}<RestingECG/>".encode(), "RestingECG").name == "RestingECG"
    others = [
        '<!DOCTYPE RestingECG SYSTEM "http://example.org/restecg.dtd">',
        '<!DOCTYPE RestingECG SYSTEM "restecg.dtd" [<!ENTITY a "b">]>',
        '<!DOCTYPE RestingECG PUBLIC "x" "restecg.dtd">',
        f"{harmless}{harmless}",
    ]
    for other in others:
        with pytest.raises((UnsafeFile, BrokenFile)):
            parse("a.xml", f"{other}<RestingECG/>".encode(), "RestingECG")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"<a>" * 65 + b"</a>" * 65, LimitError),
        (b"<a>" + b"<b/>" * 200_000 + b"</a>", LimitError),
        (b"<a " + b" ".join(b'b%d="1"' % place for place in range(65)) + b"/>", LimitError),
        (b"<a>&lol;</a>", BrokenFile),
        (b"<a><b></a>", BrokenFile),
        (b"<a>", BrokenFile),
        (b"<a/><a/>", BrokenFile),
        (b"<a>\0</a>", BrokenFile),
        (b"<b/>", UnknownFormat),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', UnsafeFile),
    ],
)
def test_what_is_too_much_or_damaged_or_acts_is_refused_by_kind(content: bytes, error: type[RecordError]) -> None:
    with pytest.raises(error):
        parse("a.xml", content, "a")


def test_an_xml_beyond_64_mib_is_refused_before_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_tree, "MOST_BYTES", 10)
    with pytest.raises(LimitError):
        parse("a.xml", b"<a>12345678</a>", "a")


def test_numbers_are_plain_and_finite_or_none() -> None:
    texts = ("4,88", "-1e-3", "+.5", "nan", "inf", "1_0", "0x10", "", "1e400", "1 2", "1e16", "٣", "9" * 50)
    assert [number(text) for text in texts] == [4.88, -0.001, 0.5, *[None] * 10]
    assert [whole(text) for text in ("12", "12.0", "12.5", "x")] == [12, 12, None, None]


@pytest.mark.parametrize("text", ["AAA", "AA==A", "A*==", "ÄA==", "AAAA====="])
def test_base64_is_strict_but_for_broken_lines(text: str) -> None:
    assert packed("a.xml", "lead I", "AA\n AA\tAA==") == b"\0\0\0\0"
    with pytest.raises(BrokenFile, match="lead I"):
        packed("a.xml", "lead I", text)
