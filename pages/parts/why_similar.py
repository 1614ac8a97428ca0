"""Records of a pack that lie near this one in the model's features, as paper, with their labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from ecgssl_core.corpus.code_names import code_name
from ecgssl_core.corpus.labels import load_label_set
from ecgssl_core.corpus.pack import Pack, find_packs, open_pack
from ecgssl_core.errors import CorpusError
from ecgssl_core.inference.embeddings import embeddings_folder, neighbours, open_embeddings
from ecgssl_core.inference.explained import Neighbour
from ecgssl_core.plots.thumbnail import thumbnail_figure
from ecgssl_core.records import Record
from ecgssl_core.runs import data_root
from pages.parts.cache import service
from pages.parts.case import Case
from pages.parts.embedding_work import offer_embedding
from pages.parts.names import plain_text, shown_name
from pages.parts.no_pack import show_no_pack
from pages.parts.overlay import show_overlay
from pages.parts.take import offer_rows
from pages.parts.terms import help_on

COUNT = 5
_LAID = "laid over"


@dataclass(frozen=True, eq=False)
class Alike:
    """A record of a pack that lies near, with its signal and the names of its labels."""

    near: Neighbour
    record: Record
    labels: tuple[str, ...]


def show_similar(case: Case) -> None:
    """Show the records of a chosen pack that the model takes for most like this one."""
    root = data_root()
    packs = {path.name: path for path in find_packs(root)}
    if not packs:
        show_no_pack("look for similar ECGs in")
        return
    folders = {name: embeddings_folder(root, path, case.card.sha256) for name, path in packs.items()}
    names = sorted(packs, key=lambda name: (not folders[name].is_dir(), name))  # those that were read come first
    name = st.selectbox(
        "Pack", names, format_func=plain_text, key="similar", bind="query-params", width=320,
        help=help_on("Similar ECGs"),
    )  # fmt: skip
    folder = folders[name]
    if not offer_embedding(root, packs[name], case.card.folder, folder):
        return
    alike = case.asked("similar", "Looking for similar ECGs", lambda: _alike(case, packs[name], folder), name)
    if alike is not None:
        _show(case.record, alike, name)


def _alike(case: Case, path: Path, folder: Path) -> list[Alike]:
    """Give the nearest records of a pack.

    Raises:
        CorpusError: the pack has changed since it was embedded.
    """
    pack, manifest = open_pack(path), case.card.manifest
    vector = service().embedding(case.card.folder, case.record)
    near = neighbours(pack, open_embeddings(folder), vector, COUNT, case.record.digest, manifest.training.seen)
    names = dict(zip(manifest.labels.codes, manifest.labels.names, strict=True))
    return [Alike(one, _record(pack, one), _labels(one, manifest.labels.label_set, names)) for one in near]


def _labels(near: Neighbour, label_set: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Give the labels of a record in words, the model's own where its label set has words for them."""
    try:
        classes = load_label_set(label_set)
    except CorpusError:
        return tuple(names.get(code) or code_name(code) or code for code in near.codes)
    places = {code: classes.index(code) for code in near.codes}
    return tuple((code_name(code) or code) if at is None else classes.names[at] for code, at in places.items())


def _record(pack: Pack, near: Neighbour) -> Record:
    scale = float(pack.table["scale_mv"].iloc[near.row])
    return Record(
        name=near.key.rsplit("/", 1)[-1],
        signal=pack.signal(near.row),
        rate=pack.rate,
        leads=pack.leads,
        units=dict.fromkeys(pack.leads, "file"),
        lsb_mv=(scale,) * len(pack.leads),
        age=None,
        sex=None,
        format="pack",
        codes=near.codes,
        issues=(),
    )


def _show(record: Record, alike: list[Alike], pack: str) -> None:
    st.caption(
        f"The {len(alike)} nearest of {shown_name(pack)}, this recording and its patient left out; II, V1, V5, 5 s."
    )
    columns = st.columns(max(len(alike), 1), gap="small")
    for place, (column, one) in enumerate(zip(columns, alike, strict=False)):
        with column:
            _show_one(place, one)
    offer_rows(
        "similar ECGs",
        [
            {
                "pack": one.near.pack,
                "record": one.near.key,
                "similarity": one.near.similarity,
                "labels": "; ".join(one.labels),
                "seen in training": one.near.seen,
            }
            for one in alike
        ],
    )
    chosen = st.session_state.get(_LAID)
    found = next((one for one in alike if (one.near.pack, one.near.row) == chosen), None)
    if found is not None:
        show_overlay(record, found.record)


def _show_one(place: int, one: Alike) -> None:
    words = ", ".join(map(shown_name, one.labels)) or "no label"
    st.plotly_chart(
        thumbnail_figure(one.record.signal, one.record.rate, one.record.leads),
        key=f"alike {place}",
        theme=None,
        config={"displayModeBar": False, "staticPlot": True},
        alt=f"Leads II, V1 and V5 of {plain_text(one.near.key)}, labelled {', '.join(one.labels) or 'nothing'}.",
    )
    st.markdown(f"**{one.near.similarity:.2f}** {shown_name(one.record.name)}  \n{words}")
    if one.near.seen:
        st.badge("seen in training", color="orange", icon=":material/school:")
    st.button(
        "Lay over", key=f"lay over {place}", on_click=_lay, args=(one.near.pack, one.near.row),
        help="Both on one sheet, aligned on a beat.", icon=":material/layers:",
    )  # fmt: skip


def _lay(pack: str, row: int) -> None:
    st.session_state[_LAID] = None if st.session_state.get(_LAID) == (pack, row) else (pack, row)
