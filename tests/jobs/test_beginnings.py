"""Kinds of pretraining side by side: presets or finished runs, once for all folds where they see other packs alone."""

from pathlib import Path

import pytest

from ecgssl_core.errors import SettingsError
from ecgssl_core.jobs.arms import arm_settings, families, pretraining_preset
from ecgssl_core.jobs.beginnings import Beginning, read_beginnings
from ecgssl_core.jobs.plan import Asked, Part, plan_crossval
from ecgssl_core.runs import create_run
from ecgssl_core.settings import load_preset, override

TWO = ("oh2022-small", "no-rlm=oh2022-small views.lead_masking=false")


def plan(*arms: str, **asked: object) -> list[Part]:
    known = {
        "folds": (0, 1),
        "seeds": (0, 1),
        "family": "oh2022-small",
        "beginnings": read_beginnings(TWO, ()),
        "external": True,
        "unlabelled": (Path("/packs/other"),),
    }
    return plan_crossval(Asked(Path("/packs/one"), **{**known, **asked}), arms)  # type: ignore[arg-type]


def test_each_kind_is_pretrained_once_a_seed_and_serves_all_folds() -> None:
    parts = plan("T", "SSL-T", "SSL-T-linear", "random-T-attention")
    before = [part for part in parts if part.verb == "pretrain"]
    assert [part.name for part in before] == [
        f"pretrain {kind} seed {seed}" for seed in (0, 1) for kind in ("w2v_cmsc+rlm", "no-rlm")
    ]
    for part in before:
        data = part.settings.data
        assert (data.fold, data.exposure, data.unlabelled) == (-1, "external_pure", ("/packs/other",))
    assert [part.settings.views.lead_masking for part in before[:2]] == [True, False]
    after = [part for part in parts if part.verb == "finetune"]
    assert len(after) == 2 * 2 * (1 + 2 + 2 + 1)
    assert {part.settings.arm.replace("SSL-", "").replace("random-", "") for part in after} >= {"T", "T-attention"}
    needing = [part for part in after if part.needs]
    assert {part.settings.data.exposure for part in needing} == {"external_pure"}
    assert all(part.needs == (f"pretrain {part.settings.data.begun} seed {_seed(part)}",) for part in needing)


def _seed(part: Part) -> int:
    return part.settings.training.seed


def test_each_row_of_a_table_says_which_pretraining_and_which_leads() -> None:
    parts = plan("T", "SSL-T-linear", folds=(0,), seeds=(0,), lead_sets=((), ("I", "II")), shares=(0.01, 1.0))
    arms = []
    for part in parts:
        data = part.settings.data.model_copy(update={"encoders": ("run",) * len(part.needs)})
        arms.append(part.settings.model_copy(update={"data": data}).arm)
    kinds = ["T", "SSL-T-linear w2v_cmsc+rlm", "SSL-T-linear no-rlm"]
    assert sorted(arms) == sorted([*["pretrain-w2v_cmsc"] * 2, *kinds * 2, *[f"{kind} on I,II" for kind in kinds] * 2])
    assert len({part.name for part in parts}) == len(parts) == 2 + 3 * 4


def test_without_other_packs_nothing_can_be_pretrained_outside_of_this_one() -> None:
    with pytest.raises(SettingsError, match="--unlabelled"):
        plan("SSL-T", unlabelled=())


def test_without_that_word_each_fold_has_pretrainings_of_its_own() -> None:
    parts = plan("SSL-T", external=False, seeds=(0,))
    assert [part.settings.data.fold for part in parts if part.verb == "pretrain"] == [0, 0, 1, 1]


def test_a_kind_trains_one_encoder_and_no_arm_of_two_begins_from_it() -> None:
    with pytest.raises(SettingsError, match="SSL-TSG cannot begin from"):
        plan("SSL-TSG")


def test_finished_pretrainings_serve_their_seeds_and_a_single_one_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECGSSL_DATA", str(tmp_path))
    settings = load_preset("oh2022-small-w2v")
    first, second = (create_run(override(settings, [f"training.seed={seed}"])).name for seed in (0, 1))
    both, one = read_beginnings([f"{second},{first}", f"single={second}"], ())
    assert both == Beginning("w2v+rlm", "time", None, {0: first, 1: second})
    assert [one.run_for(seed) for seed in (0, 1, 2)] == [second] * 3
    with pytest.raises(SettingsError, match="seed 2"):
        both.run_for(2)
    parts = plan("SSL-T", beginnings=(both,), folds=(0,))
    assert [(part.verb, part.settings.data.encoders) for part in parts] == [
        ("finetune", (first,)),
        ("finetune", (second,)),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("oh2022-small", "oh2022-small local.negatives=50"), "Two pretrainings"),
        (("oh2022-small-dx",), "is no pretraining"),
        (("oh2022-small nonsense=3",), "no setting"),
        (("a b=oh2022-small",), "no preset"),
        (("a/b=oh2022-small",), "no name for tables"),
    ],
)
def test_what_names_no_kind_of_pretraining_is_refused(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read_beginnings(words, ())


def test_families_find_their_presets() -> None:
    assert {"quick", "phan2022", "oh2022", "oh2022-small"} <= set(families())
    assert pretraining_preset("quick", "time") == "quick-time"
    assert pretraining_preset("oh2022-small", "time") == "oh2022-small"
    assert arm_settings("SSL-T", "oh2022-small", []).preset == "oh2022-small-dx"
    assert arm_settings("random-T-linear", "oh2022-small", []).preset == "oh2022-small-probe"
    assert arm_settings("SSL-T-linear", "oh2022", []).preset == "oh2022-dx"
    assert arm_settings("SSL-T-linear", "quick", []).preset == "quick-tsg"
