"""Which runs a page is about: all, those of some arms, or those chosen in the table; never of two divisions at once."""

from collections import Counter

import streamlit as st

from pages.parts.names import plain_text, shown_name
from pages.parts.run_table import choose_runs
from pages.parts.scored import Scored, arm_order
from pages.parts.terms import help_on

RUNS, ARMS = "runs", "arms"  # in the address
_OPEN = 12  # as many runs stand open in their table


def chosen_runs(runs: list[Scored]) -> list[Scored]:
    """Draw the choice of runs, and give those that are chosen; the address leads to the same choice.

    Args:
        runs: at least one.
    """
    linked = [name for name in st.query_params.get(RUNS, "").split(",") if name]
    unknown = sorted(set(linked) - {run.name for run in runs})
    if unknown:
        st.warning(f"There are no scores of {', '.join(map(shown_name, unknown))}; the others are shown.")
    alike = _of_one_division(runs, linked)
    known = {run.arm for run in alike}
    asked = [arm for arm in st.query_params.get(ARMS, "").split(",") if arm in known]
    expander = st.expander(_words(alike, asked, linked), expanded=len(alike) <= _OPEN, icon=":material/checklist:")
    with expander:
        of_arms = _of_arms(alike, asked)
        st.caption("Choose rows to compare some runs only; the address then leads to the same choice.")
        chosen = choose_runs(of_arms, linked)
    if len(chosen) < len(of_arms):
        st.query_params[RUNS] = ",".join(run.name for run in chosen)
    else:
        st.query_params.pop(RUNS, None)
    return chosen


def _of_one_division(runs: list[Scored], linked: list[str]) -> list[Scored]:
    """Give the runs of one label set and one division into folds; which one is asked where there are several."""
    counts = Counter(run.division for run in runs)
    asked = Counter(run.division for run in runs if run.name in linked)
    if len(counts) < 2:
        return runs
    st.error(
        "These runs were scored on different divisions into folds, or with different labels: their numbers do not "
        "compare. One division is shown at a time.",
        icon=":material/block:",
    )
    first = (asked or counts).most_common(1)[0][0]
    options = [first, *(division for division, _ in counts.most_common() if division != first)]
    division = st.selectbox("Division", options, format_func=lambda one: _named(one, counts[one]), key="division")
    return [run for run in runs if run.division == division]


def _named(division: tuple[str, str], runs: int) -> str:
    classes, folds = (plain_text(part) for part in division)
    return f"{classes}, folds {folds[:8] or 'not named'} ({runs} run{'s' * (runs > 1)})"


def _of_arms(runs: list[Scored], asked: list[str]) -> list[Scored]:
    arms = sorted({run.arm for run in runs}, key=arm_order)
    if len(arms) < 2:
        return runs
    chosen = st.multiselect("Arms", arms, asked, key="arms_shown", placeholder="All arms", help=help_on("Arm"))
    if chosen:
        st.query_params[ARMS] = ",".join(chosen)
    else:
        st.query_params.pop(ARMS, None)
    return [run for run in runs if run.arm in chosen] or runs


def _words(runs: list[Scored], asked: list[str], linked: list[str]) -> str:
    """Give in words how many runs there are and how many are chosen; the table below says the same once it is drawn."""
    of_arms = [run for run in runs if run.arm in asked] or runs
    chosen = [run for run in of_arms if run.name in linked] or of_arms
    arms = len({run.arm for run in chosen})
    of = f" of {len(runs)}" if len(chosen) < len(runs) else ""
    return f"{len(chosen)}{of} run{'s' * (len(runs) > 1)}, {arms} arm{'s' * (arms > 1)}"
