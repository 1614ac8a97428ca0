"""A bundle as one ONNX file with its spectrogram inside, beside a JSON of what the numbers mean, held against torch."""

import contextlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from scipy.special import expit
from torch import Tensor, nn

from ecgssl_core.durable import replace_file
from ecgssl_core.errors import BundleError, OwnFault

from .bundle import load_bundle, load_network, reference_input
from .classifier import Classifier
from .folding import fold_normalisation
from .manifest import Manifest

TOLERANCE = 1e-5  # of a probability; of a logit besides its own share of 1e-5, for logits reach 40
OPSET = 18
_BATCH = 64  # windows at a time
STEPS = (
    "loading the model",
    "tracing the network",
    "taking its operations apart",
    "translating them",
    "simplifying the graph",
    "comparing it with torch",
)
Windows = NDArray[np.float32]


@dataclass(frozen=True)
class Difference:
    """The largest difference of a probability (sigmoid of a logit), and of a logit as |a − b| / (1 + |b|)."""

    probability: float
    logit: float

    @property
    def fine(self) -> bool:
        """Whether both are within the tolerance; numbers that are none are not."""
        return self.probability <= TOLERANCE and self.logit <= TOLERANCE


@dataclass(frozen=True)
class Exported:
    """An ONNX file, its JSON, on how many windows it was compared with torch, and what differed there."""

    graph: Path
    sidecar: Path
    windows: int
    difference: Difference


def export_onnx(
    folder: Path, out: Path, windows: Windows | None = None, progress: Callable[[int, str], None] | None = None
) -> Exported:
    """Write a bundle as ONNX: windows (batch, leads, samples) in mV to logits and gates, for any batch.

    The standardisation and the short-time transform are part of the graph; resampling, cutting into windows, and what
    follows the logits are not, and stand in the JSON beside it.

    Args:
        folder: of a bundle.
        out: the file; its JSON lies beside it, with the same name.
        windows: (windows, leads, samples) in mV to compare on besides the reference input, from real records.
        progress: called before each step with its number, from 0, and its name.

    Raises:
        BundleError: the bundle is damaged, or the graph gives other logits than torch; then nothing is written.
        OwnFault: the disk refused.
    """
    tell = progress or (lambda _number, _name: None)
    tell(0, STEPS[0])
    bundle, network = load_bundle(folder), load_network(folder)
    tell(1, STEPS[1])
    with contextlib.redirect_stdout(_Heard(tell)):
        graph = _graph(fold_normalisation(load_network(folder)), network)
    onnx.checker.check_model(graph)
    content = graph.SerializeToString()
    tell(len(STEPS) - 1, STEPS[-1])
    on = reference_input(bundle.input)
    on = on if windows is None or not len(windows) else np.concatenate([on, windows])
    found = largest_difference(content, network, on)
    if not found.fine:
        told = f"by {found.probability:.1e} in a probability and {found.logit:.1e} in a logit"
        raise BundleError(f"The ONNX file of {folder.name} differs from torch {told}; it was not written.")
    sidecar = out.with_suffix(".json")
    compared = {"windows": len(on), "probability": found.probability, "logit": found.logit}
    tree = sidecar_json(bundle.manifest, bundle.sha256) | {"compared_with_torch": compared}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OwnFault(f"The folder {out.parent.name} cannot be made ({error.strerror}).") from error
    replace_file(sidecar, (json.dumps(tree, indent=1) + "\n").encode())
    replace_file(out, content)
    return Exported(out, sidecar, len(on), found)


def largest_difference(content: bytes, network: Classifier, windows: Windows) -> Difference:
    """Give how far the output of a graph is from that of the network it was made from.

    Args:
        content: of the ONNX file.
        network: in evaluation mode.
        windows: (windows, leads, samples) in mV.
    """
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    probability = logit = 0.0
    for first in range(0, len(windows), _BATCH):
        part = windows[first : first + _BATCH]
        with torch.no_grad():
            expected = network(torch.from_numpy(part)).logits.double().numpy()
        found = session.run(["logits"], {"windows": part})[0].astype(np.float64)
        # np.maximum keeps what is no number, and max would not
        probability = float(np.maximum(probability, np.abs(expit(found) - expit(expected)).max()))
        logit = float(np.maximum(logit, (np.abs(found - expected) / (1 + np.abs(expected))).max()))
    return Difference(probability, logit)


def sidecar_json(manifest: Manifest, sha256: str) -> dict[str, Any]:
    """Give what the numbers of a graph mean: its input, its classes, and how logits become statements."""
    return {
        "name": manifest.name,
        "version": manifest.version,
        "sha256": sha256,
        "unit": "mV",
        "input": manifest.input,
        "labels": manifest.labels.model_dump(mode="json"),
        "decision": manifest.decision.model_dump(mode="json"),
        "steps": [
            "bring the record into the leads of input, in mV, at its rate; filter it if highpass_hz is above 0",
            "cut it into windows of so many samples, one every stride, and one more that ends with the record",
            "run the graph on windows (windows, leads, samples): logits (windows, classes); gates (windows, 2), if any",
            "mean over windows of sigmoid(logits), clipped to 1e-7 from 0 and 1, and its logit: that of the record",
            "probability = sigmoid(logit / temperature + bias); positive from its threshold on",
        ],
        "purpose": "For research and teaching; no medical device.",
    }


class _Heard(io.TextIOBase):
    """What torch prints of its export, a line at the end of each step of its own; only how far it is goes on."""

    def __init__(self, tell: Callable[[int, str], None]) -> None:
        self._tell, self._step = tell, 1

    def write(self, text: str) -> int:
        """Count the lines that tell the end of a step."""
        if "✅" in text and self._step < len(STEPS) - 2:
            self._step += 1
            self._tell(self._step, STEPS[self._step])
        return len(text)


class _Flat(nn.Module):
    """The network with a tuple for its output, as a graph has it."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, windows: Tensor) -> tuple[Tensor, ...]:
        """Give logits, and gates where there are any."""
        output = self.network(windows)
        return (output.logits,) if output.gates is None else (output.logits, output.gates)


def _graph(folded: nn.Module, network: Classifier) -> onnx.ModelProto:
    names = ["logits"] if network.fusion is None else ["logits", "gates"]
    example = torch.zeros(2, len(network.spec.leads), network.spec.window)
    program = torch.onnx.export(
        _Flat(folded).eval(),
        (example,),
        dynamo=True,
        dynamic_shapes=({0: torch.export.Dim("batch", min=1)},),
        input_names=["windows"],
        output_names=names,
        opset_version=OPSET,
        verbose=True,
    )
    assert program is not None
    return program.model_proto
