"""A released model as the Models page shows it: whole or not, what it reads, what it knows, how it scored."""

from typing import Any

import pandas as pd
import streamlit as st

from ecgssl_core.inference.card import BundleCard, verify_card
from pages.parts.names import shown_name
from pages.parts.scored import METRICS


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


def show_figures(card: BundleCard) -> None:
    """Show the few numbers by which a model is known."""
    spec, training = card.manifest.spec, card.manifest.training
    figures = {
        "Arm": training.arm,
        "Classes": str(len(card.manifest.labels.codes)),
        "Leads": str(len(spec.leads)),
        "Window": f"{spec.window / spec.rate:g} s",
        "Size": f"{card.size / 1e6:.1f} MB",
    }
    with st.container(horizontal=True, gap="large"):
        for label, value in figures.items():
            st.metric(label, value, width="content")


def show_scores(card: BundleCard) -> None:
    """Show what the model scored on records that nothing had seen, with intervals."""
    scores = card.manifest.scores
    parts = {f"Fold {scores.get('fold', '?')}": scores.get("test"), "All folds pooled": scores.get("pooled")}
    for title, found in parts.items():
        if not found:
            continue
        rows = [_score(key, found[key]) for key in METRICS if key in found]
        st.markdown(f"**{title}**, {found.get('classes_counted', '?')} classes in the macro means")
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            column_config={name: st.column_config.NumberColumn(format="%.3f") for name in ("value", "low", "high")},
            alt=f"{title}: metrics with 95 % intervals.",
        )
    st.caption("low and high: 95 % interval from a bootstrap over patients.")


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
    st.caption(f"Thresholds: {shown_name(manifest.decision.rule, longest=300)}")


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


def _score(key: str, found: dict[str, Any]) -> dict[str, Any]:
    name, meaning = METRICS[key]
    return {"metric": name, "value": found["value"], "low": found["low"], "high": found["high"], "what it is": meaning}
