"""Which runs a page is about: all, those of some arms, or those chosen in the table; never of two divisions at once."""

from collections import Counter

import streamlit as st

from pages.parts.names import plain_text, shown_name
from pages.parts.run_table import choose_runs
from pages.parts.scored import Scored

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
    of_arms = _of_arms(alike)
    chosen = [run for run in of_arms if run.name in linked] or of_arms
    with st.expander(_words(chosen, alike), expanded=len(of_arms) <= _OPEN, icon=":material/checklist:"):
        st.caption("Choose rows to compare some of them only; the address then leads to the same choice.")
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
    division = st.selectbox(
        "Division",
        options,
        format_func=lambda one: (
            f"{plain_text(one[0])}, folds {plain_text(one[1][:8]) or 'not named'} ({counts[one]} runs)"
        ),
        key="division",
    )
    return [run for run in runs if run.division == division]


def _of_arms(runs: list[Scored]) -> list[Scored]:
    arms = list(dict.fromkeys(sorted(run.arm for run in runs)))
    if len(arms) < 2:
        return runs
    known = [arm for arm in st.query_params.get(ARMS, "").split(",") if arm in arms]
    chosen = st.multiselect("Arms", arms, known, key="arms_shown", placeholder="All arms")
    if chosen:
        st.query_params[ARMS] = ",".join(chosen)
    else:
        st.query_params.pop(ARMS, None)
    return [run for run in runs if run.arm in chosen] or runs


def _words(chosen: list[Scored], runs: list[Scored]) -> str:
    count = (
        f"{len(chosen)} of {len(runs)} runs" if len(chosen) < len(runs) else f"{len(runs)} run{'s' * (len(runs) > 1)}"
    )
    return f"{count}, {len({run.arm for run in chosen})} arms"
