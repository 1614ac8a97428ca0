"""The features of a pack under a model: begun here, watched here, and gone on with where they were left."""

import subprocess
import time
from pathlib import Path

import streamlit as st

from ecgssl_core.errors import CorpusError
from ecgssl_core.inference.embeddings import embedding_progress, open_embeddings
from ecgssl_core.jobs.launch import COMMAND, launch
from pages.parts.names import plain_text, shown_name
from pages.parts.words_of_time import spoken

_BEGUN = "embedding"  # of the session: folder -> (process, when it began, records that were done then)


def offer_embedding(root: Path, pack: Path, model: Path, folder: Path) -> bool:
    """Say whether a pack's features are there; where not, offer to work them out, and show how far that is.

    Args:
        root: the data folder.
        pack: folder of the pack.
        model: folder of the bundle.
        folder: where the features lie, or will.
    """
    begun = st.session_state.get(_BEGUN, {}).get(folder)
    if begun is not None and begun[0].poll() is None:
        _watch(folder, *begun)
        return False
    try:
        open_embeddings(folder)
    except CorpusError:
        _offer(root, pack, model, folder)
        return False
    return True


def _offer(root: Path, pack: Path, model: Path, folder: Path) -> None:
    left = embedding_progress(folder)
    words = [*("embed", str(pack), "--model", str(model)), "--out", str(folder)]
    name = shown_name(pack.name)
    if left is None:
        st.info(f"The model has not read {name} yet: its features are worked out once, and then kept.")
    else:
        st.info(f"The features of {name} are not finished: {left[0]:,} of {left[1]:,} records are done.")
    with st.container(horizontal=True, vertical_alignment="center"):
        label = "Read the pack" if left is None else "Go on"
        st.button(label, key="embed", type="primary", on_click=_begin, args=(root, folder, words))
        st.caption("It goes on when this page is left.", width="content")
    last = _last_words(folder)
    if last:
        st.caption(f"It ended with: {last}")


def _begin(root: Path, folder: Path, words: list[str]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    log = _log(folder)
    log.write_bytes(b"")
    process = launch([*COMMAND, *words], log, root)
    done = embedding_progress(folder)
    st.session_state.setdefault(_BEGUN, {})[folder] = (process, time.monotonic(), done[0] if done else 0)


@st.fragment(run_every=1.0)
def _watch(folder: Path, process: "subprocess.Popen[bytes]", began: float, first: int) -> None:
    if process.poll() is not None:
        st.rerun()
    done, total = embedding_progress(folder) or (0, 0)
    passed = time.monotonic() - began
    left = f", about {spoken((total - done) * passed / (done - first))} left" if done > first else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        words = f"Reading the pack: {done:,} of {total:,} records{left}" if total else "Starting …"
        st.progress(min(done / total, 1.0) if total else 0.0, words)
        st.button("Stop", key="stop embedding", on_click=process.terminate, help="What is done is kept.")


def _last_words(folder: Path) -> str:
    log = _log(folder)
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()] if log.is_file() else []
    return shown_name(plain_text(lines[-1]), 200) if lines else ""


def _log(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.log")
