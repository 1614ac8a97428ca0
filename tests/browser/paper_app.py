"""A page with nothing but paper: a sample with its beats, what a model would read of it, and a made attribution."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import streamlit as st  # noqa: E402

from ecgssl_core.inference.explained import Attribution, Seen  # noqa: E402
from ecgssl_core.records import Record, gather, read_records  # noqa: E402
from ecgssl_core.records.qrs import qrs_times  # noqa: E402
from ecgssl_core.signals.filters import bandpass  # noqa: E402
from pages.parts.paper_ecg import show_paper  # noqa: E402

KEEP = 5  # of the samples one in five: 500 to 100 a second


def sample(name: str, times: int) -> Record:
    (record,) = read_records(gather([ROOT / "examples" / f"{name}.hea"])[0]).records
    signal = np.tile(record.signal, times)
    return Record(**{**vars(record), "signal": signal}) if times > 1 else record


def seen_of(record: Record) -> Seen:
    signal = bandpass(np.nan_to_num(record.signal), record.rate, 0.5, 40.0)[:, ::KEEP]
    return Seen(signal.astype(np.float32), record.rate / KEEP, record.leads, "0.5 to 40 Hz band-pass, 100 samples/s")


def attribution_of(record: Record, seen: Seen, beats: np.ndarray) -> Attribution:
    """For: what stands just before each beat, most of it in V6; against: what follows."""
    time = np.arange(seen.signal.shape[1]) / seen.rate
    near = time[None] - beats[:, None]
    toward, against = ((near > -0.2) & (near < -0.05)).any(axis=0), ((near > 0.1) & (near < 0.3)).any(axis=0)
    weights = np.linspace(0.1, 1, len(record.leads), dtype=np.float32)[:, None]
    return Attribution("164889003", seen.leads, seen.rate, weights * toward - 0.3 * against, None, (), (), 0.02)


st.set_page_config(layout="wide")
st.title("Paper")
record = sample(st.query_params.get("sample", "HR00009"), int(st.query_params.get("times", "1")))
seen = seen_of(record)
beats = qrs_times(record.signal, record.rate)
attribution = attribution_of(record, seen, beats) if "shaded" in st.query_params else None
span = show_paper(record, seen, beats.tolist(), attribution)
st.markdown(f"span {span}")
