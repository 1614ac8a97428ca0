"""Corpora: look into a folder, pack it, and see what a pack holds, how it is divided, and what was refused."""

import streamlit as st

from ecgssl_core.corpus.pack import find_packs, open_pack
from ecgssl_core.corpus.source import find_folders
from ecgssl_core.errors import CorpusError
from ecgssl_core.runs import data_root
from pages.parts.corpus_table import show_classes, show_people, show_refused, show_sources, show_together
from pages.parts.downloading import show_downloads, show_sources_to_download
from pages.parts.fold_view import show_folds
from pages.parts.keys import PACK
from pages.parts.packing import show_folder, show_packings
from pages.parts.pending import leave
from pages.parts.survey_table import show_counts

st.title("Corpora")
st.caption(
    "A corpus is a folder of ECG records. A pack is that corpus made ready: the same leads and one rate, in millivolts."
)

root = data_root()
folders, packs = find_folders(root), find_packs(root)
show_downloads(root)
show_packings(root)

with st.expander("Download a corpus", icon=":material/cloud_download:"):
    show_sources_to_download(root)
with st.expander("Look into a folder, and pack it", expanded=not packs, icon=":material/inventory_2:"):
    if folders:
        show_folder(root, folders)
    else:
        st.info(
            "There is no folder of records yet. Download a corpus above, or put a folder of ECG files, or a link to "
            "one, into the data folder."
        )
        st.code(str(root), language=None)

if not packs:
    st.info("There is no pack yet. Choose a folder above and pack it.")
    leave()

names = [path.name for path in packs]
name = st.selectbox("Pack", names, key=PACK, bind="query-params", help="A folder in `packs` of the data folder.")
try:
    pack = open_pack(root / "packs" / name)
except CorpusError as error:
    st.error(str(error))
    leave()

show_sources(pack)
titles = ["Classes", "Together", "People", "Files", "Folds and leaks", f"Refused ({len(pack.refused)})"]
classes, together, people, files, folds, refused = st.tabs(titles)
with classes:
    show_classes(pack)
with together:
    show_together(pack)
with people:
    show_people(pack)
with files:
    show_counts(pack.survey, "pack")
with folds:
    show_folds(pack)
with refused:
    show_refused(pack)
