"""The recordings that come with the workbench, and lessons made of them, for the first visit."""

from pathlib import Path

from ecgssl_core.records.lessons import LESSONS, lesson_files

FOLDER = Path(__file__).parents[2] / "examples"
_REAL = {
    "HR00009": "Sinus rhythm",
    "HR00318": "Atrial fibrillation",
    "HR00180": "Left bundle branch block",
    "A0084": "Ventricular premature beats, 57 s",
}
SAMPLES = {**_REAL, **{name: lesson.title for name, lesson in LESSONS.items()}}
"""What may be looked at without a file of one's own: real recordings first, then lessons, each called one."""

SOURCE = (
    "Sample from PTB-XL (Wagner et al. 2020, PhysioNet, CC BY 4.0) as in the PhysioNet/CinC Challenge 2020; "
    "labelled there: {label}."
)
_LONG = (
    "Sample from CPSC 2018 (Liu et al. 2018) as in the PhysioNet/CinC Challenge 2020 (CC BY 4.0); labelled there: "
    "premature ventricular contractions. What to look at: the windows along the recording, and where they say other "
    "things than the whole."
)
_LESSON = (
    "Made from a real recording, and not real as it is: of the sample {of} ({label}), {done}. What to look at: {look}"
)


def sample_files(name: str) -> dict[str, bytes]:
    """Give the files of a sample recording or lesson by their names."""
    if name in LESSONS:
        return lesson_files(name, sample_files(LESSONS[name].of))
    return {path.name: path.read_bytes() for path in sorted(FOLDER.glob(f"{name}.*"))}


def described(name: str) -> str:
    """Give what a sample is, where it comes from, under which licence, and of a lesson what was done and is learnt."""
    if name in LESSONS:
        lesson = LESSONS[name]
        return _LESSON.format(of=lesson.of, label=_REAL[lesson.of].lower(), done=lesson.done, look=lesson.look)
    return _LONG if name == "A0084" else SOURCE.format(label=SAMPLES[name].lower())
