"""What a page asks of runs: each question has a name and words, and its answer can travel as JSON."""

from collections.abc import Callable, Sequence
from typing import Any

from ecgssl_core.errors import RunError
from ecgssl_core.report.against import against_section, named_arm
from ecgssl_core.report.arms import ORDER
from ecgssl_core.report.card import Section
from ecgssl_core.report.classes import metric_section
from ecgssl_core.report.confusion import commonest, confusion_section
from ecgssl_core.report.curves import curves_section
from ecgssl_core.report.html import card_html
from ecgssl_core.report.lead_sets import without_leads
from ecgssl_core.report.leaning import gated_arms, leaning_section
from ecgssl_core.report.make import SECTIONS, card_of
from ecgssl_core.report.markdown import card_markdown
from ecgssl_core.report.overview import overview_section
from ecgssl_core.report.reliable import reliability_section
from ecgssl_core.report.said import said_of, verdicts
from ecgssl_core.report.study import Study
from ecgssl_core.report.wire import Tree, encode_section
from ecgssl_core.report.write import PAGE


def facts(study: Study) -> Tree:
    """Give what controls are made from: arms, gated arms, classes, the sections that these runs have something for."""
    return {
        "arms": [arm.title for arm in study.whole],
        "every": [arm.title for arm in study.arms],
        "paper": [arm.title for arm in study.networks if arm.base in ORDER] or [study.networks[0].title],
        "networks": [arm.title for arm in study.networks],
        "gated": [arm.title for arm in gated_arms(study)],
        "codes": list(study.classes.codes),
        "names": list(study.classes.names),
        "commonest": commonest(study, study.networks[0]),
        "without_leads": without_leads(study),
        "gone": list(study.sentences),
    }


def whole_report(study: Study) -> Tree:
    """Give the report as HTML and as Markdown, which points to the HTML for its figures."""
    card = card_of(study)
    return {"html": card_html(card), "markdown": card_markdown(card, (), PAGE)}


def section_of(study: Study, name: str) -> Tree | None:
    """Give a section of the report, None where these runs have nothing for it."""
    found = dict(SECTIONS)[name](study)
    return None if found is None else encode_section(found)


def answer(study: Study, question: str, words: Tree) -> Any:
    """Give the answer to a question of `QUESTIONS`.

    Raises:
        RunError: these runs have no answer.
    """
    return QUESTIONS[question](study, **words)


def _sent(section: Section) -> Tree:
    return encode_section(section)


def _named(study: Study, titles: Sequence[str]) -> list[Any]:
    if not titles:
        raise RunError("No arm is chosen; choose one.")
    return [named_arm(study, title) for title in titles]


QUESTIONS: dict[str, Callable[..., Any]] = {
    "facts": facts,
    "report": whole_report,
    "section": section_of,
    "arms": lambda study: _sent(overview_section(study)),
    "against": lambda study, baseline, metrics: _sent(against_section(study, baseline, metrics)),
    "classes": lambda study, metric: _sent(metric_section(study, metric)),
    "curves": lambda study, code, arms: _sent(curves_section(study, code, _named(study, arms))),
    "confusion": lambda study, arm, codes: _sent(confusion_section(study, named_arm(study, arm), codes)),
    "reliability": lambda study, code, arms: _sent(reliability_section(study, code, _named(study, arms))),
    "verdicts": lambda study, arm, code: verdicts(study, named_arm(study, arm), code),
    "said": lambda study, arm, key: said_of(study, named_arm(study, arm), key),
    "leaning": lambda study, arm: _sent(leaning_section(study, named_arm(study, arm))),
}
