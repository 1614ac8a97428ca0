"""One small ECG in each of the forms that hold plain numbers, for round trips and for damage."""

import io
import json
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import scipy.io
from numpy.typing import NDArray

RATE, NAMES = 500, ("I", "II", "V1")
APPLE = """Name,Somebody Known
Date of Birth,"1 Jan 1970"
Recorded Date,2020-03-01 12:00:00 +0000
Classification,Sinus Rhythm
Symptoms,
Software Version,1.90
Device,"Watch5,1"
Sample Rate,512 hertz


Lead,Lead I
Unit,µV

"""

Signal = NDArray[np.float64]


def npy(array: NDArray[np.generic] | object) -> bytes:
    target = io.BytesIO()
    np.save(target, np.asarray(array), allow_pickle=True)
    return target.getvalue()


def npz(**arrays: object) -> bytes:
    target = io.BytesIO()
    np.savez_compressed(target, **{key: np.asarray(array) for key, array in arrays.items()})
    return target.getvalue()


def mat(variables: Mapping[str, object], version: str = "5", packed: bool = False) -> bytes:
    target = io.BytesIO()
    scipy.io.savemat(target, dict(variables), format=version, do_compression=packed)
    return target.getvalue()


def parquet(columns: Mapping[str, object], said: Mapping[str, str] | None = None, codec: str = "snappy") -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(dict(columns), metadata=said), target, compression=codec)
    return target.getvalue()


def frame(signal: Signal, rate: int = RATE) -> pd.DataFrame:
    """Give time and leads as a table whose names say the units."""
    columns = {f"{lead} (mV)": row for lead, row in zip(NAMES, signal, strict=True)}
    return pd.DataFrame({"time (s)": np.arange(signal.shape[1]) / rate, **columns})


def _csv(signal: Signal) -> bytes:
    return frame(signal).to_csv(index=False).encode()


def _csv_of_europe(signal: Signal) -> bytes:
    return b"# Abtastrate: 500 Hz\n" + frame(signal).to_csv(sep=";", decimal=",").encode()


def _apple(signal: Signal) -> bytes:
    return (APPLE + "\n".join(f"{value * 1000:.3f}" for value in signal[0])).encode()


def _json(signal: Signal) -> bytes:
    leads = {lead: row.tolist() for lead, row in zip(NAMES, signal, strict=True)}
    return json.dumps({"sampling_rate": RATE, "unit": "mV", "leads": leads}).encode()


def _npy(signal: Signal) -> bytes:
    return npy(signal)


def _npz(signal: Signal) -> bytes:
    return npz(signal=signal, fs=RATE, leads=NAMES, units="mV")


def _mat(signal: Signal) -> bytes:
    return mat({"val": signal, "fs": RATE, "unit": "mV", "leads": list(NAMES)})


def _mat_packed(signal: Signal) -> bytes:
    return mat({"val": signal, "fs": RATE, "unit": "mV", "leads": list(NAMES)}, packed=True)


def _mat_4(signal: Signal) -> bytes:
    return mat({"val": signal, "fs": RATE}, version="4")


def _parquet(signal: Signal) -> bytes:
    return parquet(dict(zip(NAMES, signal, strict=True)), {"fs": str(RATE), "unit": "mV"})


FORMS: dict[str, Callable[[Signal], bytes]] = {
    "made.csv": _csv,
    "made.tsv": _csv_of_europe,
    "watch.csv": _apple,
    "made.json": _json,
    "made.npy": _npy,
    "made.npz": _npz,
    "made.mat": _mat,
    "packed.mat": _mat_packed,
    "four.mat": _mat_4,
    "made.parquet": _parquet,
}


def made_signal(samples: int = 120) -> Signal:
    """Give three leads in mV, in steps of 1 µV."""
    chance = np.random.default_rng(11)
    return np.round(chance.normal(size=(len(NAMES), samples)).cumsum(axis=1) / 20, 3)
