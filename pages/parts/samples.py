"""The recordings that come with the workbench, for the first visit."""

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "examples"
SAMPLES = {
    "HR00009": "Sinus rhythm",
    "HR00318": "Atrial fibrillation",
    "HR00180": "Left bundle branch block",
}
SOURCE = (
    "Sample from PTB-XL (Wagner et al. 2020, PhysioNet, CC BY 4.0) as in the PhysioNet/CinC Challenge 2020; "
    "labelled there: {label}."
)


def sample_files(name: str) -> dict[str, bytes]:
    """Give the files of a sample recording by their names."""
    return {path.name: path.read_bytes() for path in sorted(FOLDER.glob(f"{name}.*"))}
