"""A sweep as a person would type it, and its plan, made of what was chosen on the Train page."""

from dataclasses import dataclass
from typing import Literal

from ecgssl_core.errors import SettingsError
from ecgssl_core.jobs.plan import Asked, Part, plan_ablation, plan_crossval
from ecgssl_core.settings import Modality


@dataclass(frozen=True)
class SweepChoice:
    """What was chosen.

    Args:
        verb: of the command line.
        asked: what on, with which folds, seeds, shares and changes.
        arms: of a cross-validation.
        modalities, masking: of an ablation.
        name: of the sweep; "" makes one from the plan.
        hands: how many runs may be at work at once.
    """

    verb: Literal["crossval", "ablate"]
    asked: Asked
    arms: tuple[str, ...] = ()
    modalities: tuple[Modality, ...] = ()
    masking: bool = False
    name: str = ""
    hands: int = 1


def sweep_words(choice: SweepChoice) -> list[str]:
    """Give the words that a person would type after `python -m ecgssl_core`."""
    asked, words = choice.asked, [choice.verb, str(choice.asked.pack)]
    if choice.verb == "crossval":
        words += ["--arms", ",".join(choice.arms), "--shares", ",".join(f"{share:g}" for share in asked.shares)]
        words += ["--from", *asked.encoders.values()] if asked.encoders else []
        words += ["--choose", asked.choose] if asked.choose else []
        words += ["--without", ",".join(asked.sources)] if asked.sources != ("",) else []
    else:
        words += ["--modalities", ",".join(choice.modalities)]
        words += ["--lead-masking"] if choice.masking else []
    words += ["--folds", ",".join(map(str, asked.folds)), "--seeds", ",".join(map(str, asked.seeds))]
    words += ["--family", asked.family]
    words += ["--unlabelled", *map(str, asked.unlabelled)] if asked.unlabelled else []
    words += ["--set", *asked.changes] if asked.changes else []
    words += ["--pretrain-set", *asked.pretrain_changes] if asked.pretrain_changes else []
    words += ["--pretrain-seed", str(asked.pretrain_seed)] if asked.pretrain_seed is not None else []
    words += ["--name", choice.name] if choice.name else []
    return [*words, "--at-once", str(choice.hands)]


def sweep_plan(choice: SweepChoice) -> list[Part]:
    """Give the parts of a sweep.

    Raises:
        SettingsError: an arm, preset or change is wrong, or there is nothing to do.
    """
    if choice.verb == "crossval":
        return plan_crossval(choice.asked, choice.arms)
    return plan_ablation(choice.asked, choice.modalities, choice.masking)


def whole_numbers(text: str) -> tuple[int, ...]:
    """Give the seeds of a text such as `0, 1, 2`.

    Raises:
        SettingsError: it holds something else than whole numbers from 0 on.
    """
    words = text.replace(",", " ").split()
    if not words or not all(word.isdecimal() and len(word) < 10 for word in words):
        raise SettingsError("Seeds are whole numbers with commas between, such as 0, 1, 2.")
    return tuple(dict.fromkeys(map(int, words)))


def change_lines(text: str) -> tuple[str, ...]:
    """Give the changes of a text, one `part.name=value` a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
