"""Two released models beside each other: what they read and know, what they scored, class by class."""

import pandas as pd
import streamlit as st

from ecgssl_core.inference.card import BundleCard, find_models, read_card
from pages.parts.model_sheet import figures, score_rows
from pages.parts.names import shown_name
from pages.parts.table_file import offer_table


def show_pair(card: BundleCard) -> None:
    """Let another model be chosen, and show both."""
    others = {path.name: path for path in reversed(find_models()) if path != card.folder}
    if not others:
        st.info("There is one model only. Import a second one, or release another run, to set two beside each other.")
        st.page_link("pages/train.py", label="Train a model", icon=":material/model_training:")
        return
    name = st.selectbox("Beside", sorted(others), key="beside", bind="query-params", help="The other model.")
    other = read_card(others[name])
    st.markdown("**What they are**")
    first, second = figures(card), figures(other)
    table = pd.DataFrame({"": list(first), card.folder.name: first.values(), name: second.values()})
    st.dataframe(table, hide_index=True, alt="What both models are.")
    st.markdown("**What they scored**")
    scores = _scores(card, other)
    st.dataframe(scores, hide_index=True, alt="Scores of both models, with 95 % intervals.")
    st.caption(_caveat(card, other))
    st.markdown("**Class by class**")
    classes = _classes(card, other)
    numbers = {column: st.column_config.NumberColumn(format="%.3f") for column in classes if "AUROC" in column}
    st.dataframe(classes, hide_index=True, column_config=numbers, alt="Support and AUROC of each class of both models.")
    with st.container(horizontal=True):
        offer_table(scores, f"{card.folder.name}-beside-{name}-scores", "Scores (CSV)")
        offer_table(classes, f"{card.folder.name}-beside-{name}-classes", "Classes (CSV)")


def _scores(card: BundleCard, other: BundleCard) -> pd.DataFrame:
    parts = [{row["metric"]: row for row in score_rows(one)} for one in (card, other)]
    names = list(dict.fromkeys(name for part in parts for name in part))
    columns = {
        one.folder.name: [_interval(part.get(name)) for name in names]
        for one, part in zip((card, other), parts, strict=True)
    }
    return pd.DataFrame({"metric": names, **columns})


def _interval(row: dict[str, object] | None) -> str:
    if row is None or row["value"] is None:
        return "–"
    return (
        f"{row['value']:.3f} [{row['low']:.3f}, {row['high']:.3f}]" if row["low"] is not None else f"{row['value']:.3f}"
    )


def _caveat(card: BundleCard, other: BundleCard) -> str:
    alike = card.manifest.labels.codes == other.manifest.labels.codes
    protocol = card.manifest.training.protocol == other.manifest.training.protocol
    records = card.manifest.scores.get("records") == other.manifest.scores.get("records")
    different = [
        what for what, same in (("classes", alike), ("protocol", protocol), ("numbers of records", records)) if not same
    ]
    if different:
        return f"Their {' and '.join(different)} differ, so these numbers say little of which model is better."
    return (
        "Same classes, protocol and numbers of records; a difference within the intervals is none. The Results page "
        "computes paired differences of runs."
    )


def _classes(card: BundleCard, other: BundleCard) -> pd.DataFrame:
    frames = []
    for one in (card, other):
        labels, name = one.manifest.labels, one.folder.name
        best = one.manifest.scores.get("pooled", one.manifest.scores).get("per_class", [])
        auroc = {row["code"]: row.get("auroc") for row in best}
        support = f"{shown_name(name)}: in training"
        frames.append(
            pd.DataFrame(
                {
                    "class": labels.names,
                    "code": labels.codes,
                    support: one.manifest.training.support,
                    f"{shown_name(name)}: AUROC": pd.Series([auroc.get(code) for code in labels.codes], dtype=float),
                }
            )
        )
    return frames[0].merge(frames[1], on=["class", "code"], how="outer", sort=False)
