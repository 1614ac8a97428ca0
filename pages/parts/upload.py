"""Files from a person to records, and what was understood of them in one line."""

import streamlit as st

from ecgssl_core.records import Reading, Record
from pages.parts.cache import read_upload, sample_record
from pages.parts.keys import SAMPLE
from pages.parts.names import plain_text, shown_name
from pages.parts.questions import settled
from pages.parts.samples import SAMPLES, described

_LABEL = "ECG files of any machine, several at once, or a zip"
_HELP = (
    "WFDB (.hea with its .dat or .mat), EDF, BDF, DICOM, SCP-ECG, HL7 aECG, MUSE XML, Philips XML, ISHNE, Kardia, CSV "
    "and text, NumPy, MATLAB, Parquet, JSON. What counts is the content, not the name. "
    "Files stay in the memory of this machine until the session ends. Nothing is sent anywhere."
)
_SOURCES = {"file": "unit from the file", "user": "unit as you said", "guessed": "unit guessed"}


def uploaded(key: str) -> Reading | None:
    """Show an uploader; give what its files hold, or None if there are none.

    An uploader forgets its files when its page is left; what they held stays until they are removed.
    """
    kept = f"{key} kept"
    files = st.file_uploader(
        _LABEL, accept_multiple_files=True, key=key, help=_HELP, max_upload_size=64, on_change=_forget, args=(kept,)
    )
    if files:
        st.session_state[kept] = read_upload({file.name: file.getvalue() for file in files})
    elif kept in st.session_state:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Your files of before are still shown.", width="content")
            st.button("Remove them", key=f"{key} remove", type="tertiary", on_click=_forget, args=(kept,))
    return st.session_state.get(kept)


def _forget(kept: str) -> None:
    st.session_state.pop(kept, None)


def show_refused(reading: Reading) -> None:
    """Show one sentence for each file that gave no record."""
    for refusal in reading.refused:
        st.error(f"**{shown_name(refusal.name)}** {shown_name(refusal.sentence, longest=400)}", icon=":material/block:")


def choose_record(place: str, sample: str) -> Record | None:
    """Show the choice between a sample and an upload; give the record, or None if the upload holds none."""
    name = st.selectbox(
        "Sample", list(SAMPLES), list(SAMPLES).index(sample), SAMPLES.__getitem__, key=f"{place} sample"
    )
    reading = uploaded(f"{place} upload")
    if reading is None:
        return sample_record(name)
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


def pick(records: tuple[Record, ...], key: str) -> Record | None:
    """Give the only record, or the one chosen of several; None if there is none."""
    if len(records) < 2:
        return records[0] if records else None
    place = st.selectbox("Record", range(len(records)), format_func=lambda at: plain_text(records[at].name), key=key)
    return records[place or 0]


def understood(record: Record) -> str:
    """Give in one line of Markdown what was understood of a record."""
    sources = [_SOURCES[source] for source in sorted(set(record.units.values()))]
    who = [word for word in (record.sex, f"{record.age:g} years" if record.age is not None else None) if word]
    words = [
        record.format,
        f"{len(record.leads)} lead{'s' * (len(record.leads) != 1)}",
        f"{record.rate:g} Hz",
        f"{record.seconds:.1f} s",
        f"mV ({', '.join(sources)})",
        ", ".join(who) or "age and sex not given",
    ]
    return " · ".join(map(shown_name, words))


def describe_sample(name: str) -> str:
    """Give what a sample is, where it comes from and under which licence."""
    return described(name)
