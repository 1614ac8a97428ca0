"""The k-NN probe, running statistics taken anew, and shares of the labels, on real records."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.errors import RunError
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.runs import create_run
from ecgssl_core.settings import override
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.training import probe as probe_module
from ecgssl_core.training.norm_statistics import settle_statistics
from ecgssl_core.training.pretrain import pretrain
from ecgssl_core.training.probe import Probe, probe_of, record_features
from ecgssl_core.training.recordings import Recordings
from ecgssl_core.training.split import split
from tests.training_small import small


class _Telling(Encoder):
    """Features that say the label outright: the probe must find it."""

    def forward(self, values: Tensor) -> Tensor:
        high = values.mean(dim=(1, 2)) > 0
        return torch.stack([high.float(), 1 - high.float()], dim=1) + 0.01 * torch.rand(len(values), 2)


def _made(labels: np.ndarray, patients: list[str]) -> Probe:  # type: ignore[type-arg]
    level = 100 * (2 * labels[:, 0].astype(int) - 1)
    samples = np.repeat(level, 250).astype(np.int16)[:, None].repeat(12, axis=1)
    start = np.arange(len(labels)) * 250
    recordings = Recordings(
        torch.from_numpy(samples),
        torch.from_numpy(start),
        torch.full((len(labels),), 250),
        torch.full((len(labels), 12), 0.001),
        torch.arange(len(labels)),
    )
    return Probe(recordings, labels, np.array(patients, dtype=object))


def test_the_probe_finds_what_the_features_tell() -> None:
    labels = np.array([[1], [0]] * 20, dtype=np.int8)
    probe = _made(labels, [f"p{place}" for place in range(40)])
    assert probe.auroc(_Telling("time", InputSpec())) == pytest.approx(1.0)


def test_neighbours_of_the_same_patient_do_not_vote() -> None:
    labels = np.array([[1], [0]] * 20, dtype=np.int8)
    # all positives are one person: without that person's other records nobody near has the label
    probe = _made(labels, ["one" if place % 2 == 0 else f"p{place}" for place in range(40)])
    assert probe.auroc(_Telling("time", InputSpec())) < 0.6


def test_only_training_records_judge(pack: Path, data: Path) -> None:
    del data
    settings = small("quick-time", pack, fold=1)
    probe, part = probe_of(settings, InputSpec()), split(settings)
    assert probe is not None
    assert len(probe.labels) == len(part.train)
    np.testing.assert_array_equal(probe.labels, part.labels[part.train])


def test_a_probe_leaves_the_encoder_in_training(pack: Path) -> None:
    probe = probe_of(small("quick-time", pack, fold=1), InputSpec())
    assert probe is not None
    encoder = Encoder("time", InputSpec()).train()
    features = record_features(encoder, probe.recordings)
    assert encoder.training
    torch.testing.assert_close(features.norm(dim=1), torch.ones(len(features)))


def test_statistics_are_those_of_plain_windows(pack: Path) -> None:
    probe = probe_of(small("quick-time", pack, fold=1), InputSpec())
    assert probe is not None
    network = nn.Sequential(nn.BatchNorm1d(12, momentum=0.1)).train()
    network(1000 + torch.randn(8, 12, 250))  # what a training may leave behind
    settle_statistics(network, InputSpec(), probe.recordings, seed=0)
    assert network.training
    norm = network[0]
    assert isinstance(norm, nn.BatchNorm1d)
    assert norm.momentum == 0.1
    assert norm.running_mean is not None
    assert norm.running_mean.abs().max() < 0.2  # mV


def test_a_part_may_keep_its_statistics(pack: Path) -> None:
    probe = probe_of(small("quick-time", pack, fold=1), InputSpec())
    assert probe is not None
    network = nn.Sequential(nn.BatchNorm1d(12), nn.BatchNorm1d(12))
    before = network[0].state_dict()["running_var"].clone()
    settle_statistics(network, InputSpec(), probe.recordings, 0, [network[0]])
    assert torch.equal(network[0].state_dict()["running_var"], before)
    assert not torch.equal(network[1].state_dict()["running_var"], before)


def test_a_share_of_the_labels_is_of_whole_patients_and_lies_in_a_larger_share(pack: Path, data: Path) -> None:
    del data
    parts = [split(override(small("quick-tsg", pack), [f"data.label_share={share}"])) for share in (0.3, 0.6, 1.0)]
    few, more, every = (set(part.train.tolist()) for part in parts)
    assert few < more < every
    patients = parts[2].patients(parts[2].train)
    chosen = set(parts[0].patients(parts[0].train))
    assert {row for row, person in zip(parts[2].train, patients, strict=True) if person in chosen} == few
    np.testing.assert_array_equal(parts[0].test, parts[2].test)


def test_another_seed_has_other_labels(pack: Path, data: Path) -> None:
    del data
    parts = [split(small("quick-tsg", pack, "data.label_share=0.5", f"training.seed={seed}")) for seed in (0, 1)]
    assert set(parts[0].train) != set(parts[1].train)


def test_a_hopeless_pretraining_is_stopped_with_a_sentence(pack: Path, data: Path) -> None:
    del data
    changes = ["training.epochs=6", "distillation.collapse_epochs=2", "optimiser.warmup_epochs=0"]
    # a teacher this soft says the same of every record
    run = create_run(small("quick-time", pack, *changes, "distillation.teacher_temperature=1.0"))
    with pytest.raises(RunError, match=r"collapsed: .* for 2 epochs"):
        pretrain(run.settings(), run)
    assert len(run.metrics()) < 6


def test_a_pack_without_folds_has_no_probe(pack: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(pack, tmp_path / "bare")
    (tmp_path / "bare" / "folds.csv").unlink()
    assert probe_of(small("quick-time", tmp_path / "bare"), InputSpec()) is None
    assert len(open_pack(tmp_path / "bare"))


def test_a_pack_with_few_positives_has_no_probe(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert probe_of(small("quick-time", pack, fold=1), InputSpec()) is not None
    monkeypatch.setattr(probe_module, "_LEAST_POSITIVES", 1000)
    assert probe_of(small("quick-time", pack, fold=1), InputSpec()) is None
