"""Hostile XML of each of the three forms, by the kind of its sentence; numbers are those of the safety plan."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core.records.read import READERS, read_records, reader_of
from ecgssl_core.records.sandbox import read_isolated
from tests.records.made_xml import MUSE_DOCTYPE, aecg, muse, philips, twelve

Real = Callable[[str], Path]
Make = Callable[..., bytes]
FORMS = {
    "HL7 aECG": (aecg, "AnnotatedECG"),
    "GE MUSE XML": (muse, "RestingECG"),
    "Philips Sierra XML": (philips, "restingecgdata"),
}


def kind_of(content: bytes) -> str:
    (refusal,) = read_records({"made.xml": content}).refused
    assert len(refusal.sentence.split()) <= 25, refusal.sentence
    assert "passwd" not in refusal.sentence
    return refusal.kind


def laughs(root: str) -> str:
    levels = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    return f'<!DOCTYPE {root} [<!ENTITY l0 "lol">{levels}]>'


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("which", "doctype"),
    [
        ("50 billion laughs", laughs("{root}")),
        ("51 quadratic", '<!DOCTYPE {root} [<!ENTITY a "' + "a" * 50_000 + '">]>'),
        ("52 external entity", '<!DOCTYPE {root} [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        ("52 parameter entity", '<!DOCTYPE {root} [<!ENTITY % a SYSTEM "http://example.org/a.dtd"> %a;]>'),
        ("52 DTD URL", '<!DOCTYPE {root} SYSTEM "http://example.org/a.dtd">'),
        ("52 DTD beside the file", '<!DOCTYPE {root} SYSTEM "../../etc/passwd">'),
        ("52 public DTD", '<!DOCTYPE {root} PUBLIC "-//W3C//DTD" "restecg.dtd">'),
    ],
)
def test_a_dtd_or_an_entity_is_unsafe(form: str, which: str, doctype: str) -> None:
    make, root = FORMS[form]
    assert kind_of(make(head=doctype.replace("{root}", root))) == "UNSAFE", which


@pytest.mark.parametrize("form", FORMS)
def test_53_200000_levels_are_too_many(form: str) -> None:
    make, root = FORMS[form]
    content = make().replace(f"</{root}>".encode(), b"<a>" * 200_000 + b"</a>" * 200_000 + f"</{root}>".encode())
    assert kind_of(content) == "LIMIT"


@pytest.mark.parametrize("form", FORMS)
def test_54_a_file_in_utf_16_is_read(form: str) -> None:
    content = FORMS[form][0]()
    text = content.decode().replace("UTF-8", "UTF-16").replace("ISO-8859-1", "UTF-16")
    (plain,) = read_records({"made.xml": content}).records
    (wide,) = read_records({"made.xml": text.encode("utf-16")}).records
    np.testing.assert_array_equal(plain.signal, wide.signal)


@pytest.mark.parametrize("form", FORMS)
def test_55_a_wrong_encoding_is_broken(form: str) -> None:
    content = FORMS[form][0]().replace(b"ISO-8859-1", b"UTF-8")
    _, root = FORMS[form]
    assert kind_of(content.replace(f"</{root}>".encode(), f"H\xe4ufig</{root}>".encode("latin-1"))) == "BROKEN"
    assert kind_of(content.replace(b"UTF-8", b"UTF-16")) == "BROKEN"


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_ends_early_is_broken(form: str) -> None:
    content = FORMS[form][0]()
    for part in (0.5, 0.9, 0.999):
        assert kind_of(content[: int(part * len(content))]) == "BROKEN"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <</Type/Catalog>> endobj <RestingECG>",
        b"<!DOCTYPE html><html><body><RestingECG></RestingECG></body></html>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'><AnnotatedECG/></html>",
        b"<?xml version='1.0'?><CardiologyXML/>",
        b"<AnnotatedECG xmlns='urn:another'/>",
        b"<!-- RestingECG -->",
    ],
)
def test_61_what_is_another_document_is_of_no_known_form(content: bytes) -> None:
    assert kind_of(content) == "FORMAT"


def test_each_form_is_taken_by_its_reader_alone_and_no_other_real_file_is(real: Real) -> None:
    for form, (make, _) in FORMS.items():
        assert form == reader_of("made.bin", make()).NAME
    readers = [reader for reader in READERS if reader.NAME in FORMS]
    folders = {"hl7aecg": "HL7 aECG", "muse": "GE MUSE XML", "philips": "Philips Sierra XML", "other": "GE MUSE XML"}
    for path in sorted(real("formats").rglob("*")):
        if path.is_file():
            taking = [reader.NAME for reader in readers if reader.takes(path.name, path.read_bytes())]
            expected = folders.get(path.parent.name) if path.suffix.lower() == ".xml" else None
            assert taking == ([expected] if expected else []), path.name


def test_identity_in_any_corner_of_a_file_goes_no_further() -> None:
    comment = "<!-- Jane Roe --><?who Jane Roe?>"
    told = "<name>Jane Roe</name><PatientLastName>Roe</PatientLastName><PatientID>4711</PatientID>"
    files = [
        aecg(person=told, head=comment),
        muse(patient=told, head=comment + MUSE_DOCTYPE),
        muse().replace(
            b"<PatientDemographics>", b"<Diagnosis><StmtText>Jane Roe 4711</StmtText></Diagnosis><PatientDemographics>"
        ),
        muse().replace(b"9.0.7", b"Jane Roe"),
        philips(patient=told, head=comment),
    ]
    for content in files:
        (record,) = read_records({"upload.xml": content}).records
        assert not any(word in repr(record) for word in ("Roe", "4711", "Jane"))


def test_a_lead_whose_name_is_a_story_is_not_quoted() -> None:
    story = "Jane Roe of River City, " * 20
    for content in (
        muse(odd={"LeadID": story, "LeadSampleSize": "3"}),
        aecg(codes=(story, *["II"] * 11), scale="<scale value='x'/>"),
    ):
        assert kind_of(content) in {"FORMAT", "BROKEN"}
        assert "Jane" not in read_records({"made.xml": content}).refused[0].sentence


@pytest.mark.slow
def test_the_sandbox_reads_xml_and_survives_what_is_hostile() -> None:
    good, bad = philips(twelve()), aecg(head=laughs("AnnotatedECG"))
    reading = read_isolated({"good.xml": good, "bad.xml": bad, "more.xml": muse()})
    assert sorted(record.name for record in reading.records) == ["good", "more"]
    assert [(refusal.name, refusal.kind) for refusal in reading.refused] == [("bad.xml", "UNSAFE")]
