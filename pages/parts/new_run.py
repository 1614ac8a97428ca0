"""Choose preset, pack, fold and encoders, set what differs, see what it will take, and start the training as a job."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from ecgssl_core.errors import EcgError, SettingsError
from ecgssl_core.jobs import submit
from ecgssl_core.runs import Glance, data_root, glances
from ecgssl_core.settings import Settings, load_preset, preset_names, settings_text
from pages.parts.before_launch import show_command, show_cost
from pages.parts.form_start import (
    ENCODERS,
    FIRST_PRESET,
    FURTHER,
    SOURCE,
    back_to,
    changed_of,
    clone,
    close_form,
    only_offered,
)
from pages.parts.job_words import Choice, changes, job_settings, job_words, merged
from pages.parts.keys import FOLD, PACK, PRESET
from pages.parts.names import shown_name
from pages.parts.pack_facts import PackFacts, pack_facts, pack_stamp
from pages.parts.pending import awaited
from pages.parts.settings_form import settings_form
from pages.parts.terms import help_on

NO_FOLD = -1
FOLD_HELP = "The fold that nothing sees before it is scored; the one after it chooses thresholds."
_LONGEST = 300
_UPLOAD_BYTES = 100_000


def new_run(packs: Mapping[str, Path]) -> None:
    """Draw the form that starts a training.

    Args:
        packs: the packs there are, by name.
    """
    _load()
    names = sorted(preset_names(), key=lambda name: (name != FIRST_PRESET, name))
    first, second, third = st.columns([3, 3, 1.4])
    name = first.selectbox("Preset", names, key=PRESET, bind="query-params", help=help_on("Preset"))
    preset = load_preset(str(name))
    only_offered(PACK, list(packs))
    pack = packs[str(second.selectbox("Pack", packs, key=PACK, bind="query-params", help=help_on("Pack")))]
    facts = _facts(pack)
    if facts is None:
        return
    persons = preset.method == "arcface"  # tried on everybody with two recordings, whatever their fold
    folds = [NO_FOLD] * (preset.pretrains or persons) + list(range(facts.folds))
    only_offered(FOLD, folds)
    if FOLD not in st.session_state and "fold" not in st.query_params:
        st.session_state[FOLD] = 0
    fold = third.selectbox("Fold", folds, format_func=_fold, key=FOLD, bind="query-params", help=FOLD_HELP)
    changed = changed_of(preset.preset)
    left, right = st.columns(2) if len(facts.sources) > 1 else (st.container(), st.container())
    with left:
        unlabelled, encoders = _starting_points(preset, packs, pack, int(fold or 0))
    with right:
        _source(facts, changed)
    settings_form(preset, changed)
    _launch(preset, Choice(preset.preset, pack, int(fold or 0), unlabelled, encoders, dict(changed)))


def _load() -> None:
    with st.popover("Load settings", icon=":material/upload_file:"):
        given = st.file_uploader("Settings as TOML", ["toml"], key="train_toml", max_upload_size=1)
        st.caption("What Views or this form has saved, or the `config.toml` of a run.")
    if given is None or given.file_id == st.session_state.get("train_toml_taken"):
        return
    st.session_state["train_toml_taken"] = given.file_id  # once: what is changed afterwards stays
    try:
        clone(given.getvalue()[:_UPLOAD_BYTES].decode())
    except UnicodeDecodeError:
        st.error("That file is no text; give settings as TOML.")
    else:
        st.rerun()


def _facts(pack: Path) -> PackFacts | None:
    stamp = pack_stamp(pack)
    try:
        return awaited(("pack facts", pack, stamp), "Looking into the pack", lambda: pack_facts(pack, stamp))
    except EcgError as error:
        st.error(shown_name(str(error), _LONGEST))
        st.page_link(
            "pages/corpora.py", label="Look at the pack", icon=":material/inventory_2:", query_params={PACK: pack.name}
        )
        return None


def _fold(fold: int) -> str:
    return "none held back" if fold == NO_FOLD else str(fold)


def _source(facts: PackFacts, changed: dict[str, object]) -> None:
    if len(facts.sources) < 2:
        changed.pop("data.source", None)
        return
    options = ["", *facts.sources]
    only_offered(SOURCE, options)
    source = st.selectbox(
        "Hold out",
        options,
        format_func=lambda name: f"all of {shown_name(name)}, in place of the fold" if name else "the fold",
        key=SOURCE,
        help="A source that is held out as a whole shows what the model is worth where it was never trained.",
    )
    if source:
        changed["data.source"] = source
    else:
        changed.pop("data.source", None)


def _starting_points(
    preset: Settings, packs: Mapping[str, Path], pack: Path, fold: int
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    if preset.method == "baseline":
        return (), ()
    if preset.pretrains:
        further = [name for name, path in packs.items() if path != pack]
        if not further:
            return (), ()
        help_text = "Records without labels from other packs; any that are kin to held-out ones are left out."
        only_offered(FURTHER, further)
        return tuple(packs[name] for name in st.multiselect("Further packs", further, key=FURTHER, help=help_text)), ()
    found = {
        one.name: str(one.settings.modality) for one in glances() if one.settings and _fits(one, preset, pack, fold)
    }
    if not found:
        st.caption(f"No finished pretraining fits fold {fold} of this pack yet: the network starts from scratch.")
        return (), ()
    help_text = "Pretraining runs whose encoders are taken over, one a modality; none: from scratch."
    only_offered(ENCODERS, list(found))
    chosen = st.multiselect(
        "Pretrained encoders", found, format_func=lambda name: f"{found[name]}: {name}", key=ENCODERS, help=help_text
    )
    return (), tuple(chosen)


def _fits(one: Glance, preset: Settings, pack: Path, fold: int) -> bool:
    if one.settings is None or one.state is None or one.state.state != "done":
        return False
    settings = one.settings
    fits = settings.pretrains and settings.modality in preset.classifier.modalities
    if settings.data.fold < 0:  # held nothing back: fine for another corpus, and refused later if it saw this one
        return fits and str(pack) not in (settings.data.pack, *settings.data.unlabelled)
    return fits and settings.data.fold == fold and Path(settings.data.pack) == pack


def _launch(preset: Settings, choice: Choice) -> None:
    try:
        settings = merged(choice)
        _refuse(settings, choice)
    except SettingsError as error:
        st.error(shown_name(str(error), _LONGEST), icon=":material/rule:")
        settings = None
    if settings is not None:
        show_cost(settings)
        show_command(job_words(choice), data_root(), changes(preset, choice.values))
    with st.container(horizontal=True, vertical_alignment="center"):
        fits = settings is not None
        if st.button("Start training", type="primary", icon=":material/play_arrow:", disabled=not fits):
            _start(choice)
        text = settings_text(settings) if settings else ""
        st.download_button(
            "Save as TOML",
            text,
            f"{preset.preset}.toml",
            icon=":material/download:",
            disabled=not fits,
            on_click="ignore",
        )
        if choice.values:
            st.button(
                "Back to the preset", key="train_back", icon=":material/undo:", on_click=back_to, args=(preset.preset,)
            )


def _refuse(settings: Settings, choice: Choice) -> None:
    """Refuse what no single limit forbids, and what would fail only after the records have been read.

    Raises:
        SettingsError: two things that were chosen do not go together.
    """
    modalities = [run.settings.modality for run in glances() if run.settings and run.name in choice.encoders]
    double = next((one for one in modalities if modalities.count(one) > 1), None)
    if double:
        raise SettingsError(f"Two pretrainings of the {double} encoder are chosen; take one a modality.")
    if settings.method == "supervised" and not settings.classifier.modalities:
        raise SettingsError("The network has no encoder; choose the time series, the spectrogram or both.")
    strange = next((one for one in modalities if one not in settings.classifier.modalities), None)
    if settings.method == "supervised" and strange:
        raise SettingsError(f"The {strange} encoder is not part of this network; leave its pretraining out.")
    if settings.optimiser.warmup_epochs >= settings.training.epochs > 1 and settings.method != "baseline":
        raise SettingsError(
            f"Warm-up lasts {settings.optimiser.warmup_epochs} of {settings.training.epochs} epochs: the learning rate "
            "would never fall; shorten optimiser.warmup_epochs or train longer."
        )


def _start(choice: Choice) -> None:
    try:
        run = submit(job_words(choice), job_settings(choice))
    except EcgError as error:
        st.error(shown_name(str(error), _LONGEST))
        return
    st.query_params["run"] = run.name
    close_form()
    st.rerun()
