"""What arms may begin from: kinds of pretraining side by side, to be run, or finished."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ecgssl_core.errors import RunError, SettingsError
from ecgssl_core.runs import open_run
from ecgssl_core.settings import Modality, Settings, load_preset, override, preset_names


@dataclass(frozen=True)
class Beginning:
    """A kind of pretraining.

    Args:
        name: what tables call it.
        modality: which encoder it trains.
        settings: of its pretrainings, but for data and seed; None where they are finished.
        runs: the finished ones by seed; where there is a single one, it serves every seed.
    """

    name: str
    modality: Modality
    settings: Settings | None = None
    runs: Mapping[int, str] = field(default_factory=dict)

    def run_for(self, seed: int) -> str:
        """Give the finished pretraining that serves a seed.

        Raises:
            SettingsError: there are several, and none of this seed.
        """
        if len(self.runs) == 1:
            return next(iter(self.runs.values()))
        if seed not in self.runs:
            known = ", ".join(map(str, sorted(self.runs)))
            raise SettingsError(f"No pretraining of {self.name} has the seed {seed}: those named have {known}.")
        return self.runs[seed]


def read_beginnings(texts: Sequence[str], changes: Sequence[str], root: Path | None = None) -> tuple[Beginning, ...]:
    """Give the kinds of pretraining that words name.

    Args:
        texts: each `[NAME=]PRESET [part.name=value …]`, or `[NAME=]RUN[,RUN …]`, finished runs of different seeds.
        changes: `part.name=value` for all of them.
        root: the data folder; `data_root()` if None.

    Raises:
        SettingsError: there is no such preset or run, a change is wrong, or two have one name.
        RunError: a run is damaged, or is no pretraining.
    """
    found = tuple(_read(text, changes, root) for text in texts)
    names = [one.name for one in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SettingsError(f"Two pretrainings would be called {twice} in tables; write NAME=PRESET for one of them.")
    return found


def _read(text: str, changes: Sequence[str], root: Path | None) -> Beginning:
    first, *own = text.split() or [""]
    name, equals, what = first.partition("=")
    what = what if equals else name
    if what in preset_names() or what.endswith(".toml"):
        settings = override(load_preset(what), [*changes, *own])
        if not settings.pretrains:
            raise SettingsError(f"The preset {what} is no pretraining; name one of those that need no labels.")
        return Beginning(_checked(name if equals else title(settings)), settings.modality, settings)
    if own:
        raise SettingsError(f"There is no preset {what!r}, and a finished run takes no changes.")
    runs = _finished(what.split(","), root)
    first_of = next(iter(runs.values()))[1]
    names = {seed: run for seed, (run, _) in runs.items()}
    return Beginning(_checked(name if equals else title(first_of)), first_of.modality, None, names)


def _finished(names: Sequence[str], root: Path | None) -> dict[int, tuple[str, Settings]]:
    found: dict[int, tuple[str, Settings]] = {}
    for name in names:
        run = open_run(name, root, wanted="pretraining")
        settings = run.settings()
        if not settings.pretrains:
            raise RunError(f"{name} is no pretraining; name a finished run of `pretrain`.")
        if settings.training.seed in found:
            raise SettingsError(f"{name} has the seed of {found[settings.training.seed][0]}; name one run a seed.")
        found[settings.training.seed] = name, settings
    return found


def _checked(name: str) -> str:
    if not name or not all(letter.isalnum() or letter in "+-._" for letter in name):
        raise SettingsError(f"{name!r} is no name for tables: letters, digits and + - . _ only.")
    return name


def title(settings: Settings) -> str:
    """Give what tables call a pretraining unless it is named: its objective, and whether leads are masked (RLM)."""
    return f"{settings.method}{'+rlm' * settings.views.lead_masking}"
