"""Choose preset, pack, fold and encoders, set what differs, and start the training as a job."""

from pathlib import Path

import streamlit as st

from ecgssl_core.corpus.folds import read_folds
from ecgssl_core.corpus.pack import find_packs, open_pack
from ecgssl_core.errors import EcgError
from ecgssl_core.jobs import DiskNeed, disk_need, submit
from ecgssl_core.runs import RunDir, data_root, list_runs
from ecgssl_core.settings import Settings, load_preset, preset_names
from pages.parts.job_words import Choice, job_settings, job_words
from pages.parts.settings_form import settings_form

FIRST_PRESET = "quick-time"
FOLD_HELP = "The fold that nothing sees before it is scored; the one after it chooses thresholds."
PRESET_HELP = "A preset fills the form below; what you change there is passed on as a difference from it."


def new_run() -> None:
    """Draw the form that starts a training; where there is no pack, the way to one."""
    packs = find_packs(data_root())
    if not packs:
        st.info("There is no pack to train on yet. Make one of a folder of records first.")
        st.page_link("pages/corpora.py", label="Make a pack", icon=":material/inventory_2:")
        return
    first, second, third = st.columns([3, 3, 1])
    names = sorted(preset_names(), key=lambda name: (name != FIRST_PRESET, name))
    preset = load_preset(first.selectbox("Preset", names, key="train_preset", help=PRESET_HELP))
    pack = second.selectbox("Pack", packs, format_func=lambda path: path.name, key="train_pack")
    try:
        count = read_folds(open_pack(pack)).count
    except EcgError as error:
        st.error(str(error))
        st.page_link("pages/corpora.py", label="Look at the pack", icon=":material/inventory_2:")
        return
    fold = third.selectbox("Fold", range(count), key="train_fold", help=FOLD_HELP)
    unlabelled, encoders = _starting_points(preset, packs, pack, fold)
    with st.form("launch", border=False):
        values = settings_form(preset)
        need = disk_need(preset)
        st.caption(_disk(need))
        pressed = st.form_submit_button("Start training", type="primary", icon=":material/play_arrow:")
    if pressed:
        _start(Choice(preset.preset, pack, fold, unlabelled, encoders, values))


def _starting_points(
    preset: Settings, packs: list[Path], pack: Path, fold: int
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    if preset.method == "baseline":
        return (), ()
    if preset.method != "supervised":
        further = [path for path in packs if path != pack]
        if not further:
            return (), ()
        help_text = "Records without labels from other packs; any that are kin to held-out ones are left out."
        chosen = st.multiselect("Further packs", further, format_func=lambda path: path.name, help=help_text)
        return tuple(chosen), ()
    found = {run.name: run.settings().modality for run in list_runs() if _gives_encoder(run, preset, pack, fold)}
    if not found:
        st.caption(f"No finished pretraining fits fold {fold} of this pack yet: the network starts from scratch.")
        return (), ()
    help_text = "Pretraining runs whose encoders are taken over, one a modality; none: from scratch."
    chosen = st.multiselect(
        "Pretrained encoders", found, format_func=lambda name: f"{found[name]}: {name}", help=help_text
    )
    return (), tuple(chosen)


def _gives_encoder(run: RunDir, preset: Settings, pack: Path, fold: int) -> bool:
    try:
        if run.state().state != "done":
            return False
        settings = run.settings()
    except EcgError:
        return False
    fits = settings.method == "self_distillation" and settings.modality in preset.classifier.modalities
    if settings.data.fold < 0:  # held nothing back: fine for another corpus, and refused later if it saw this one
        return fits and str(pack) not in (settings.data.pack, *settings.data.unlabelled)
    return fits and settings.data.fold == fold and Path(settings.data.pack) == pack


def _disk(need: DiskNeed) -> str:
    judged = "like the last run of this preset" if need.like else "no run of this preset has been measured yet"
    warning = "" if need.fits else " **That is too little: make room first.**"
    return f"Takes about {need.needed_mb:,.0f} MB of disk ({judged}); {need.free_mb:,.0f} MB are free.{warning}"


def _start(choice: Choice) -> None:
    try:
        run = submit(job_words(choice), job_settings(choice))
    except EcgError as error:
        st.error(str(error))
        return
    st.query_params["run"] = run.name
    st.rerun()
