"""A released model in other hands: lines of Python and of the shell that work as they stand, and the model as files."""

import shlex
from collections.abc import Callable

import streamlit as st

from ecgssl_core.errors import EcgError
from ecgssl_core.inference.card import BundleCard
from ecgssl_core.inference.exchange import export_bundle
from ecgssl_core.inference.onnx_file import OnnxFile, kept_onnx, make_onnx
from ecgssl_core.runs import data_root
from pages.parts.keys import ONNX
from pages.parts.pending import awaited_steps
from pages.parts.terms import help_on

_PYTHON = """
from pathlib import Path

from ecgssl_core.inference.card import named_model
from ecgssl_core.inference.service import PredictionService
from ecgssl_core.records import gather, read_isolated

model = named_model({name!r})
files, refused = gather([Path("examples/HR00009.hea")])
reading = read_isolated(files)
for prediction in PredictionService().predict(model, reading.records):
    for finding in sorted(prediction.findings, key=lambda finding: -finding.probability)[:3]:
        print(f"{{finding.name}}: {{finding.probability:.3f}}, threshold {{finding.threshold:.3f}}")
"""
_ONNX = """
import json
from pathlib import Path

import onnxruntime
from scipy.special import expit, logit

from ecgssl_core.records import gather, read_isolated
from ecgssl_core.signals.spec import InputSpec, prepare

told = json.loads(Path("{file}.json").read_text())
record = read_isolated(gather([Path("examples/HR00009.hea")])[0]).records[0]
windows = prepare(record.signal, record.rate, record.leads, InputSpec.from_json(told["input"]))
logits = onnxruntime.InferenceSession("{file}.onnx").run(["logits"], {{"windows": windows}})[0].astype(float)
decision, names = told["decision"], told["labels"]["names"]
found = expit(logit(expit(logits).mean(axis=0)) / decision["temperature"] + decision["bias"])
for at in found.argsort()[::-1][:3]:
    print(f"{{names[at]}}: {{found[at]:.3f}}, threshold {{decision['thresholds'][at]:.3f}}")
"""


def python_lines(name: str) -> str:
    """Give lines of Python that apply the bundle of a folder to a sample recording."""
    return _PYTHON.format(name=name).strip()


def onnx_lines(file: str) -> str:
    """Give lines of Python that do the same with an ONNX file and its JSON, without torch.

    Args:
        file: name of both, without ending.
    """
    return _ONNX.format(file=file).strip()


def show_lines(card: BundleCard) -> None:
    """Show how to apply the model from Python and from the shell."""
    name = card.folder.name
    st.markdown("**Python**, run in the folder of the workbench; put your own files in the place of the sample.")
    st.code(python_lines(name), language="python", line_numbers=True)
    st.markdown("**Shell**")
    words = ["python", "-m", "ecgssl_core", "predict", "examples/HR00009.hea", "--model", str(card.folder), "--json"]
    st.code(shlex.join(words), language="bash", wrap_lines=True)


def offer_bundle(card: BundleCard, whole: bool) -> None:
    """Offer the model as one zip."""
    st.markdown("**The whole model**", help=help_on("Bundle"))
    st.caption(
        "A zip with weights, manifest and card. Another workbench takes it under Import; there it is not listed before "
        "its sums and its reference output are proved."
    )
    st.download_button(
        f"Model ({card.size / 1e6:.1f} MB, zip)",
        lambda: export_bundle(card.folder),
        f"{card.folder.name}.zip",
        "application/zip",
        key="export_zip",
        icon=":material/folder_zip:",
        on_click="ignore",
        disabled=not whole,
    )


def offer_onnx(card: BundleCard) -> None:
    """Offer the model as ONNX; it is made by another process, which this page only looks after."""
    st.markdown("**ONNX**", help=help_on("ONNX"))
    try:
        made = kept_onnx(card.folder, data_root()) or _made(card)
    except EcgError as error:
        st.session_state.pop(ONNX, None)
        st.error(str(error))
        return
    if made is None:
        return
    told = made.told["compared_with_torch"]
    st.caption(
        f"Compared with torch on {told['windows']:,} windows, those of the sample recordings among them: probabilities "
        f"differ by {told['probability']:.1e} at most. The spectrogram is inside the graph; the JSON says which leads, "
        "rate and windows it reads, and how logits become statements."
    )
    _offer_files(made, card.folder.name)
    st.markdown("**Python with ONNX**, without torch, where both files lie beside `examples`")
    st.code(onnx_lines(card.folder.name), language="python", line_numbers=True)


def _made(card: BundleCard) -> OnnxFile | None:
    """Give the file once it is asked for and there."""
    key, root = f"{ONNX} {card.sha256}", data_root()
    if st.session_state.get(ONNX) != key:
        st.caption("One file that other programs run without torch, for any number of windows. Takes about a minute.")
        st.button("Make the ONNX file", key="make_onnx", icon=":material/deployed_code:", on_click=_ask, args=(key,))
        return None
    ends: list[Callable[[], None]] = st.session_state.setdefault(f"{key} ends", [])

    def stop() -> None:
        for end in ends:
            end()

    return awaited_steps(
        key, "Making the ONNX file", lambda said: make_onnx(card.folder, root, said, ends.append), stop
    )


def _ask(key: str) -> None:
    st.session_state[ONNX] = key


def _offer_files(made: OnnxFile, name: str) -> None:
    with st.container(horizontal=True):
        st.download_button(
            f"ONNX ({made.graph.stat().st_size / 1e6:.1f} MB)",
            made.graph.read_bytes,
            f"{name}.onnx",
            "application/octet-stream",
            key="onnx_graph",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Its JSON",
            made.sidecar.read_bytes,
            f"{name}.json",
            "application/json",
            key="onnx_json",
            icon=":material/download:",
            on_click="ignore",
        )
