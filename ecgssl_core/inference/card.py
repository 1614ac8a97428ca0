"""What a bundle says about itself, read without torch."""

from dataclasses import dataclass
from pathlib import Path

from ecgssl_core.errors import BundleError
from ecgssl_core.models.manifest import CARD, MANIFEST, Manifest, damaged_parts, read_manifest

BUNDLES = Path(__file__).parents[2] / "checkpoints"


@dataclass(frozen=True)
class BundleCard:
    """A bundle without its weights: manifest, sha256 of that, text of the card, size in bytes."""

    folder: Path
    manifest: Manifest
    sha256: str
    text: str
    size: int

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.manifest.name


def read_card(folder: Path) -> BundleCard:
    """Give what a bundle says about itself.

    Raises:
        BundleError: the folder holds no bundle, or one that this program cannot use.
    """
    manifest, sha256 = read_manifest(folder)
    text = (folder / CARD).read_text() if (folder / CARD).is_file() else ""
    size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    return BundleCard(folder, manifest, sha256, text, size)


def verify_card(folder: Path) -> tuple[str, ...]:
    """Give a sentence for each part of a bundle that is missing or changed; none if it is whole."""
    try:
        manifest, _ = read_manifest(folder)
    except BundleError as error:
        return (str(error),)
    damaged = damaged_parts(folder, manifest)
    return tuple(f"{name} is not what was released; fetch the model again." for name in damaged)


def find_models(folder: Path = BUNDLES) -> list[Path]:
    """List the bundles below a folder, by name."""
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))


def default_model(folder: Path = BUNDLES) -> Path:
    """Give the bundle that is used where none is named: the last by name.

    Raises:
        BundleError: there is none.
    """
    models = find_models(folder)
    if not models:
        raise BundleError("There is no model yet: train one and release it to checkpoints/, or fetch one.")
    return models[-1]
