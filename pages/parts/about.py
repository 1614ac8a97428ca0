"""What the workbench stands on: folders, limits of the reading process, versions, licence."""

import importlib.metadata
import os
import platform
import shutil
from pathlib import Path

import streamlit as st

from ecgssl_core import __version__
from ecgssl_core.corpus.pack import find_packs
from ecgssl_core.inference.card import BUNDLES, IMPORTED, find_models
from ecgssl_core.records import sandbox_limits
from ecgssl_core.runs import data_root, list_runs

PACKAGES = (
    *("streamlit", "torch", "numpy", "scipy", "pandas", "pyarrow", "plotly", "wfdb", "pydantic", "safetensors"),
    "onnxruntime",
)
_LIMITS = {
    "own process": "Every upload is read in a process of its own.",
    "time": "A reader that takes longer than 30 s is stopped.",
    "memory": "A reader may not take more memory than its limit.",
    "disk": "A reader may write no file.",
    "no network": "A reader has no network.",
}

_ABOUT = """
A workbench for self-supervised learning from electrocardiograms: one place to look at a recording, and to train and
compare the models that score it.

**For research and teaching. It is not a medical device; do not use it for the care of a patient.** What a model says is
a score on the labels of public data sets; on recordings of another origin it may be wrong without a sign.

Files that you drop here stay in the memory of this machine and are forgotten when the session ends. Nothing is sent
anywhere.

Licence: Apache-2.0. Sample recordings: PTB-XL (Wagner et al. 2020) and CPSC 2018 (Liu et al. 2018), CC BY 4.0.
"""


def show_folders() -> None:
    """Show where packs, runs and models lie, and how much room is left."""
    root = data_root()
    nearest = next(path for path in (root, *root.parents) if path.exists())
    free = shutil.disk_usage(nearest).free
    source = "from ECGSSL_DATA" if os.environ.get("ECGSSL_DATA") else "the default; set ECGSSL_DATA to move it"
    rows = {
        "Data folder": f"{root} ({source})",
        "Packs": str(len(find_packs(root))),
        "Runs": str(len(list_runs(root))),
        "Free space": f"{free / 1e9:.1f} GB",
        "Models": f"{len(find_models(BUNDLES))} in {BUNDLES}, {len(find_models(root / IMPORTED))} imported",
    }
    show_rows(rows)


def show_limits() -> None:
    """Show which limits hold for the process that reads files, on this system."""
    limits = sandbox_limits()
    with st.container(horizontal=True, gap="xsmall"):
        for name, holds in limits.items():
            color, icon = ("green", ":material/check:") if holds else ("orange", ":material/warning:")
            st.badge(name if holds else f"{name}: not here", icon=icon, color=color, help=_LIMITS.get(name))
    if not all(limits.values()):
        st.caption("Where a limit does not hold on this system, read only files that you trust.")


def show_versions() -> None:
    """Show the versions that a report of a fault should name."""
    show_rows(versions())


def versions() -> dict[str, str]:
    """Give the versions of the workbench, of Python, of the system and of the packages that matter."""
    own = {"Workbench": __version__, "Python": platform.python_version(), "System": platform.platform(terse=True)}
    return own | {name: _version(name) for name in PACKAGES}


def show_licence() -> None:
    """Say what the workbench is, is not, and under which licence."""
    st.markdown(_ABOUT)
    licence = Path(__file__).parents[2] / "LICENSE"
    if licence.is_file():
        with st.expander("Licence text"):
            st.code(licence.read_text(), language=None)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def show_rows(rows: dict[str, str]) -> None:
    """Show names and values as a table."""
    st.table({"what": list(rows), "value": list(rows.values())}, hide_index=True, hide_header=True, border="horizontal")
