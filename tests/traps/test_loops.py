"""Traps of the published training loops: schedules off by an epoch, a checkpoint that flatters, scripts that stop."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from ecgssl_core.cli import main
from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.errors import RunError
from ecgssl_core.methods.method import Batch, Method
from ecgssl_core.methods.self_distillation import SelfDistillation
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.runs import create_run, list_runs
from ecgssl_core.settings import Settings, override
from ecgssl_core.signals.chance import Chance
from ecgssl_core.signals.spec import InputSpec
from ecgssl_core.training.checkpoint import load_weights
from ecgssl_core.training.loader import Loader
from ecgssl_core.training.pretrain import pretrain
from ecgssl_core.training.recordings import Recordings
from ecgssl_core.training.schedule import cosine, warmup_cosine
from ecgssl_core.training.train import train
from tests.training_small import small

ROOT = Path(__file__).parents[2]
ROWS, BATCH = 24, 8
STEPS = ROWS // BATCH


@pytest.fixture(autouse=True)
def few_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settle the statistics of batch normalisation on few windows: here they only have to be settled at all."""
    monkeypatch.setattr("ecgssl_core.training.norm_statistics._WINDOWS", 64, raising=False)


class _Diary(Method):
    """A method that notes what the loop tells it, and whose loss is lowest in the middle of training."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self.source_samples = 100
        self.epochs: list[int] = []
        self.progress: list[float] = []
        self.losses: list[float] = []

    def begin_epoch(self, epoch: int) -> None:
        self.epochs.append(epoch)

    def loss(self, batch: Batch, chance: Chance) -> tuple[Tensor, dict[str, Tensor]]:  # noqa: ARG002
        loss = -self.weight.sum() + abs(len(self.losses) - STEPS)
        self.losses.append(loss.item())
        return loss, {}

    def after_step(self, progress: float) -> None:
        self.progress.append(progress)


def _loader(pack: Path, samples: int) -> Loader:
    recordings = Recordings.of([(open_pack(pack), np.arange(ROWS))], InputSpec())
    return Loader(recordings, None, BATCH, samples, 0)


def _settings(pack: Path, *changes: str) -> Settings:
    return small("quick-time", pack, "optimiser.warmup_epochs=1", *changes)


def test_c1_a_run_of_two_epochs_counts_from_nought_and_ends_at_the_end(pack: Path) -> None:
    settings, method = _settings(pack), _Diary()
    run = create_run(settings)
    assert train(method, _loader(pack, 100), settings, run)
    assert method.epochs == [0, 1]
    assert method.progress == pytest.approx([(step + 1) / (2 * STEPS) for step in range(2 * STEPS)])
    part = settings.optimiser
    ends = [warmup_cosine(step, 2 * STEPS, STEPS, part.rate, part.final_rate) for step in (STEPS - 1, 2 * STEPS - 1)]
    assert [row["rate"] for row in run.metrics()] == pytest.approx(ends)
    assert ends[0] == part.rate  # the warm-up reaches its peak, having begun at nought
    assert warmup_cosine(0, 2 * STEPS, STEPS, part.rate, part.final_rate) == 0


def test_c1_every_schedule_has_a_value_at_its_first_and_last_step() -> None:
    steps = 300 * 10
    values = [cosine(step, steps, 0.04, 0.4) for step in range(steps)]
    assert values[0] == pytest.approx(0.04)
    assert values[-1] == pytest.approx(0.4, abs=1e-6)
    assert len({round(value, 12) for value in values}) == steps


def test_b2_the_kept_checkpoint_is_the_last_and_not_that_of_the_lowest_loss(pack: Path) -> None:
    settings, method = _settings(pack, "training.epochs=4"), _Diary()
    run = create_run(settings)
    assert train(method, _loader(pack, 100), settings, run)
    assert int(np.argmin(method.losses)) < len(method.losses) - STEPS
    assert torch.equal(load_weights(run.checkpoints(), "")["weight"], method.weight.detach())
    assert sorted(path.name for path in run.checkpoints().glob("step-*"))[-1] == f"step-{4 * STEPS:08d}"


def test_b2_a_pretraining_logs_entropy_divergence_and_rank(pack: Path) -> None:
    run = create_run(_settings(pack, "training.epochs=1", "training.probe_epochs=0"))
    assert pretrain(run.settings(), run)
    (row,) = run.metrics()
    assert {"loss", "teacher_entropy", "kl_to_uniform", "feature_rank"} <= row.keys()
    assert row["kl_to_uniform"] >= 0
    assert row["feature_rank"] > 1


def test_b2_a_pretraining_that_tells_nothing_apart_stops_and_says_so(pack: Path) -> None:
    flat = ["distillation.teacher_temperature=1.0", "distillation.collapse_epochs=2", "optimiser.warmup_epochs=0"]
    run = create_run(small("quick-time", pack, "training.epochs=4", "training.probe_epochs=0", *flat))
    with pytest.raises(RunError, match=r"collapsed.*all prototypes alike"):
        pretrain(run.settings(), run)
    assert len(run.metrics()) < 4


def test_c3_the_prototypes_stay_through_the_first_epoch_of_a_training_and_no_longer(pack: Path) -> None:
    settings = _settings(pack, "optimiser.weight_decay=0.4", "distillation.freeze_prototypes_epochs=1")
    torch.manual_seed(0)
    method = SelfDistillation(Encoder("time", InputSpec()), settings)
    prototypes = method.student["head"].prototypes.weight  # type: ignore[union-attr]
    seen = [prototypes.detach().clone()]

    def look(_epoch: int, _means: dict[str, float]) -> dict[str, float]:
        seen.append(prototypes.detach().clone())
        return {}

    assert train(method, _loader(pack, method.source_samples), settings, create_run(settings), look)
    assert torch.equal(seen[0], seen[1])
    assert not torch.equal(seen[1], seen[2])


def _commands() -> list[list[str]]:
    """Give the words of each command from a folder to a released model, as the README has them."""
    part = (ROOT / "README.md").read_text().partition("## From a folder to a released model")[2]
    (block, *_) = re.findall(r"^```sh\n(.*?)^```", part, re.MULTILINE | re.DOTALL)
    return [line.split()[3:] for line in block.splitlines() if line.startswith("python -m ecgssl_core ")]


def test_c4_the_commands_of_the_readme_lead_from_a_folder_to_a_model(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ECGSSL_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(corpus, tmp_path / "recordings")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    quick = ["--set", "training.epochs=2", "training.batch=8", "training.threads=1", "training.checkpoint_epochs=1"]
    narrow = ["distillation.prototypes=32", "distillation.hidden=32", "views.locals=1"]
    names: dict[str, str] = {}
    for verb, *rest in _commands():
        words = [verb, *(names.get(word, word) for word in rest)]
        words += [*quick, *narrow] if verb == "pretrain" else quick if verb == "finetune" else []
        assert main(words) == 0, words
        said = capsys.readouterr().out
        if verb in {"pretrain", "finetune"}:
            preset = rest[rest.index("--preset") + 1].removeprefix("quick-")
            names["RUN_FINETUNE" if verb == "finetune" else f"RUN_{preset.upper()}"] = said.split()[0]
    assert {verb for verb, *_ in _commands()} >= {"pack", "folds", "pretrain", "finetune", "release"}
    assert [run.state().state for run in list_runs()] == ["done"] * 3
    assert (tmp_path / "checkpoints" / "mine" / "model.json").is_file()
    assert all(list(run.checkpoints().glob("step-*")) for run in list_runs())


@pytest.mark.parametrize("preset", ["phan2022-time", "phan2022-spectrogram"])
def test_c3_the_published_presets_freeze_the_prototypes_first(preset: str) -> None:
    from ecgssl_core.settings import load_preset

    assert override(load_preset(preset), []).distillation.freeze_prototypes_epochs == 1
