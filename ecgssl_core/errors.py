"""Every error that a user can cause, each carrying one sentence that names the thing and the way out.

EcgError
├── RecordError          one uploaded or stored file; `kind` is its sentence kind
│   ├── LimitError       LIMIT     too big
│   ├── UnsafeFile       UNSAFE    refused on principle
│   ├── BrokenFile       BROKEN    damaged or contradicting itself
│   ├── UnknownFormat    FORMAT    not recognised
│   ├── EmptyFile        EMPTY     no ECG inside
│   ├── MissingFile      MISSING   not there
│   ├── UnitUnknown      ASK-UNIT  the file does not say its unit
│   ├── LeadUnknown      ASK-LEAD  the file does not say its leads
│   ├── RateUnknown      ASK-RATE  the file does not say its sampling rate
│   ├── PartialFile      PART      a part is missing
│   ├── SlowFile         TIME      reading took too long
│   └── ReaderCrashed    CRASH     the reader died, contained
├── OwnFault             OURS      disk, memory or our own fault
├── SettingsError        a preset, a setting or a word of the command line
├── CorpusError          a folder of records, a pack or its folds
├── LeakError            training that would see what it is scored on
├── BundleError          a released model that is damaged or does not fit
└── RunError             a run folder, its state or its checkpoints
"""

from difflib import get_close_matches


class EcgError(Exception):
    """Something that a user can mend; the text is one sentence fit to be shown."""

    kind = "OURS"


class RecordError(EcgError):
    """A file that gives no record.

    Args:
        name: the file as its owner calls it, without folders.
        sentence: what is wrong, where, and what to do.
    """

    kind = "BROKEN"

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{name}: {sentence}")
        self.name = name
        self.sentence = sentence


class LimitError(RecordError):
    """The file is larger than what may be read."""

    kind = "LIMIT"


class UnsafeFile(RecordError):
    """The file asks for something that is never done."""

    kind = "UNSAFE"


class BrokenFile(RecordError):
    """The file ends early or contradicts itself."""

    kind = "BROKEN"


class UnknownFormat(RecordError):
    """No reader takes the file."""

    kind = "FORMAT"


class EmptyFile(RecordError):
    """The file is whole, and holds no ECG."""

    kind = "EMPTY"


class MissingFile(RecordError):
    """There is no file of this name."""

    kind = "MISSING"


class UnitUnknown(RecordError):
    """The file does not say in which unit its samples are."""

    kind = "ASK-UNIT"


class LeadUnknown(RecordError):
    """The file does not say which lead is which."""

    kind = "ASK-LEAD"


class RateUnknown(RecordError):
    """The file does not say how many samples make a second."""

    kind = "ASK-RATE"


class PartialFile(RecordError):
    """A part of the record is missing."""

    kind = "PART"


class SlowFile(RecordError):
    """Reading took longer than allowed."""

    kind = "TIME"


class ReaderCrashed(RecordError):
    """The process that read the file died."""

    kind = "CRASH"


class OwnFault(EcgError):
    """Disk, memory or the program itself failed."""


class SettingsError(EcgError):
    """A setting, preset or word that does not exist or has a value out of its limits."""


class CorpusError(EcgError):
    """A folder of records, a pack or its folds that cannot be used."""


class LeakError(EcgError):
    """A training that would see records which it is later scored on."""


class BundleError(EcgError):
    """A released model that is damaged, or made for something else."""


class RunError(EcgError):
    """A run folder that is missing, busy or damaged."""


def nearest(word: str, known: list[str]) -> str:
    """Give the end of a sentence that names the known word most like this one, and if none is like it, all of them."""
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"known are {', '.join(sorted(known))}."
