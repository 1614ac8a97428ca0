"""A failed run says which of the known causes it was; the sentences are those that the program itself raises."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ecgssl_core.corpus.pack import open_pack
from ecgssl_core.durable import replace_file
from ecgssl_core.errors import EcgError
from ecgssl_core.jobs import cause_of
from ecgssl_core.runs import RunDir, create_run, open_run
from ecgssl_core.settings import Settings, load_preset, override

SENTENCES = {
    "The loss is no number after epoch 3; lower optimiser.rate and start anew.": "The loss became no number",
    "The training collapsed: all records fall to one prototype, for 5 epochs.": "The features collapsed",
    "The command was ended by SIGKILL; the machine may be short of memory.": "The memory did not suffice",
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB": "The memory did not suffice",
    "MemoryError": "The memory did not suffice",
    "OSError: [Errno 28] No space left on device": "The disk is full",
    "The folds of made leak in 3 places: a and b share a patient, in different folds": "Training would have seen",
    "one has seen 12 records of fold 0 or its validation fold; pretrain for this fold": "Training would have seen",
    "The pretraining one is failed, not done; let it end, then resume this one.": "A pretraining is not finished",
    "The encoder of one does not fit: 1 tensors are missing": "A pretrained encoder is missing or does not fit",
    "The folds of made were drawn for other records; draw them again with `folds`.": "The pack has changed",
    "There is no fold 9: this pack has folds 0 to 4.": "The fold cannot be used",
    "There is no CUDA device here; set training.device=cpu.": "There is no such device here",
    "Every checkpoint of one is damaged; start the run anew.": "The checkpoints are damaged",
    "The run one has been scored already; what nothing has seen is scored once.": "It was scored already",
    "The command was ended by SIGTERM; the machine may be short of memory.": "Somebody ended its process",
    "The command was ended by SIGSEGV; the machine may be short of memory.": "The program crashed",
    "ModuleNotFoundError: No module named 'torch'": "The program could not be started",
    "Something that nobody has thought of": "None of the known causes",
}


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    return create_run(Settings(preset="quick-time"), tmp_path, ["pretrain", "pack"])


def failed(run: RunDir, reason: str) -> str:
    run.write_state("failed", reason=reason)
    cause = cause_of(run, run.state())
    assert cause is not None
    assert cause.remedy.endswith(".")
    return cause.name


@pytest.mark.parametrize(("reason", "name"), SENTENCES.items())
def test_a_reason_names_its_cause(run: RunDir, reason: str, name: str) -> None:
    assert failed(run, reason).startswith(name)


def raised(action: Callable[[], object]) -> str:
    with pytest.raises(EcgError) as caught:
        action()
    return str(caught.value)


def test_the_sentences_that_the_program_raises_now_are_known(run: RunDir, tmp_path: Path) -> None:
    assert failed(run, raised(lambda: open_pack(tmp_path / "gone"))) == "The pack is gone or damaged"
    assert (
        failed(run, raised(lambda: override(load_preset("quick-time"), ["optimiser.rate=7"]))) == "A setting is wrong"
    )
    assert failed(run, raised(lambda: override(load_preset("quick-time"), ["optimiser.rat=7"]))) == "A setting is wrong"
    assert failed(run, raised(lambda: open_run("20260101", tmp_path))) == (
        "A pretrained encoder is missing or does not fit"
    )
    assert failed(run, raised(lambda: replace_file(tmp_path / "no" / "file", b""))) == "The disk is full"


def test_where_the_reason_is_silent_the_log_decides(run: RunDir) -> None:
    run.log.write_text("Reading the pack.\nRuntimeError: DefaultCPUAllocator: can't allocate memory\n")
    assert failed(run, "The command ended with status 1 and said nothing.") == "The memory did not suffice"


def test_only_runs_that_failed_have_a_cause(run: RunDir) -> None:
    assert cause_of(run, run.state()) is None
    run.write_state("running", step=3, steps=9)  # nobody holds it
    cause = cause_of(run, run.state())
    assert cause is not None
    assert (cause.name, cause.way) == ("Its process is gone", "resume")
