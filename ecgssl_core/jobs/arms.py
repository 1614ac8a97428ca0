"""From the name of an arm to the settings that make it: T, S, TSC, TSG, SSL-…, probes and baselines."""

import re
from typing import get_args

from ecgssl_core.errors import SettingsError, nearest
from ecgssl_core.settings import BaselineSettings, Modality, Settings, load_preset, override

_ARM = re.compile(r"(SSL-|random-)?(T|S|TSC|TSG)(?:-(linear|attention))?")
_MODALITIES: dict[str, tuple[Modality, ...]] = {
    "T": ("time",),
    "S": ("spectrogram",),
    "TSC": ("time", "spectrogram"),
    "TSG": ("time", "spectrogram"),
}
BASELINES: tuple[str, ...] = get_args(BaselineSettings.model_fields["kind"].annotation)
ARMS = ("T", "S", "TSC", "TSG", "SSL-T", "SSL-S", "SSL-TSC", "SSL-TSG")  # Phan et al. 2022, Table II


def arm_settings(arm: str, family: str, changes: list[str]) -> Settings:
    """Give the settings of an arm's fine-tuning, but for data.

    Args:
        arm: its name in the tables.
        family: `quick` or `phan2022`, which names the presets; or the path of a TOML file.
        changes: words of the form part.name=value.

    Raises:
        SettingsError: there is no such arm or preset, or a change is wrong.
    """
    if arm in BASELINES:
        return override(load_preset("baseline"), [f"baseline.kind={arm}"])
    found = _ARM.fullmatch(arm)
    if found is None or (found[1] == "random-") > (found[3] is not None):
        known = [*ARMS, "SSL-T-linear", "SSL-T-attention", "random-T-linear", *BASELINES]
        raise SettingsError(f"There is no arm {arm!r}: {nearest(arm, known)}")
    preset = family if family.endswith(".toml") else f"{family}-tsg"
    settings = override(load_preset(preset), changes)
    part = settings.classifier.model_copy(
        update={
            "modalities": _MODALITIES[found[2]],
            "fusion": "concatenate" if found[2] == "TSC" else "gate",
            "probe": found[3] or "none",
        }
    )
    return settings.model_copy(update={"classifier": part})


def modalities_pretrained(arm: str) -> tuple[Modality, ...]:
    """Give the modalities whose encoders an arm takes over; none for an arm that begins from nothing."""
    found = _ARM.fullmatch(arm)
    return _MODALITIES[found[2]] if found and found[1] == "SSL-" else ()
