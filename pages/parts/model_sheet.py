"""A released model as the Models page shows it: whole or not, what it reads, what it knows, how it scored."""

from typing import Any

import pandas as pd
import streamlit as st

from ecgssl_core.inference.card import BundleCard, verify_card
from pages.parts.names import shown_name
from pages.parts.scored import METRICS
from pages.parts.table_file import offer_table
from pages.parts.terms import help_on


def show_integrity(card: BundleCard) -> bool:
    """Say whether every part is what was released; give whether it is."""
    problems = verify_card(card.folder)
    for problem in problems:
        st.error(shown_name(problem, longest=300), icon=":material/gpp_bad:")
    if not problems:
        st.success(
            f"Whole: the sha256 of {len(card.manifest.parts)} parts are those of the release. "
            f"Model `{card.sha256[:16]}`.",
            icon=":material/verified_user:",
        )
    return not problems


def card_words(card: BundleCard) -> str:
    """Give a card as the page shows it: without the table of classes, which is too wide for a phone and has a tab."""
    before, title, after = card.text.removeprefix(f"# {card.name}").partition("\n## Classes\n")
    section, more, rest = after.partition("\n## ")
    lines = [line for line in section.splitlines() if not line.startswith("|")]
    pointed = ["", "Support, AUROC and threshold of each class stand in the tab Classes."] if title else []
    return "\n".join([before + title, *pointed, *lines]) + more + rest


def show_figures(card: BundleCard) -> None:
    """Show the few numbers by which a model is known."""
    known = figures(card)
    with st.container(horizontal=True, gap="medium"):
        for label in ("Arm", "Classes", "Leads", "Window", "Size"):
            st.metric(label, known[label], width="content", help=help_on(label) if label in ("Arm", "Window") else None)


def figures(card: BundleCard) -> dict[str, str]:
    """Give what a model is, in words and numbers."""
    spec, training = card.manifest.spec, card.manifest.training
    return {
        "Arm": training.arm,
        "Classes": str(len(card.manifest.labels.codes)),
        "Leads": str(len(spec.leads)),
        "Window": f"{spec.window / spec.rate:g} s",
        "Size": f"{card.size / 1e6:.1f} MB",
        "Version": card.manifest.version,
        "Rate": f"{spec.rate:g} Hz",
        "Label set": card.manifest.labels.label_set,
        "Records seen": f"{len(training.seen):,}",
        "Ages": f"{training.ages[0]:g} to {training.ages[1]:g} years",
        "Gate, time : spectrogram": _gates(card),
    }


def show_scores(card: BundleCard) -> None:
    """Show what the model scored on records that nothing had seen, with intervals."""
    for title, found in _parts(card).items():
        rows = pd.DataFrame([_score(key, found[key]) for key in METRICS if key in found])
        st.markdown(f"**{title}**, {found.get('classes_counted', '?')} classes in the macro means")
        st.dataframe(
            rows,
            hide_index=True,
            column_config={name: st.column_config.NumberColumn(format="%.3f") for name in ("value", "low", "high")},
            alt=f"{title}: metrics with 95 % intervals.",
        )
        offer_table(rows, f"{card.folder.name}-{'fold' if title.startswith('Fold') else 'pooled'}")
    if not _parts(card):
        st.info("The model carries no scores: nothing says how it does on new records.")
        return
    st.caption("low and high: 95 % interval from a bootstrap over patients.")


def score_rows(card: BundleCard) -> list[dict[str, Any]]:
    """Give the metrics of all folds pooled, or of the one fold that was scored, each with its interval."""
    parts = list(_parts(card).values())
    return [_score(key, parts[-1][key]) for key in METRICS if parts and key in parts[-1]]


def show_classes(card: BundleCard) -> None:
    """Show each class with its threshold and how many positives the model learned from and was scored on."""
    manifest = card.manifest
    best = manifest.scores.get("pooled", manifest.scores).get("per_class", [])
    scored = {row["code"]: row for row in best}
    rows = [
        {
            "class": name,
            "code": code,
            "in training": support,
            "positives scored": scored.get(code, {}).get("positives"),
            "AUROC": scored.get(code, {}).get("auroc"),
            "threshold": threshold,
        }
        for name, code, support, threshold in zip(
            manifest.labels.names,
            manifest.labels.codes,
            manifest.training.support,
            manifest.decision.thresholds,
            strict=True,
        )
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={name: st.column_config.NumberColumn(format="%.3f") for name in ("AUROC", "threshold")},
        alt=f"{len(rows)} classes with positives, AUROC and threshold.",
    )
    offer_table(pd.DataFrame(rows), f"{card.folder.name}-classes")
    st.caption(f"Thresholds: {shown_name(manifest.decision.rule, longest=600)}", help=help_on("Threshold"))


def show_input(card: BundleCard) -> None:
    """Show what the model reads."""
    spec, training = card.manifest.spec, card.manifest.training
    frames = f"{spec.stft_window} samples, {spec.stft_overlap} overlapping"
    rows = {
        "Leads, in this order": ", ".join(spec.leads),
        "Rate": f"{spec.rate:g} Hz; other records are resampled",
        "Window": f"{spec.window} samples, {spec.window / spec.rate:g} s",
        "Step between windows": f"{spec.stride} samples, {spec.stride / spec.rate:g} s",
        "High-pass filter": f"{spec.highpass_hz:g} Hz, zero phase" if spec.highpass_hz else "none",
        "Spectrogram": f"Hann window of {frames}{', log(1 + 100 x)' if spec.log_spectrogram else ''}",
        "Modalities": ", ".join(card.manifest.classifier.modalities),
        "Ages in training": f"{training.ages[0]:g} to {training.ages[1]:g} years (98 %); others are not assessed",
        "Records seen": f"{len(training.seen):,}, pretraining included",
    }
    st.table({"what": list(rows), "value": list(rows.values())}, hide_index=True, hide_header=True, border="horizontal")


def _parts(card: BundleCard) -> dict[str, dict[str, Any]]:
    scores = card.manifest.scores
    parts = {f"Fold {scores.get('fold', '?')}": scores.get("test"), "All folds pooled": scores.get("pooled")}
    return {title: found for title, found in parts.items() if found}


def _gates(card: BundleCard) -> str:
    gates = card.manifest.scores.get("gates")
    return " : ".join(f"{weight:.3f}" for weight in gates) if isinstance(gates, list) else "–"


def _score(key: str, found: dict[str, Any]) -> dict[str, Any]:
    name, meaning = METRICS[key]
    sentence = meaning.partition(" [More](")[0]  # a cell of a table holds no link
    return {"metric": name, "value": found["value"], "low": found["low"], "high": found["high"], "what it is": sentence}
