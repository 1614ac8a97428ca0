"""Inside the card of a run: how healthy it is, its curves as they grow, the end of its log, its settings."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ecgssl_core.evaluation.collapse import health_of
from ecgssl_core.plots.curves import PANEL_TITLES, curve_figure
from ecgssl_core.runs import RunDir, differing
from ecgssl_core.settings import Settings, load_preset, preset_names, settings_text
from pages.parts.names import shown_name

CURVES = (
    *("loss", "local_loss", "global_loss", "local_accuracy", "codes_in_use", "alike_own"),
    *("teacher_entropy", "kl_to_uniform", "feature_rank", "alike", "nearest_right", "knn_auroc"),
    *("auroc", "auprc", "rate", "seconds"),
)
COLUMNS = 3
TABS = ("Curves", "Log", "Settings")


def show_details(run: RunDir, settings: Settings) -> None:
    """Draw what a run has written so far."""
    tab = st.segmented_control("Show", TABS, default=TABS[0], required=True, key=f"tab {run.name}")
    if tab == "Log":
        _log(run)
    elif tab == "Settings":
        _settings(run, settings)
    else:
        _curves(run, settings)


def _curves(run: RunDir, settings: Settings) -> None:
    metrics = run.metrics()
    if settings.pretrains and metrics:
        _health(metrics, settings)
    names = [name for name in CURVES if any(name in line for line in metrics)]
    if not names:
        st.caption("No curve yet: the first point comes with the first epoch.")
        return
    for start in range(0, len(names), COLUMNS):
        for column, name in zip(st.columns(COLUMNS), names[start : start + COLUMNS], strict=False):
            with column:
                _curve(run, metrics, name)
    lines = "".join(f"{json.dumps(line)}\n" for line in metrics)
    st.download_button("Curves as JSON lines", lines, f"{run.name}.jsonl", key=f"jsonl {run.name}", on_click="ignore")


def _curve(run: RunDir, metrics: Sequence[Mapping[str, Any]], name: str) -> None:
    title = PANEL_TITLES.get(name, name)
    last = next((line[name] for line in reversed(metrics) if isinstance(line.get(name), int | float)), None)
    now = f", now {last:.4g}" if last is not None else ""
    st.plotly_chart(
        curve_figure(metrics, [name]),
        key=f"curve {run.name} {name}",
        config={"displayModeBar": False},  # on a narrow screen it would lie over the title
        alt=f"Curve of {title} over the steps{now}.",
    )


def _health(metrics: Sequence[Mapping[str, Any]], settings: Settings) -> None:
    """Say in a plain sentence whether teacher and features look as if they had collapsed."""
    part = settings.distillation
    health = health_of(metrics, part.prototypes, part.collapse_epochs)
    if health is None:
        return
    if health.sign is None:
        st.success(health.sentence, icon=":material/monitor_heart:")
    else:
        st.warning(health.sentence, icon=":material/heart_broken:")


def _log(run: RunDir) -> None:
    st.code(run.last_words(60) or "Nothing was printed yet.", language=None, wrap_lines=True, height=260)
    there = run.log.exists()
    log: Any = run.log.read_bytes if there else ""
    st.download_button(
        "Whole log", log, f"{run.name}.log", key=f"log {run.name}", disabled=not there, on_click="ignore"
    )


def _settings(run: RunDir, settings: Settings) -> None:
    name = settings.preset
    if name in preset_names():
        found = differing({"preset": load_preset(name), "run": settings})
        rows = [
            {"setting": key, "here": _said(values["run"]), "in the preset": _said(values["preset"])}
            for key, values in found.items()
            if not key.startswith("data.")
        ]
        if rows:
            st.dataframe(rows, key=f"differs {run.name}", alt="Settings that differ from the preset")
        else:
            st.caption(f"Exactly the preset {shown_name(name)}.")
    text = settings_text(settings)
    st.download_button("Settings as TOML", text, f"{run.name}.toml", key=f"toml {run.name}", on_click="ignore")
    words = run.words()
    if words:
        st.caption(f"Verb: {shown_name(words[0])}. Everything that decides the run stands in the file.")


def _said(value: Any) -> str:
    return json.dumps(value)
