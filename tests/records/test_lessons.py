"""Lessons: each made of a real sample, says so, and shows what it is there to show."""

import numpy as np
import pytest

from ecgssl_core.records import Reading, check_quality, open_questions, read_records
from ecgssl_core.records.lessons import FEW, LESSONS, OF_RIGHT_ARM
from ecgssl_core.records.quality import Quality
from pages.parts.samples import SAMPLES, described, sample_files


def read(name: str) -> Reading:
    return read_records(sample_files(name))


def said(name: str) -> Quality:
    return check_quality(read(name).records[0])


@pytest.mark.parametrize("name", SAMPLES)
def test_each_is_one_record_that_carries_its_own_name(name: str) -> None:
    reading = read(name)
    assert reading.refused == ()
    assert [record.name for record in reading.records] == [name]


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_never_called_real_and_says_what_was_done_to_what(name: str) -> None:
    lesson, text = LESSONS[name], described(name)
    assert SAMPLES[name].startswith("Lesson: ")
    assert text.startswith("Made from a real recording, and not real as it is")
    assert lesson.of in text
    assert lesson.done in text
    assert lesson.look in text
    assert lesson.look.endswith(".")


def test_exchanged_arms_are_suspected_and_only_there() -> None:
    sentence = "The limb electrodes RA and LA may be exchanged."
    assert sentence in [issue.sentence for issue in said("lesson-arms").issues]
    assert sentence not in [issue.sentence for issue in said("HR00009").issues]
    original, lesson = read("HR00009").records[0], read("lesson-arms").records[0]
    np.testing.assert_allclose(lesson.signal[0], -original.signal[0], atol=5e-4)
    np.testing.assert_allclose(lesson.signal[6:], original.signal[6:], atol=5e-4)


def test_a_flat_lead_is_named_and_blocks() -> None:
    assert said("HR00009").blocked is None
    assert "Lead V2: the signal is flat" in (said("lesson-flat").blocked or "")


def test_hum_is_what_the_right_arm_picks_up_so_that_einthoven_still_holds() -> None:
    original, lesson = read("HR00318").records[0], read("lesson-mains").records[0]
    added = lesson.signal - original.signal
    rows = dict(zip(lesson.leads, added, strict=True))
    assert np.abs(rows["III"]).max() < 1e-3 < np.abs(rows["V1"]).max()
    np.testing.assert_allclose(rows["II"] - rows["I"], rows["III"], atol=2e-3)
    peaks = np.abs(np.fft.rfft(added[0])).argmax() / lesson.seconds
    assert peaks == pytest.approx(50)
    assert set(OF_RIGHT_ARM) < set(lesson.leads)


def test_the_others_differ_from_their_sample_in_what_they_say() -> None:
    assert read("lesson-100hz").records[0].rate == 100
    assert open_questions(read("lesson-unit").records[0]) == {"ASK-UNIT"}
    few = read("lesson-leads").records[0]
    assert set(few.leads) - set(few.derived) == set(FEW)


def test_the_long_one_is_real_and_nearly_a_minute() -> None:
    record = read("A0084").records[0]
    assert record.seconds == pytest.approx(57.112)
    assert len(record.leads) == 12
    assert "CPSC 2018" in described("A0084")
