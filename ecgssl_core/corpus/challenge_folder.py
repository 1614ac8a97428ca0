"""The two folders that the challenge's scorer takes: headers with labels, and files with a system's outputs."""

from collections.abc import Iterator
from pathlib import Path

from ecgssl_core.errors import CorpusError

_MOST_BYTES = 1 << 20  # of one header or output file


def read_challenge_folders(labels: Path, outputs: Path) -> list[tuple[str, str, str]]:
    """Give name, header text and output text of each recording, in the order of the header files' names.

    Hidden files are passed over, and `.hea` may be written in any case; outputs without a header are not looked at.

    Raises:
        CorpusError: a folder is missing, a header has no output file of its name, there is no header at all, or a file
            cannot be read.
    """
    for folder, what in ((labels, "labels"), (outputs, "outputs")):
        if not folder.is_dir():
            raise CorpusError(f"There is no folder {folder.name} of {what}; name the folder that holds them.")
    headers = list(_headers(labels))
    if not headers:
        raise CorpusError(f"{labels.name} holds no header (.hea), so there is nothing to score.")
    return [(path.stem, _text(path), _text(_output(path, outputs))) for path in headers]


def _headers(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.suffix.lower() == ".hea" and not path.name.startswith(".") and path.is_file():
            yield path


def _output(header: Path, outputs: Path) -> Path:
    path = outputs / f"{header.stem}.csv"
    if not path.is_file():
        raise CorpusError(f"{outputs.name} has no {path.name} for the header {header.name}; every header needs one.")
    return path


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CorpusError(f"{path.name} is larger than {_MOST_BYTES >> 20} MiB; it is no header or output file.")
        content = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path.name} cannot be read ({error.strerror}).") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")  # what matters in these files is ASCII
