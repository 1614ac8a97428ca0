"""What a bundle says about itself, read without torch; where bundles lie, and which of them is used."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ecgssl_core.durable import replace_file
from ecgssl_core.errors import BundleError, nearest
from ecgssl_core.models.manifest import CARD, MANIFEST, Manifest, damaged_parts, read_manifest
from ecgssl_core.runs.shelf import data_root

BUNDLES = Path(__file__).parents[2] / "checkpoints"
IMPORTED, CHOICE = "models", "default-model.json"  # in the data folder


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


def find_models(folder: Path | None = None) -> list[Path]:
    """List the bundles below a folder, by name; without a folder those of `checkpoints/`, then the imported ones."""
    places = (BUNDLES, data_root() / IMPORTED) if folder is None else (folder,)
    return [path.parent for place in places for path in sorted(place.glob(f"[!.]*/{MANIFEST}"))]


def named_model(name: str) -> Path:
    """Give a bundle by the name of its folder.

    Raises:
        BundleError: there is none of that name.
    """
    found = {path.name: path for path in reversed(find_models())}
    if name not in found:
        raise BundleError(f"There is no model {name!r}: {nearest(name, list(found)) if found else 'fetch one first.'}")
    return found[name]


def default_model(folder: Path | None = None) -> Path:
    """Give the bundle that is used where none is named: the chosen one, else the last of `checkpoints/` by name.

    Args:
        folder: where to look; without it everywhere, and what was chosen counts.

    Raises:
        BundleError: there is none.
    """
    models = find_models(folder)
    chosen = chosen_model() if folder is None else ""
    if not models:
        raise BundleError("There is no model yet: train one and release it to checkpoints/, or fetch one.")
    released = [path for path in models if path.parent == BUNDLES] or models
    return next((path for path in models if path.name == chosen), released[-1])


def reads_fewer() -> str:
    """Give the name of a model that reads records which lack leads, released ones first; empty where there is none.

    Of several released ones it is the last by name, as with the default.
    """
    able = []
    for path in find_models():
        with suppress(BundleError):  # one that is damaged reads nothing
            if read_manifest(path)[0].spec.fewer_leads:
                able.append(path)
    released = [path.name for path in able if path.parent == BUNDLES] or [path.name for path in able]
    return released[-1] if released else ""


def identifying_model(wanted: Path | None = None, usual: Path | None = None) -> tuple[Path, str]:
    """Give the bundle by which persons are told apart, and a sentence where it is not the one used otherwise.

    Args:
        wanted: this one and no other.
        usual: this one, or else the last that was ever tried; without it, the one that is used where none is named.

    Raises:
        BundleError: the wanted one was never tried on telling persons apart, or none was.
    """
    if wanted is not None:
        if read_manifest(wanted)[0].identity is None:
            raise BundleError(f"{wanted.name} was never tried on telling persons apart; name a model that was.")
        return wanted, ""
    usual = usual or default_model()
    if _tried(usual):
        return usual, ""
    others = [path for path in find_models() if _tried(path)]
    if not others:
        raise BundleError(
            f"No model here was ever tried on telling persons apart, {usual.name} neither; `finetune --preset "
            "oh2022-small-id` trains one, and `release RUN MODEL` adds it to a model."
        )
    return others[-1], f"{usual.name} was never tried on telling persons apart; {others[-1].name} says this."


def _tried(folder: Path) -> bool:
    try:
        return read_manifest(folder)[0].identity is not None
    except BundleError:
        return False  # a damaged model is spoken of where it is asked for


def chosen_model() -> str:
    """Give the name of the model that was set as default in this data folder; empty where none was."""
    try:
        chosen = json.loads((data_root() / CHOICE).read_bytes())
    except (OSError, ValueError):
        return ""  # a file that nobody can read chooses nothing
    return chosen if isinstance(chosen, str) else ""


def choose_default(name: str) -> None:
    """Use a model from now on where none is named, on the pages and the command line of this data folder.

    Raises:
        BundleError: there is none of that name.
        OwnFault: the disk refused.
    """
    folder = named_model(name)
    data_root().mkdir(parents=True, exist_ok=True)
    replace_file(data_root() / CHOICE, json.dumps(folder.name).encode())
