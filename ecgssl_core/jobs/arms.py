"""From the name of an arm to the settings that make it: T, S, TSC, TSG, SSL-…, probes and baselines."""

import re
from typing import get_args

from ecgssl_core.errors import SettingsError, nearest
from ecgssl_core.settings import BaselineSettings, Modality, Settings, load_preset, override, preset_names

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
        family: such as `quick`, which names the presets; or the path of a TOML file.
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
    settings = override(load_preset(_labelled(family, found[3] is not None)), changes)
    part = settings.classifier.model_copy(
        update={
            "modalities": _MODALITIES[found[2]],
            "fusion": "concatenate" if found[2] == "TSC" else "gate",
            "probe": found[3] or "none",
        }
    )
    return settings.model_copy(update={"classifier": part})


def families() -> list[str]:
    """List the families of presets from which a sweep can be made."""
    ends = ("-tsg", "-dx")
    return sorted(name.removesuffix(end) for name in preset_names() for end in ends if name.endswith(end))


def pretraining_preset(family: str, modality: Modality) -> str:
    """Give the preset of a family that pretrains a modality."""
    own = f"{family}-{modality}"
    return family if modality == "time" and own not in preset_names() and family in preset_names() else own


# a family of presets has one that pretrains, NAME-time or NAME itself, one with labels, NAME-tsg or NAME-dx, and may
# have one for its probes, NAME-probe
def _labelled(family: str, probe: bool) -> str:
    """Give the preset of a family that learns labels, or the one for its probes where there is one."""
    if family.endswith(".toml"):
        return family
    wanted = [f"{family}-probe"] * probe + [f"{family}-tsg", f"{family}-dx"]
    return next((name for name in wanted if name in preset_names()), wanted[-2])


def modalities_pretrained(arm: str) -> tuple[Modality, ...]:
    """Give the modalities whose encoders an arm takes over; none for an arm that begins from nothing."""
    found = _ARM.fullmatch(arm)
    return _MODALITIES[found[2]] if found and found[1] == "SSL-" else ()
