"""Files from a person to records, and what was understood of them in one line."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ecgssl_core.records import Reading, Record, Refusal, open_questions
from pages.parts.cache import read_upload, sample
from pages.parts.keys import SAMPLE
from pages.parts.names import plain_text, shown_name
from pages.parts.pending import forget, leave
from pages.parts.questions import settled
from pages.parts.samples import SAMPLES, described

_LABEL = "ECG files of any machine, several at once, or a zip"
_HELP = (
    "WFDB (.hea with its .dat or .mat), EDF, BDF, DICOM, SCP-ECG, HL7 aECG, MUSE XML, Philips XML, ISHNE, Kardia, CSV "
    "and text, NumPy, MATLAB, Parquet, JSON. What counts is the content, not the name. "
    "Pictures, scans and PDFs are not read. Files stay in the memory of this machine until "
    "the session ends. Nothing is sent anywhere."
)
_HALF = "PART"  # the kind of a file that waits for its other half
_UNKNOWN = "FORMAT"
_MORE = "[Which files are read](terms#file-formats)"
_TWICE = "Two files have this name, and one of them was read; give them in two goes, or under two names."
_FEW = 3  # files that are told of one by one; more stand behind a click
_SOURCES = {"file": "unit from the file", "user": "unit as you said", "guessed": "unit guessed"}


def uploaded(key: str) -> Reading | None:
    """Show an uploader; give what its files hold, or None if there are none; the page ends here while it is read.

    An uploader forgets its files when its page is left; what they held stays until they are removed.
    """
    kept = f"{key} kept"
    files = st.file_uploader(
        _LABEL, accept_multiple_files=True, key=key, help=_HELP, max_upload_size=64, on_change=_forget, args=(kept,)
    )
    if files and kept not in st.session_state:
        st.session_state[kept] = _read(files, kept)
    elif not files and kept in st.session_state:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Your files of before are still shown.", width="content")
            st.button("Remove them", key=f"{key} remove", type="tertiary", on_click=_forget, args=(kept,))
    return st.session_state.get(kept)


def _read(files: Sequence[UploadedFile], kept: str) -> Reading:
    mark = tuple(file.file_id for file in files)
    st.session_state[f"{kept} begun"] = mark
    size = sum(file.size for file in files) / 2**20
    doing = f"Reading {len(files)} file{'s' * (len(files) > 1)}" + (f" of {size:.0f} MB" if size > 1 else "")
    reading = read_upload(mark, doing, lambda: {file.name: file.getvalue() for file in files})
    if reading is None:
        leave()
    forget(("read", mark))
    names = Counter(file.name for file in files)
    again = [Refusal(name, "TWICE", _TWICE) for name, count in names.items() if count > 1]
    return Reading(reading.records, (*reading.refused, *again))


def _forget(kept: str) -> None:
    st.session_state.pop(kept, None)
    forget(("read", st.session_state.pop(f"{kept} begun", ())))  # other files were dropped while these were read


def show_refused(reading: Reading) -> None:
    """Show one sentence for each file that gave no record: what waits for its other half, then what is refused."""
    waiting = [one for one in reading.refused if one.kind == _HALF]
    others = [one for one in reading.refused if one.kind != _HALF]
    for told, icon, show in (
        (waiting, ":material/hourglass_empty:", st.warning),
        (others, ":material/block:", st.error),
    ):
        for refusal in told[:_FEW]:
            show(_said(refusal), icon=icon)
        if len(told) > _FEW:
            with st.expander(f"{len(told) - _FEW} more files gave no record"), st.container(height=240, border=False):
                st.markdown("\n".join(f"- {_said(refusal)}" for refusal in told[_FEW:]))
    if any(one.kind == _UNKNOWN for one in others):
        st.caption(_MORE)


def _said(refusal: Refusal) -> str:
    return f"**{shown_name(refusal.name)}** {shown_name(refusal.sentence, longest=400)}"


def choose_record(place: str, sample: str) -> Record | None:
    """Show the choice between a sample and an upload; give the record, or None if the upload holds none."""
    name = st.selectbox(
        "Sample", list(SAMPLES), list(SAMPLES).index(sample), SAMPLES.__getitem__, key=f"{place} sample"
    )
    reading = uploaded(f"{place} upload")
    if reading is None:
        return sample_of(name)
    show_refused(reading)
    record = pick(reading.records, f"{place} record")
    return None if record is None else settled(record, reading.records)


def choose_sample() -> str:
    """Show the choice between the samples; the address names the one that is chosen."""
    names = list(SAMPLES)
    linked = st.query_params.get(SAMPLE)
    first = names.index(linked) if linked in names else 0
    name = st.selectbox("Sample", names, first, SAMPLES.__getitem__, key=SAMPLE)
    if linked is not None or name != names[0]:
        st.query_params[SAMPLE] = name
    return name


def sample_of(name: str) -> Record:
    """Give a sample recording; the page ends here while it is being read."""
    record = sample(name)
    if record is None:
        leave()
    return record


def pick(records: tuple[Record, ...], key: str) -> Record | None:
    """Give the only record, or the one chosen of several; None if there is none."""
    if len(records) < 2:
        return records[0] if records else None
    place = st.selectbox("Record", range(len(records)), format_func=lambda at: plain_text(records[at].name), key=key)
    return records[place or 0]


def understood(record: Record) -> str:
    """Give in one line of Markdown what was understood of a record."""
    asked = open_questions(record)
    sources = [_SOURCES[source] for source in sorted(set(record.units.values()))]
    who = [word for word in (record.sex, f"{record.age:g} years" if record.age is not None else None) if word]
    words = [
        record.format,
        f"{len(record.leads)} lead{'s' * (len(record.leads) != 1)}",
        *(("rate not said",) if "ASK-RATE" in asked else (f"{record.rate:g} Hz", f"{record.seconds:.1f} s")),
        f"mV ({', '.join(sources)})",
        ", ".join(who) or "age and sex not given",
    ]
    return " · ".join(map(shown_name, words))


def describe_sample(name: str) -> str:
    """Give what a sample is, where it comes from and under which licence."""
    return described(name)
