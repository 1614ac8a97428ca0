"""Runs to a card: every section that these runs have something for, in the order in which it is read."""

from collections.abc import Callable, Sequence

from ecgssl_core.report.ablation import ablation_section, share_section
from ecgssl_core.report.card import Card, Section
from ecgssl_core.report.classes import classes_section
from ecgssl_core.report.confusion import confusion_section
from ecgssl_core.report.differences import differences_section
from ecgssl_core.report.elsewhere import elsewhere_section
from ecgssl_core.report.finished import read_finished
from ecgssl_core.report.gates import gates_section
from ecgssl_core.report.lead_sets import lead_section
from ecgssl_core.report.learning import learning_section
from ecgssl_core.report.overview import overview_section
from ecgssl_core.report.paper_tables import paper_section
from ecgssl_core.report.protocol import protocol_section, runs_section
from ecgssl_core.report.rhythms import rhythm_section
from ecgssl_core.report.scores import REPLICATES
from ecgssl_core.report.study import Study, make_study
from ecgssl_core.report.trust import trust_section
from ecgssl_core.runs import RunDir


def _confusions(study: Study) -> Section:
    """Give the confusion of the last network, which stands for the study: SSL-TSG where it was run."""
    return confusion_section(study, study.networks[-1])


SECTIONS: tuple[tuple[str, Callable[[Study], Section | None]], ...] = (
    ("protocol", protocol_section),
    ("the arms", overview_section),
    ("the challenge of 2017", rhythm_section),
    ("Table I", lambda study: paper_section(study, "I")),
    ("Table II", lambda study: paper_section(study, "II")),
    ("differences", differences_section),
    ("Figure 3", ablation_section),
    ("label shares", share_section),
    ("classes", classes_section),
    ("confusion", _confusions),
    ("calibration", trust_section),
    ("another source", elsewhere_section),
    ("gates", gates_section),
    ("fewer leads", lead_section),
    ("learning curves", learning_section),
    ("the runs", runs_section),
)


def make_card(
    runs: Sequence[RunDir], replicates: int = REPLICATES, progress: Callable[[str], None] = lambda _: None
) -> Card:
    """Give the card of finished fine-tunings.

    Args:
        runs: fine-tunings and baselines of one corpus; pretrainings among them are left out.
        replicates: of the bootstrap, at least 1.
        progress: is told what is being made.

    Raises:
        RunError: no run can be reported on, or they cannot stand in one table.
    """
    return card_of(study_of(runs, replicates), progress)


def study_of(runs: Sequence[RunDir], replicates: int = REPLICATES) -> Study:
    """Give what a card is made from.

    Raises:
        RunError: as `make_card`.
    """
    finished, sentences = read_finished(runs)
    return make_study(finished, sentences, replicates)


def card_of(study: Study, progress: Callable[[str], None] = lambda _: None) -> Card:
    """Give the card; its numbers stay in the study."""
    sections = []
    for what, section in SECTIONS:
        progress(what)
        sections.append(section(study))
    title = f"Reproduction card: {' and '.join(study.papers)} on this corpus"
    return Card(title, tuple(section for section in sections if section))
