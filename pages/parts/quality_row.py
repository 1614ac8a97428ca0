"""Signal quality as a row of small marks, one a lead, and below it every reason with its remedy."""

import streamlit as st

from ecgssl_core.records import Issue, Quality, Record
from pages.parts.names import shown_name
from pages.parts.terms import help_on

_LOOKS = {
    "good": ("green", ":material/check:", "nothing noticed"),
    "warn": ("orange", ":material/warning:", "doubtful"),
    "bad": ("red", ":material/close:", "not usable"),
}
_LONGEST = 300
_ICONS = {"block": ":material/block:", "warn": ":material/warning:", "note": ":material/info:"}


def show_quality(record: Record, quality: Quality) -> None:
    """Show a mark for each lead, then what is wrong and what helps, the worst first."""
    issues = [*record.issues, *quality.issues]
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.markdown("**Signal quality**", width="content", help=help_on("Signal quality"))
        for lead in quality.leads:
            color, icon, word = _LOOKS[lead.mark]
            reasons = " ".join(f"{one.sentence} {one.remedy}".strip() for one in lead.issues) or f"{lead.lead}: {word}"
            st.badge(shown_name(lead.lead), icon=icon, color=color, help=shown_name(reasons, _LONGEST))
    if quality.blocked:
        st.warning(f"**Not to be predicted from.** {shown_name(quality.blocked, _LONGEST)}", icon=":material/block:")
    if issues:
        with st.expander(_summary(issues), expanded=quality.blocked is not None):
            for issue in sorted(issues, key=lambda one: list(_ICONS).index(one.severity)):
                lead = f"**{shown_name(issue.lead)}** " if issue.lead else ""
                words, remedy = shown_name(issue.sentence, _LONGEST), shown_name(issue.remedy, _LONGEST)
                st.markdown(f"{_ICONS[issue.severity]} {lead}{words}" + (f" :gray[{remedy}]" if remedy else ""))


def allow_anyway(record: Record, quality: Quality) -> bool:
    """Ask, of a record whose quality forbids it, whether it is predicted all the same; False of any other."""
    if quality.blocked is None:
        return False
    return st.toggle(
        "Predict anyway",
        key=_key(record),
        persist_state="session",  # the table of all files asks for it while another record is shown
        help="The model speaks although the quality forbids it. Its output is marked so on this page and in all that "
        "leaves it, and says little.",
    )


def is_anyway(record: Record) -> bool:
    """Tell whether somebody asked that a record is predicted all the same."""
    return bool(st.session_state.get(_key(record), False))


def _key(record: Record) -> str:
    return f"anyway {record.digest}"


def _summary(issues: list[Issue]) -> str:
    words = {"block": "blocking", "warn": "warning", "note": "note"}
    counts = {word: sum(issue.severity == kind for issue in issues) for kind, word in words.items()}
    return ", ".join(
        f"{count} {word}{'s' * (count > 1 and word != 'blocking')}" for word, count in counts.items() if count
    )
