"""Traps of the published data code: what a network sees, whose numbers standardise it, and what goes missing."""

import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor, nn

from ecgssl_core.corpus.build import build_pack
from ecgssl_core.corpus.folds import read_folds
from ecgssl_core.corpus.pack import Pack, open_pack
from ecgssl_core.corpus.source import open_source
from ecgssl_core.inference.score_pack import score_pack
from ecgssl_core.inference.windows import score_windows
from ecgssl_core.models.classifier import Classifier, Output
from ecgssl_core.runs import create_run
from ecgssl_core.settings import Settings, override
from ecgssl_core.signals.leads import LEADS
from ecgssl_core.signals.spec import InputSpec, cut_windows
from ecgssl_core.signals.spectrogram import spectrogram
from ecgssl_core.training.finetune import finetune
from ecgssl_core.training.loader import Loader
from ecgssl_core.training.pretrain import choose_unlabelled, input_spec, pretrain
from ecgssl_core.training.recordings import Recordings
from ecgssl_core.training.statistics import with_statistics
from tests.training_small import small
from tests.traps.made import made_ecg, write_record

Spoil = Callable[[Sequence[int]], None]


def _recordings(pack: Path, fold: int) -> Recordings:
    settings = small("quick-time", pack, fold=fold)
    return Recordings.of(choose_unlabelled(settings).packs, input_spec(settings))


def _begun(preset: str, pack: Path, fold: int) -> tuple[Loader, InputSpec]:
    """Give the loader that a training would train on, and the input that it wrote down; it is stopped there."""
    loaders: list[Loader] = []

    def stop(_method: nn.Module, loader: Loader, *_: object) -> bool:
        loaders.append(loader)
        return False

    run = create_run(small(preset, pack, "training.probe_epochs=0", fold=fold))
    work = finetune if preset == "quick-tsg" else pretrain
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{work.__module__}.train", stop)
        assert not work(run.settings(), run)
    return loaders[0], InputSpec.from_json(run.provenance()["spec"])


def _batches(loader: Loader) -> list[Tensor]:
    return [batch.source for epoch in range(3) for batch, _ in loader.batches(epoch)]


def _in_memory(signals: list[np.ndarray]) -> Pack:
    """Give a pack of signals (12, samples) in mV that lies in memory."""
    lengths = [signal.shape[1] for signal in signals]
    table = pd.DataFrame({"samples": lengths, "start": np.cumsum(lengths) - lengths, "scale_mv": 0.001})
    counts = np.rint(np.concatenate(signals, axis=1).T * 1000).astype(np.int16)
    pack = Pack(Path("made"), {"rate_hz": 100.0, "digest": "made"}, table, counts)
    keys = [f"record {at}" for at in range(len(signals))]
    vars(pack)["table"] = pd.DataFrame({"key": keys, "patient": None})  # what it would read from its folder
    return pack


def test_a1_every_lead_of_a_file_reaches_the_network_as_itself(tmp_path: Path) -> None:
    time = np.arange(5000) / 500
    waves = np.stack([np.sin(2 * np.pi * (lead + 1) * time) for lead in range(12)])
    write_record(tmp_path / "corpus" / "waves", waves, 500)
    pack = build_pack(open_source(None, tmp_path / "corpus"), tmp_path / "pack")
    recordings = Recordings.of([(pack, np.array([0]))], InputSpec())
    (source,) = recordings.cut(torch.tensor([0]), torch.tensor([0]), 1000)
    assert (np.abs(np.fft.rfft(source.numpy())).argmax(axis=1) / 10).tolist() == list(range(1, 13))


def test_a1_leads_of_a_loaded_record_obey_einthoven_and_goldberger(tmp_path: Path) -> None:
    write_record(tmp_path / "corpus" / "beats", made_ecg(500, 8, seed=1), 500)
    pack = build_pack(open_source(None, tmp_path / "corpus"), tmp_path / "pack")
    lead = dict(zip(LEADS, pack.signal(0), strict=True))
    assert np.abs(lead["II"] - lead["I"] - lead["III"]).max() < 0.01
    assert np.abs(lead["aVR"] + (lead["I"] + lead["II"]) / 2).max() < 0.01
    assert np.abs(lead["I"] - lead["II"]).max() > 0.1


@pytest.mark.parametrize("preset", ["quick-time", "quick-tsg"])
@pytest.mark.parametrize("fold", [0, 3])
def test_a2_no_batch_of_a_training_holds_a_held_out_record(pack: Path, spoil: Spoil, fold: int, preset: str) -> None:
    folds = read_folds(open_pack(pack))
    spoil([*folds.test(fold), *folds.validation(fold)])
    assert max(source.abs().max().item() for source in _batches(_begun(preset, pack, fold)[0])) < 10
    other, _ = _begun(preset, pack, (fold + 1) % 4)  # of another fold they are training records, and are noticed
    assert max(source.abs().max().item() for source in _batches(other)) > 100


@pytest.mark.parametrize("preset", ["quick-time", "quick-tsg"])
def test_a7_a8_held_out_records_do_not_move_the_statistics(pack: Path, spoil: Spoil, preset: str) -> None:
    _, before = _begun(preset, pack, 1)
    folds = read_folds(open_pack(pack))
    spoil([*folds.test(1), *folds.validation(1)])
    assert _begun(preset, pack, 1)[1] == before
    spoil([int(folds.train(1)[0])])
    assert _begun(preset, pack, 1)[1] != before


def test_a7_statistics_are_each_lead_s_own_and_part_of_the_stored_network(pack: Path) -> None:
    spec = with_statistics(InputSpec(), _recordings(pack, 0))
    for numbers in (spec.time_mean, spec.time_std, spec.spectrogram_mean, spec.spectrogram_std):
        assert len(set(numbers)) == 12
    state = Classifier(Settings().classifier, spec, 3).state_dict()
    assert state["encoders.time.std"].tolist() == pytest.approx(spec.time_std)
    assert state["encoders.spectrogram.std"].tolist() == pytest.approx(spec.spectrogram_std)


def test_a7_statistics_follow_the_kind_of_spectrogram(pack: Path) -> None:
    recordings = _recordings(pack, 0)
    found = {log: with_statistics(InputSpec(log_spectrogram=log), recordings) for log in (False, True)}
    assert found[True].spectrogram_mean != found[False].spectrogram_mean
    assert found[True].time_mean == found[False].time_mean


def test_a8_spread_is_pooled_over_samples_and_no_mean_of_spreads() -> None:
    random = np.random.default_rng(0)
    signals = [random.normal(middle, 0.2, (12, samples)) for middle, samples in ((-1.0, 500), (2.0, 1500))]
    recordings = Recordings.of([(_in_memory(signals), np.array([0, 1]))], InputSpec())
    spec = with_statistics(InputSpec(), recordings)
    joined = np.concatenate(signals, axis=1)
    np.testing.assert_allclose(spec.time_mean, joined.mean(axis=1), atol=1e-3)
    np.testing.assert_allclose(spec.time_std, joined.std(axis=1), rtol=1e-3)
    assert min(spec.time_std) > 5 * 0.2
    windows = torch.from_numpy(joined.astype(np.float32)).reshape(12, 8, 250).transpose(0, 1)
    images = spectrogram(windows, InputSpec()).transpose(0, 1).flatten(1).double()
    np.testing.assert_allclose(spec.spectrogram_mean, images.mean(dim=1), rtol=2e-3)
    np.testing.assert_allclose(spec.spectrogram_std, images.std(dim=1, correction=0), rtol=2e-3)


def _classifier(modality: str) -> Classifier:
    torch.manual_seed(0)
    settings = override(Settings(), [f'classifier.modalities=["{modality}"]'])
    return Classifier(settings.classifier, InputSpec(), 3).eval()


def test_a11_a_short_record_has_its_row_and_the_last_samples_count() -> None:
    random = np.random.default_rng(0)
    signals = [random.normal(0, 0.3, (12, samples)) for samples in (1000, 60, 260)]
    changed = [signals[0].copy(), signals[1], signals[2].copy()]
    changed[0][:, -1:] += 3.0
    changed[2][:, -1:] += 3.0
    before, after = (score_pack(_classifier("time"), _in_memory(one), range(3)).logits for one in (signals, changed))
    assert before.shape == (3, 3)
    assert np.isfinite(before).all()
    assert (np.abs(after - before).max(axis=1) > 0).tolist() == [True, False, True]


def test_a11_a_record_shorter_than_a_stretch_is_trained_on_too() -> None:
    signals = [np.full((12, samples), 0.1 * (at + 1)) for at, samples in enumerate((1000, 120, 90, 400))]
    recordings = Recordings.of([(_in_memory(signals), np.arange(4))], InputSpec())
    seen = {round(float(row[0, 0]), 2) for source in _batches(Loader(recordings, None, 4, 300, 0)) for row in source}
    assert seen == {0.1, 0.2, 0.3, 0.4}


@pytest.mark.parametrize("rate", [257, 500, 1000])
def test_a13_a_drift_does_not_ring_into_the_ends_of_a_packed_record(tmp_path: Path, rate: int) -> None:
    ramp = np.linspace(-1, 1, 8 * rate) * np.linspace(0.3, 1, 12)[:, None]
    write_record(tmp_path / "corpus" / "drift", ramp, rate)
    (found,) = [build_pack(open_source(None, tmp_path / "corpus"), tmp_path / "pack").signal(0)]
    at, time = np.arange(found.shape[1]) / 100, np.arange(ramp.shape[1]) / rate
    wanted = np.stack([np.interp(at, time, lead) for lead in ramp])
    assert np.abs(found - wanted).max() < 0.02  # 1 % of the drift


class _Watched(nn.Module):
    """A stand-in that notes how many windows come at once."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(12, 3))
        self.most = 0

    def forward(self, windows: Tensor) -> Output:
        self.most = max(self.most, len(windows))
        features = windows.mean(dim=2)
        return Output(features @ self.weight, features, None)


def test_a18_half_an_hour_is_scored_without_holding_more_than_its_windows() -> None:
    signal, network = np.zeros((12, 180_000), dtype=np.float32), _Watched()
    tracemalloc.start()
    windows = cut_windows(signal, InputSpec())
    scores = score_windows(network, windows)  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert scores.logits.shape == (1439, 3)
    assert windows.dtype == np.float32
    assert peak < 1.5 * windows.nbytes  # an image of each in float64 would be twice as much again
    assert network.most <= 256


def test_a18_a_network_of_the_series_alone_makes_no_spectrogram(monkeypatch: pytest.MonkeyPatch) -> None:
    classifier = _classifier("time")

    def never(*_: object) -> Tensor:
        raise AssertionError("a spectrogram that nobody asked for")

    monkeypatch.setattr("ecgssl_core.models.encoder.spectrogram", never)
    assert classifier(torch.zeros(2, 12, 250)).logits.shape == (2, 3)
    with pytest.raises(AssertionError, match="nobody asked"):
        _classifier("spectrogram")(torch.zeros(2, 12, 250))
