"""Settings small enough for a test, for the pack of tests/training."""

from pathlib import Path

from ecgssl_core.settings import Settings, load_preset, override

FOLDS = 4
SMALL = ["training.epochs=2", "training.batch=8", "training.threads=1", "training.checkpoint_epochs=1"]
NARROW = ["distillation.prototypes=32", "distillation.hidden=32"]


def small(preset: str, pack: Path, *changes: str, fold: int = 0, encoders: tuple[str, ...] = ()) -> Settings:
    """Give the settings of a preset for the pack, cut down to what a test can wait for."""
    whole = load_preset(preset)
    narrow = NARROW if preset != "quick-tsg" else []
    fewer = ["views.locals=1"] if narrow and whole.views.locals else []
    settings = override(whole, [*SMALL, *narrow, *fewer, *changes])
    part = settings.data.model_copy(update={"pack": str(pack), "fold": fold, "encoders": encoders})
    return settings.model_copy(update={"data": part})
