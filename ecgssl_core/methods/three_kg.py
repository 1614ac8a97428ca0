"""3KG: views are turned and scaled vectorcardiograms, told from those of other records (Gopal et al. 2021)."""

from ecgssl_core.errors import SettingsError
from ecgssl_core.models.encoder import Encoder
from ecgssl_core.settings import Settings

from .simclr import SimCLR


class ThreeKG(SimCLR):
    """The contrast of SimCLR over views that differ by a turn of the heart's axis and by a silent stretch of each lead.

    Args:
        encoder: of any kind.
        settings: views with `disturb.rotate` and `disturb.lead_spans`, contrast.
    """

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        super().__init__(encoder, settings)
        if not settings.views.disturb.rotate:
            raise SettingsError("3KG turns vectorcardiograms: set views.disturb.rotate=true.")


METHOD = ThreeKG
