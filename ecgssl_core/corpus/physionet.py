"""Corpora on PhysioNet that are open to everybody: their projects, versions and licences."""

from dataclasses import dataclass

from ecgssl_core.errors import CorpusError, nearest

ROOT = "https://physionet.org/files"


@dataclass(frozen=True)
class Project:
    """A corpus on PhysioNet.

    Args:
        name: what it is called here.
        path: project and version below ROOT.
        licence: as published there.
        gigabytes: about what it takes on disk, from the number, length and leads of its recordings.
        holds: what is in it.
    """

    name: str
    path: str
    licence: str
    gigabytes: float
    holds: str


PROJECTS = (
    Project("cinc2020", "challenge-2020/1.0.2", "CC BY 4.0", 8.5, "43,101 recordings of 12 leads from six sources"),
    Project("cinc2021", "challenge-2021/1.0.3", "CC BY 4.0", 14.0, "88,253 recordings of 12 leads from eight sources"),
    Project("ptbxl", "ptb-xl/1.0.3", "CC BY 4.0", 3.2, "21,799 recordings of 12 leads, at 100 and 500 Hz"),
    Project(
        "af2017", "challenge-2017/1.0.0", "ODC-By 1.0", 0.6, "8,528 recordings of one lead from a hand-held device"
    ),
    Project("cinc2011", "challenge-2011/1.0.0", "ODC-By 1.0", 0.4, "1,500 recordings of 12 leads from a phone"),
    Project("ludb", "ludb/1.0.1", "ODC-By 1.0", 0.05, "200 recordings of 12 leads with marked waves"),
    Project("ptb", "ptbdb/1.0.0", "ODC-By 1.0", 1.9, "549 recordings of 15 leads"),
    Project("incart", "incartdb/1.0.0", "ODC-By 1.0", 0.9, "75 recordings of 12 leads, half an hour each"),
    Project("mitdb", "mitdb/1.0.0", "ODC-By 1.0", 0.15, "48 recordings of two leads, half an hour each"),
    Project("nstdb", "nstdb/1.0.0", "ODC-By 1.0", 0.05, "noise, and recordings with noise added"),
)


def find_project(name: str) -> Project:
    """Give a corpus by its name.

    Raises:
        CorpusError: there is no such corpus to download.
    """
    found = {project.name: project for project in PROJECTS}
    if name not in found:
        raise CorpusError(f"There is no corpus {name!r} to download: {nearest(name, list(found))}")
    return found[name]
