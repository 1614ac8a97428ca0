"""Many records at once, from a pack and from files, beside plain loops over them; and the loop with all its data."""

import atexit
import shutil
import tempfile
from itertools import cycle
from pathlib import Path

import numpy as np
import torch
import wfdb
from numpy.typing import NDArray
from scipy.signal import resample

from ecgssl_core.errors import BundleError
from ecgssl_core.inference.card import default_model
from ecgssl_core.inference.predict import predict_all
from ecgssl_core.inference.score_pack import score_pack
from ecgssl_core.models.bundle import load_bundle, load_network
from ecgssl_core.records import gather, read_isolated
from ecgssl_core.settings import Modality
from ecgssl_core.training.loader import Loader
from ecgssl_core.training.recordings import Recordings

from .fine_tuning import plain_fused, plain_probabilities
from .made import CLASSES, SPEC, Size, made_pack
from .our_step import OurStep
from .pairs import Pair, Work, classifier_at_rest, classifier_of, pretraining

_EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.hea"))
_FILES = 24  # records: the examples again and again, as other files


def batch_pairs() -> list[Pair]:
    """List what predicts many records; files are left out where there is no released model."""
    pack = Pair("prediction from a pack", _our_pack, _plain_pack, 7 * 0.137, records=lambda size: size.pack)
    try:
        default_model()
    except BundleError:
        return [pack]
    return [pack, Pair("prediction from files", _our_files, _plain_files, records=lambda _size: _FILES)]


def whole_loop(modality: Modality, size: Size) -> Work:
    """Give our pretraining step with order, stretches and views made anew each time, as the loop does it."""
    settings, method = pretraining(modality, size)
    pack = made_pack(max(size.pack, size.batch))
    recordings = Recordings.of([(pack, np.arange(len(pack)))], SPEC)
    loader = Loader(recordings, None, size.batch, method.source_samples, 0)
    step = OurStep(method, settings)
    batches = (made for epoch in cycle(range(1000)) for made in loader.batches(epoch))
    return lambda: step(*next(batches))


def _our_pack(size: Size) -> Work:
    classifier, pack = classifier_at_rest(size), made_pack(size.pack)
    return lambda: score_pack(classifier, pack, range(len(pack)))


def _plain_pack(size: Size) -> Work:
    _, classifier = classifier_of(size)
    plain, pack = plain_fused(classifier, SPEC, CLASSES), made_pack(size.pack)
    return lambda: [plain_probabilities(plain, pack.signal(row), SPEC) for row in range(len(pack))]


def _our_files(_size: Size) -> Work:
    bundle, paths = load_bundle(default_model()), _many()

    def work() -> object:
        files, _ = gather(paths)
        return predict_all(bundle, read_isolated(files).records, at_once=torch.get_num_threads())

    return work


def _plain_files(_size: Size) -> Work:
    model, paths = load_network(default_model()), _many()
    plain = plain_fused(model, model.spec, model.head[-1].out_features)
    return lambda: [plain_probabilities(plain, _read(path, model.spec.rate), model.spec) for path in paths]


def _many() -> list[Path]:
    """Copy the examples under other names into a folder that goes when the process does."""
    folder = Path(tempfile.mkdtemp(prefix="ecgssl-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = []
    for at, path in zip(range(_FILES), cycle(_EXAMPLES), strict=False):
        header = folder / f"copy{at}.hea"
        for file in path.parent.glob(f"{path.stem}.*"):
            shutil.copy(file, header.with_suffix(file.suffix))
        header.write_text(path.read_text().replace(path.stem, header.stem))
        made.append(header)
    return made


def _read(path: Path, rate: float) -> NDArray[np.float32]:
    """Give a record (leads, samples) in mV at a rate, each lead resampled by FFT, as published."""
    record = wfdb.rdrecord(str(path.with_suffix("")))
    assert record.p_signal is not None
    samples = int(record.sig_len * rate / record.fs)
    leads = [resample(lead, samples) for lead in np.nan_to_num(record.p_signal).T]
    return np.stack(leads).astype(np.float32)
