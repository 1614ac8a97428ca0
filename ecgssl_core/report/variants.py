"""Which transformations an encoder was pretrained with, in the words of the paper's Figure 3."""

from ecgssl_core.errors import EcgError
from ecgssl_core.runs import RunDir, open_run
from ecgssl_core.settings import Modality, Settings, ViewSettings

UNKNOWN = "not known"
NO_TRANSFORM = "none"
# the bars of Figure 3, in its order; the last of each is what the paper settles on
BARS: dict[Modality, tuple[str, ...]] = {"time": ("none", "TC", "GN", "T1"), "spectrogram": ("none", "TC", "FC", "T2")}
_WHOLE = {bars[-1] for bars in BARS.values()}


def transformations(views: ViewSettings, modality: Modality) -> str:
    """Give the name of the transformations that are switched on for a modality, lead masking among them."""
    if modality == "time":
        switches = {"TC": views.time.cutout, "GN": views.time.noise}
    else:
        switches = {"TC": views.spectrogram.cutout, "FC": views.spectrogram.frequency_cutout}
    chosen = [name for name, on in switches.items() if on]
    name = BARS[modality][-1] if len(chosen) == 2 else chosen[0] if chosen else NO_TRANSFORM
    return f"{name} + lead masking" if views.lead_masking else name


def variant_of(run: RunDir, settings: Settings) -> str:
    """Give the transformations of a fine-tuning's encoders, the time series first; empty without encoders."""
    found: dict[str, str] = {}
    for name in settings.data.encoders:
        try:
            # encoders lie beside the run, wherever that is
            encoder = open_run(name, run.path.parent.parent).settings()
        except EcgError:
            return UNKNOWN
        found[encoder.modality] = transformations(encoder.views, encoder.modality)
    return " · ".join(found[modality] for modality in BARS if modality in found)


def is_whole(variant: str) -> bool:
    """Say whether these are all transformations of the paper and no other."""
    return bool(variant) and set(variant.split(" · ")) <= _WHOLE
