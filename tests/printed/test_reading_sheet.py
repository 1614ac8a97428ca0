"""What stands on a printed sheet: who, what, how sure, by which model, and that nobody has confirmed it."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecgssl_core import PURPOSE
from ecgssl_core.inference.card import find_models, read_card
from ecgssl_core.printed import SheetOptions, reading_sheet, whole_sheet
from ecgssl_core.printed.said import UNCONFIRMED
from ecgssl_core.printed.typeface import printable, wrapped
from ecgssl_core.records import Issue, Record
from tests.printed.made import looked, prediction
from tests.printed.measuring import opened

Example = Callable[..., Record]
MODELS = find_models()
needs_model = pytest.mark.skipif(not MODELS, reason="no model has been released to checkpoints/")


def printed(record: Record, **options: object) -> list[str]:
    """The words of each page, everything known of the record."""
    card = read_card(MODELS[-1]) if MODELS else None
    made = reading_sheet(record, *looked(record), prediction(), card, SheetOptions(**options))  # type: ignore[arg-type]
    return [page.words for page in opened(made)]


def test_the_same_record_gives_the_same_bytes_and_no_clock_is_in_them(example: Example) -> None:
    record = example()
    first, second = (reading_sheet(record, *looked(record), prediction()) for _ in range(2))
    assert first == second
    assert b"D:2000" in first
    dated = reading_sheet(record, options=SheetOptions(printed_on="2026-11-21"))
    assert "Printed 2026-11-21." in opened(dated)[0].words
    assert "Printed" not in opened(first)[0].words


def test_stamp_purpose_and_number_stand_on_every_page(example: Example) -> None:
    pages = printed(example(), layout="12x1")
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert UNCONFIRMED in text
        assert PURPOSE in text
        assert f"page {number} of {len(pages)}" in text


def test_every_letter_is_in_the_file(example: Example) -> None:
    for page in opened(reading_sheet(example(), *looked(example()), prediction())):
        assert page.unembedded == []
        assert page.raw["/Resources"]["/Font"]  # type: ignore[index]


def test_the_head_says_what_is_known_of_the_recording(example: Example) -> None:
    record = example()
    page, *_, last = printed(record)
    for fact in ("HR00318", "male, 56 years", "WFDB 16+24", "12 leads", "500 samples a second", "smallest step 1 µV"):
        assert fact in page
    assert record.digest[:16] in page
    assert record.digest in last
    for lead in record.leads:
        assert re.search(rf"\b{lead}\b", page)


def test_no_corrected_qt_stands_without_its_formula(example: Example) -> None:
    text = " ".join(printed(example()))
    assert text.count("QTc") >= 4
    assert not re.search(r"QTc(?! (Bazett|Fridericia))", text)
    assert "Not measurable: PR, P axis. No P wave was found before most beats." in text


def test_each_class_has_its_number_or_the_reason_why_there_is_none(example: Example) -> None:
    first, *_, last = printed(example())
    assert "1 of 4 classes is stated; 1 undecided, 1 not assessed." in first
    assert "left bundle branch block 0.81 (threshold 0.25)" in first
    assert "pacing rhythm" not in first
    assert "0.810 ✓" in last
    assert "0.55–0.88" in last
    assert "0.240 ?" in last
    assert "Not assessed: 3 examples in training are too few." in last
    assert "0.400" not in last


def test_a_model_that_abstains_is_printed_with_its_sentence_and_no_number(example: Example) -> None:
    sentence = "Not assessed: the model was tested with 12 leads only; V4 missing here."
    pages = [page.words for page in opened(reading_sheet(example(), *looked(example()), prediction(sentence)))]
    assert sentence in pages[0]
    assert sentence in pages[-1]
    assert "threshold 0." not in " ".join(pages)


def test_a_model_that_knew_the_recording_or_was_made_to_speak_says_so(example: Example) -> None:
    told = prediction(seen=True, despite="Shown, not scored: lead V1 is flat.")
    first, *_, last = [page.words for page in opened(reading_sheet(example(), *looked(example()), told))]
    assert "trained on this very recording" in first
    assert "made to speak" in first
    assert "lead V1 is flat" in last


def test_marks_of_quality_come_with_reason_and_remedy(example: Example) -> None:
    record = example()
    first, *_, last = printed(record)
    assert "V1 !" in first
    assert "I ✓" in first
    for issue in looked(record)[0].issues:
        assert f"{issue.sentence} {issue.remedy}".strip() in last


@needs_model
def test_the_last_page_is_a_short_card_of_the_model(example: Example) -> None:
    card = read_card(MODELS[-1])
    text = "".join(printed(example())[-1].split())
    assert card.sha256 in text
    assert card.name in text
    assert "".join(card.manifest.decision.rule.split()) in text
    assert re.search(r"Trained20\d\d-\d\d-\d\d;", text)


def test_a_gain_that_is_not_the_usual_one_is_named_in_words_and_colour(example: Example) -> None:
    assert "25 mm/s · 5 mm/mV · HALF GAIN" in printed(example(), gain=5)[0]
    assert "25 mm/s · 10 mm/mV" in printed(example())[0]
    assert "GAIN" not in printed(example())[0]


def test_what_was_done_to_the_trace_is_said(example: Example) -> None:
    assert "As recorded: no filter applied here" in printed(example())[0]
    assert "Columns follow one another in time" in printed(example())[0]
    slow = dataclasses.replace(example(), rate=250.0)
    assert "250 samples a second (below 500)" in opened(reading_sheet(slow))[0].words


def test_derived_leads_gaps_flat_tops_and_guessed_units_are_marked(example: Example) -> None:
    signal = example().signal.copy()
    signal[6, 2600:2900] = np.nan  # in the column of V1
    signal[9, 4200:4220] = signal[9, 3750:].max() + 1
    units = dict.fromkeys(example().leads, "guessed")
    record = dataclasses.replace(example(), signal=signal, derived=("III", "aVR"), units=units)
    page = opened(reading_sheet(record))[0].words
    assert "III derived" in page
    assert "nothing recorded" in page
    assert "flat tops that look cut off" in page
    assert "The unit is guessed" in page
    assert "12 leads, III, aVR derived from I and II" in page


def test_a_trace_that_leaves_its_row_is_said_to(example: Example) -> None:
    record = dataclasses.replace(example(), signal=example().signal * np.float32(20))
    assert "a trace leaves its row; print at a smaller gain" in opened(reading_sheet(record))[0].words


def test_a_long_recording_is_printed_from_the_chosen_second_and_says_what_is_missing(
    example: Example, real: Callable[[str], Path]
) -> None:
    record = example("100.hea", real("mitdb"))
    pages = opened(reading_sheet(record, options=SheetOptions(begin=600, rhythm=True)))
    assert "10 min 00.0 s to 10 min 10.0 s of a recording of 30 min 05.6 s" in pages[0].words
    rhythm = pages[1].words
    assert "Rhythm, lead V5: 10 min 00.0 s to 11 min 10.0 s" in rhythm
    assert "V5 · from 11 min 00.0 s" in rhythm
    assert len([line for stroke in pages[1].strokes for line in stroke.lines if len(line) > 3000]) == 7
    assert len(opened(reading_sheet(record, options=SheetOptions(begin=600)))) == len(pages) - 1


def test_a_recording_shorter_than_a_beat_a_column_has_no_columns(example: Example) -> None:
    record = dataclasses.replace(example(), signal=example().signal[:, :200])
    pages = opened(reading_sheet(record))[:-1]
    assert sum(len(page.pulses) for page in pages) == 12
    assert "The whole recording: 0.4 s." in pages[0].words
    assert "Columns" not in pages[0].words


@pytest.mark.parametrize("leads", [("II",), ("I", "II", "V2")])
def test_a_recording_with_few_leads_has_a_row_for_each(leads: tuple[str, ...], example: Example) -> None:
    rows = [example().leads.index(lead) for lead in leads]
    record = dataclasses.replace(example(), signal=example().signal[rows], leads=leads, lsb_mv=(0.001,) * len(leads))
    (page, *_) = opened(reading_sheet(record))
    assert len([line for stroke in page.strokes for line in stroke.lines if len(line) > 1000]) == len(leads)
    assert "not recorded" not in page.words


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ångström–Łódź", "Ångström–Łódź"),
        ("Иванов Ωμέγα", "Иванов Ωμέγα"),
        ("心电图 7", "□□□ 7"),
        ("שלום", "□□□□"),
        ("a\u202eb\nc\x00", "a␣b␣c␣"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_a_name_in_any_script_is_printed_or_shown_as_boxes(name: str, shown: str, example: Example) -> None:
    assert printable(name) == shown
    record = dataclasses.replace(example(), name=name)
    for page in opened(reading_sheet(record)):
        assert shown in page.words


def test_a_long_name_is_cut_before_the_stamp(example: Example) -> None:
    record = dataclasses.replace(example(), name="W" * 300)
    page = opened(reading_sheet(record))[0].words
    assert "WWW…" in page
    assert UNCONFIRMED in page


def test_a_record_in_an_unknown_unit_is_printed_without_quality_and_intervals(example: Example) -> None:
    record = dataclasses.replace(
        example(),
        units=dict.fromkeys(example().leads, "guessed"),
        issues=(*example().issues, Issue("ASK-UNIT", None, "block", "It does not say its unit.", "Say it.")),
    )
    pages = [page.words for page in opened(whole_sheet(record, None, None))]
    assert "Intervals not measured: unit or rate is unknown." in pages[0]
    assert "No model was asked." in pages[0]
    assert "Not judged" in pages[-1]


def test_a_sentence_is_broken_where_it_must_and_cut_where_there_is_more() -> None:
    lines = wrapped("one two three four five six", 8, 12, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")


def test_a_layout_or_a_beginning_that_is_not_there_is_refused(example: Example) -> None:
    with pytest.raises(ValueError, match="unknown layout"):
        reading_sheet(example(), options=SheetOptions(layout="5x5"))
    with pytest.raises(ValueError, match="cannot begin"):
        reading_sheet(example(), options=SheetOptions(begin=100))


def test_a_rate_that_the_file_does_not_say_is_not_printed_as_if_it_did(example: Example) -> None:
    asked = Issue("ASK-RATE", None, "block", "The file does not say its sampling rate.", "")
    pages = opened(whole_sheet(dataclasses.replace(example(), issues=(asked,)), None, None))
    text = " ".join(" ".join(page.words.split()) for page in pages)
    assert "the file does not say how many make a second" in text
    assert "500 samples a second" not in text
    assert "Not judged, because the unit or the rate of the file is unknown." in text
