"""Start many runs at once: folds × arms × seeds of a cross-validation, or the transformations of an ablation."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import streamlit as st

from ecgssl_core.cores import usable_cores
from ecgssl_core.errors import EcgError
from ecgssl_core.jobs import Cost, sweep_cost, wake
from ecgssl_core.jobs.arms import ARMS, BASELINES, families
from ecgssl_core.jobs.places import at_once, set_at_once
from ecgssl_core.jobs.plan import Asked, Part
from ecgssl_core.jobs.sweeps import begin, queue_sweep
from ecgssl_core.runs import data_root, glances
from pages.parts.before_launch import show_command
from pages.parts.form_start import close_form, only_offered
from pages.parts.keys import PACK
from pages.parts.names import shown_name
from pages.parts.pack_facts import PackFacts, pack_facts, pack_stamp, records_for
from pages.parts.pending import awaited, forget
from pages.parts.sweep_words import SweepChoice, change_lines, sweep_plan, sweep_words, whole_numbers
from pages.parts.terms import help_on
from pages.parts.words_of_time import spoken, spoken_range

FIRST_FAMILY = "quick"
PROBES = ("SSL-T-linear", "SSL-S-linear", "SSL-TSG-linear", "SSL-T-attention", "random-T-linear")
SHARES = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0)
STARTING = "train_starting"  # the words of the sweep that is being started in this session
_LONGEST = 300


def new_sweep(packs: Mapping[str, Path], verb: Literal["crossval", "ablate"]) -> None:
    """Draw the form that starts a cross-validation or an ablation.

    Args:
        packs: the packs there are, by name.
        verb: which of them.
    """
    first, second, third = st.columns([3, 2, 2])
    only_offered(PACK, list(packs))
    pack = packs[str(first.selectbox("Pack", packs, key=PACK, bind="query-params", help=help_on("Pack")))]
    stamp = pack_stamp(pack)
    try:
        facts = awaited(("pack facts", pack, stamp), "Looking into the pack", lambda: pack_facts(pack, stamp))
    except EcgError as error:
        st.error(shown_name(str(error), _LONGEST))
        st.page_link(
            "pages/corpora.py", label="Look at the pack", icon=":material/inventory_2:", query_params={PACK: pack.name}
        )
        return
    if facts is None:
        return
    known = sorted(families(), key=lambda name: (name != FIRST_FAMILY, name))
    about = "Sized for two cores, or as in the papers; some for records with any leads."
    family = second.selectbox("Presets", known, key="sweep_family", help=about)
    name = third.text_input("Name", key="sweep_name", max_chars=60, help="Without one, it is called by its plan.")
    try:
        choice = _chosen(verb, pack, facts, packs, str(family), name.strip())
        _before(choice)
    except EcgError as error:
        st.error(shown_name(str(error), _LONGEST), icon=":material/rule:")


def _chosen(
    verb: Literal["crossval", "ablate"],
    pack: Path,
    facts: PackFacts,
    packs: Mapping[str, Path],
    family: str,
    name: str,
) -> SweepChoice:
    arms = shares = ()
    modalities, masking = (), False
    if verb == "crossval":
        options = [*ARMS, *PROBES, *BASELINES]
        arms = st.multiselect("Arms", options, ["T", "SSL-T"], key="sweep_arms", help=help_on("Arm"))
    else:
        kinds = ["time", "spectrogram"]
        modalities = st.pills("Modalities", kinds, selection_mode="multi", default=kinds, key="sweep_modalities")
        masking = st.toggle("Random lead masking beside them", key="sweep_masking", help=help_on("Lead masking"))
    first, second, third = st.columns([3, 2, 2])
    folds = range(facts.folds)
    only_offered("sweep_folds", list(folds))
    chosen = first.multiselect("Folds", folds, list(folds), key="sweep_folds", help=help_on("Fold"))
    seeds = second.text_input("Seeds", "0", key="sweep_seeds", help="Such as 0, 1, 2: each repeats everything.")
    most = usable_cores()
    hands = third.number_input(
        "Runs at once", 1, most, min(most, at_once(data_root())), key="sweep_hands", help="Holds for all that waits."
    )
    if verb == "crossval":
        shares = st.pills(
            "Shares of the labels",
            SHARES,
            selection_mode="multi",
            default=[1.0],
            format_func=lambda share: f"{100 * share:g} %",
            key="sweep_shares",
            help="Of the training patients; a smaller share lies within a larger one.",
        )
    more = _more(verb, pack, facts, packs)
    asked = Asked(
        pack=pack,
        folds=tuple(chosen),
        seeds=whole_numbers(seeds),
        shares=tuple(shares) or (1.0,),
        family=family,
        **more,
    )
    return SweepChoice(verb, asked, tuple(arms), tuple(modalities), masking, name, int(hands))


def _more(verb: str, pack: Path, facts: PackFacts, packs: Mapping[str, Path]) -> dict[str, object]:
    """Draw what is seldom asked for, and give it by the names of `Asked`."""
    more: dict[str, object] = {}
    with st.expander("Advanced", icon=":material/tune:"):
        further = [name for name, path in packs.items() if path != pack]
        only_offered("sweep_further", further)
        unlabelled = st.multiselect(
            "Further packs", further, key="sweep_further", help="Without labels, for pretraining."
        )
        more["unlabelled"] = tuple(packs[name] for name in unlabelled)
        left, right = st.columns(2)
        text = "One part.name=value a line, such as training.epochs=3."
        more["changes"] = change_lines(left.text_area("Changes of fine-tunings", key="sweep_set", help=text))
        more["pretrain_changes"] = change_lines(right.text_area("Changes of pretrainings", key="sweep_pre", help=text))
        if st.toggle("One pretraining for all seeds", key="sweep_one", help="In place of one for each seed."):
            more["pretrain_seed"] = 0
        if verb == "crossval":
            more |= _of_crossval(facts)
    return more


def _of_crossval(facts: PackFacts) -> dict[str, object]:
    found: dict[str, object] = {}
    done = {one.name: one.settings for one in glances() if one.settings and one.state and one.state.state == "done"}
    encoders = {name: str(one.modality) for name, one in done.items() if one.pretrains}
    only_offered("sweep_encoders", list(encoders))
    chosen = st.multiselect(
        "Pretrained already",
        encoders,
        format_func=lambda name: f"{encoders[name]}: {name}",
        key="sweep_encoders",
        help="One pretraining a modality that serves all folds; it must have seen none of them.",
    )
    found["encoders"] = {encoders[name]: name for name in chosen}
    choose = st.text_input(
        "Let validation choose", key="sweep_choose", placeholder="optimiser.rate=1e-3,5e-3", help="Tries each value."
    )
    found["choose"] = choose.strip()
    if len(facts.sources) > 1:
        only_offered("sweep_without", list(facts.sources))
        sources = st.multiselect("Hold out sources", facts.sources, key="sweep_without", help="In place of the folds.")
        found["sources"] = tuple(sources) or ("",)
    return found


def _before(choice: SweepChoice) -> None:
    """Draw what a sweep is made of and will take, its command, and the button.

    Raises:
        EcgError: it cannot be planned.
    """
    words = sweep_words(choice)
    key = ("sweep", *words, pack_stamp(choice.asked.pack))
    made = awaited(key, "Planning", lambda: _planned(choice))
    if made is None:
        return
    parts, cost = made
    with st.container(horizontal=True, gap="large"):
        st.metric("Runs", f"{len(parts):,}", width="content")
        st.metric("Pretrainings", f"{cost.pretrainings:,}", width="content")
        st.metric("Fine-tunings", f"{cost.finetunings:,}", width="content")
        known = cost.unknown < len(parts)
        st.metric(
            "Expected time", spoken(cost.seconds[0] / choice.hands) if known else "not known yet", width="content"
        )
    if known:
        low, high = (seconds / choice.hands for seconds in cost.seconds[1:])
        unknown = f"; {cost.unknown} runs of kinds never measured here come on top" if cost.unknown else ""
        st.caption(f"Likely {spoken_range(low, high)}, from earlier runs of these kinds here{unknown}.")
    else:
        st.caption("No run of these kinds has been measured here yet: start one alone to learn how long it takes.")
    show_command(words, data_root())
    if st.button(f"Start {len(parts)} runs", type="primary", icon=":material/play_arrow:", key="sweep_start"):
        st.session_state[STARTING] = words
    if st.session_state.get(STARTING) == words:
        _start(choice, parts, words)


def _planned(choice: SweepChoice) -> tuple[list[Part], Cost]:
    parts = sweep_plan(choice)
    return parts, sweep_cost(parts, records_for)


def _start(choice: SweepChoice, parts: Sequence[Part], words: Sequence[str]) -> None:
    key = ("sweep start", *words)

    def work() -> str:
        root = data_root()
        set_at_once(root, choice.hands)
        sweep = begin(choice.verb, choice.name or None, parts, root)
        queue_sweep(sweep, parts, root)
        wake(root)
        return sweep.name

    try:
        name = awaited(key, f"Putting {len(parts)} runs into the queue", work)
    except EcgError:
        del st.session_state[STARTING]
        raise
    if name is None:
        return
    del st.session_state[STARTING]
    forget(key)
    st.query_params["sweep"] = name
    close_form()
    st.rerun()
