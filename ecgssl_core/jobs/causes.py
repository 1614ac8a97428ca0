"""Why a run failed: which of the known causes it was, told from its last words, and what to do about it."""

import re
from dataclasses import dataclass
from typing import Literal

from ecgssl_core.runs import RunDir, RunState

Way = Literal["resume", "clone"]


@dataclass(frozen=True)
class Cause:
    """A known cause of failure.

    Args:
        name: in a few words.
        remedy: one sentence on what to do.
        way: what leads on: going on from the last checkpoint, or a new run with other settings.
        signs: a pattern that the reason, or the end of the log, fits.
    """

    name: str
    remedy: str
    way: Way
    signs: str


CAUSES = (
    Cause(
        "The disk is full",
        "Free some space or delete runs that nobody needs, then resume: nothing before the last checkpoint is lost.",
        "resume",
        r"No space left on device|free some disk space|Disk quota exceeded|Errno 28",
    ),
    Cause(
        "The memory did not suffice",
        "Close what else is running, or clone the run with a smaller batch.",
        "clone",
        r"out of memory|MemoryError|OutOfMemory|can't allocate memory|Cannot allocate|ended by SIGKILL|std::bad_alloc",
    ),
    Cause(
        "The loss became no number",
        "Clone the run with a lower peak learning rate, or limit the gradient with optimiser.clip.",
        "clone",
        r"[Ll]oss is no number|\bnan\b|non-finite",
    ),
    Cause(
        "The features collapsed",
        "Clone the run with a lower learning rate or teacher momentum, or with distillation.koleo=0.1.",
        "clone",
        r"training collapsed",
    ),
    Cause(
        "Training would have seen what it is scored on",
        "Draw the folds again, or take pretraining runs of the same fold.",
        "clone",
        r" leak in \d+ places|has seen \d+ records of fold|does not say which records it saw",
    ),
    Cause(
        "A pretraining is not finished",
        "Let it end, or resume it, and then resume this run.",
        "resume",
        r"The pretraining \S+ is \w+, not done",
    ),
    Cause(
        "A pretrained encoder is missing or does not fit",
        "Clone the run and choose other encoders, or pretrain with the same input settings.",
        "clone",
        r"There is no run |encoder of \S+ does not fit|another form of input|trained a \w+ encoder, which"
        r"|no checkpoint with",
    ),
    Cause(
        "The pack has changed since its folds were drawn",
        "Draw the folds again on Corpora, then clone the run: its fold may hold other records now.",
        "clone",
        r"were drawn for other records",
    ),
    Cause(
        "The fold cannot be used",
        "Draw folds on Corpora, or clone the run with a fold that the pack has.",
        "clone",
        r"There is no fold \d+|has no folds yet|folds of .* are damaged|has no source|nothing left to train on",
    ),
    Cause(
        "The pack is gone or damaged",
        "Bring it back or make it again on Corpora, then resume.",
        "resume",
        r"is no pack|is not packed to its end|[Tt]he pack .* (is damaged|has form|has no column|has \d+ leads)"
        r"|samples and the table of the pack",
    ),
    Cause(
        "The checkpoints are damaged",
        "Clone the run and start it anew.",
        "clone",
        r"checkpoint of .* is damaged",
    ),
    Cause(
        "It was scored already",
        "What nothing has seen is scored once: clone the run to train another one.",
        "clone",
        r"has been scored already",
    ),
    Cause(
        "There is no such device here",
        "Clone the run with the device auto or cpu.",
        "clone",
        r"no CUDA device|CUDA driver|No CUDA GPUs|CUDA error",
    ),
    Cause(
        "A setting is wrong",
        "Clone the run, mend the setting that is named, and start it.",
        "clone",
        r"The setting \S+ is |settings do not fit|There is no setting|There is no preset|is for (pretrain|finetune)",
    ),
    Cause(
        "The program could not be started",
        "Run `python -m ecgssl_core doctor`, mend what it names, then resume.",
        "resume",
        r"could not be started|No module named|ImportError|ModuleNotFoundError",
    ),
    Cause(
        "Somebody ended its process",
        "Resume goes on from the last checkpoint.",
        "resume",
        r"ended by SIG(TERM|INT|HUP|QUIT)",
    ),
    Cause(
        "The program crashed",
        "Resume once; if it crashes again, its log belongs into a report of a fault.",
        "resume",
        r"ended by SIG\w+",
    ),
)
INTERRUPTED = Cause(
    "Its process is gone",
    "Perhaps the machine was stopped: resume goes on from the last checkpoint.",
    "resume",
    "",
)
UNKNOWN = Cause(
    "None of the known causes",
    "The end of the log may tell more; resume tries again from the last checkpoint.",
    "resume",
    "",
)


def cause_of(run: RunDir, state: RunState) -> Cause | None:
    """Give why a run failed, None for a run that did not: its reason decides, and where that is silent, its log."""
    if state.state == "interrupted":
        return INTERRUPTED
    if state.state != "failed":
        return None
    return _told(state.reason) or _told(run.last_words()) or UNKNOWN


def _told(words: str) -> Cause | None:
    return next((cause for cause in CAUSES if re.search(cause.signs, words)), None)
