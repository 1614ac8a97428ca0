"""Corpora from PhysioNet: what there is, under which licence, whether the disk has room, and how far each is."""

import shlex
import shutil
from pathlib import Path

import streamlit as st

from ecgssl_core.corpus.fetching import LOGS, Fetching, checked_name, fetchings, put_away, stop_fetching
from ecgssl_core.corpus.physionet import PROJECTS, Project
from ecgssl_core.errors import CorpusError
from ecgssl_core.jobs.launch import COMMAND, let_run
from pages.parts.keys import FETCHINGS
from pages.parts.names import shown_name
from pages.parts.words_of_time import spoken


def show_sources_to_download(root: Path) -> None:
    """Let a corpus be chosen and downloaded; the download goes on without this page."""
    by_name = {project.name: project for project in PROJECTS}
    left, right = st.columns([2, 1])
    name = left.selectbox("Corpus", list(by_name), key="fetch_source", format_func=lambda one: _title(by_name[one]))
    project = by_name[name]
    folder = right.text_input("Folder", project.name, key=f"fetch_folder {name}", help="In the data folder.")
    free = shutil.disk_usage(next(path for path in (root, *root.parents) if path.exists())).free / 1e9
    st.markdown(
        f"About **{project.gigabytes:g} GB** on disk, of which **{free:.1f} GB** are free · licence "
        f"**{project.licence}** · {project.holds}"
    )
    room = free > project.gigabytes
    if not room:
        st.warning(f"The disk has no room for {project.name}: free some space, or move the data folder.")
    words = ["download", project.name, str(root / folder)]
    with st.container(horizontal=True, vertical_alignment="center"):
        busy = any(one.alive for one in fetchings(root) if one.name == folder)
        if st.button(
            "Download", type="primary", icon=":material/download:", disabled=not room or busy, key="fetch_now"
        ):
            try:
                start_download(root, folder, words)
                st.rerun()
            except CorpusError as error:
                st.error(str(error))
        st.caption("From physionet.org; every file is checked by its sum. It goes on when this page is closed.")
    st.code(shlex.join(["python", "-m", "ecgssl_core", *words]), language="bash", wrap_lines=True)


def start_download(root: Path, folder: str, words: list[str]) -> None:
    """Start a download in a process of its own; its words are kept, to go on with.

    Raises:
        CorpusError: the name of the folder leads elsewhere.
    """
    checked_name(root, folder).mkdir(parents=True, exist_ok=True)
    (root / LOGS).mkdir(exist_ok=True)
    (root / LOGS / f"{folder}.words").write_text(shlex.join(words))
    log = root / LOGS / f"{folder}.log"
    log.write_bytes(b"")
    let_run([*COMMAND, *words], log, root)


def show_downloads(root: Path) -> None:
    """Show how far downloads are, with a way to stop or to go on; the page is drawn anew when one ends."""
    if fetchings(root):
        _watch(root)


@st.fragment(run_every=1.0)
def _watch(root: Path) -> None:
    found = fetchings(root)
    alive = [one.name for one in found if one.alive]
    before = st.session_state.get(FETCHINGS, alive)
    st.session_state[FETCHINGS] = alive
    for one in found:
        _show(root, one)
    if set(before) - set(alive):
        st.rerun()


def _show(root: Path, one: Fetching) -> None:
    with st.container(border=True):
        name = f"**{shown_name(one.name)}**"
        if one.alive or not one.words:
            left = f", about {spoken(one.left_s)} left" if one.left_s is not None else ""
            share = one.done / one.total if one.total else 0.0
            st.progress(min(share, 1.0), f"{name} is being downloaded: {one.done:,} of {one.total:,} files{left}")
            st.button("Stop", key=f"stop fetch {one.name}", on_click=stop_fetching, args=(root, one.name))
            return
        if one.whole:
            st.success(f"{name}: {shown_name(one.words, 300)}", icon=":material/verified:")
        else:
            st.error(f"{name}: {shown_name(one.words, 300)}", icon=":material/cloud_off:")
        kept = root / LOGS / f"{one.name}.words"
        with st.container(horizontal=True):
            if not one.whole and kept.is_file() and st.button("Go on", key=f"go on fetch {one.name}"):
                start_download(root, one.name, shlex.split(kept.read_text()))
            st.button("Put away", key=f"put away {one.name}", type="tertiary", on_click=put_away, args=(root, one.name))


def _title(project: Project) -> str:
    return f"{project.name}: {project.holds}"
