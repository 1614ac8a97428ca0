"""Which runs a sweep is made of, and in which order."""

from pathlib import Path

import pytest

from ecgssl_core.errors import SettingsError
from ecgssl_core.jobs.arms import ARMS, arm_settings, modalities_pretrained
from ecgssl_core.jobs.plan import Asked, plan_ablation, plan_crossval

ASKED = Asked(Path("/packs/one"), folds=(0, 3), seeds=(0, 1), unlabelled=(Path("/packs/two"),))


@pytest.mark.parametrize("arm", [*ARMS, "SSL-T-linear", "SSL-TSG-attention", "random-TSC-linear", "random-S-attention"])
def test_an_arms_name_and_its_settings_say_the_same(arm: str) -> None:
    settings = arm_settings(arm, "quick", [])
    if modalities_pretrained(arm):
        part = settings.data.model_copy(update={"encoders": ("RUN",)})
        settings = settings.model_copy(update={"data": part})
    assert settings.arm == arm


@pytest.mark.parametrize("arm", ["TS", "SSL-", "random-T", "T-quadratic", "ssl-t"])
def test_a_wrong_arm_names_the_nearest(arm: str) -> None:
    with pytest.raises(SettingsError, match="There is no arm"):
        arm_settings(arm, "quick", [])


def test_every_pretraining_stands_once_and_before_what_needs_it() -> None:
    parts = plan_crossval(ASKED, ("T", "SSL-T", "SSL-TSG"))
    names = [part.name for part in parts]
    assert len(set(names)) == len(names) == 2 * 2 * (3 + 2)
    for place, part in enumerate(parts):
        assert all(names.index(need) < place for need in part.needs)
    fused = next(part for part in parts if part.name == "SSL-TSG fold 3 seed 1 labels 1")
    assert fused.needs == ("pretrain time fold 3 seed 1", "pretrain spectrogram fold 3 seed 1")
    before = next(part for part in parts if part.name == fused.needs[0])
    assert (before.settings.data.fold, before.settings.training.seed) == (3, 1)
    assert before.settings.data.unlabelled == ("/packs/two",)


def test_encoders_that_are_there_already_serve_all_folds() -> None:
    asked = Asked(Path("/packs/one"), folds=(0, 1), seeds=(0,), encoders={"spectrogram": "B", "time": "A"})
    parts = plan_crossval(asked, ("TSG", "SSL-TSG", "SSL-S"))
    assert [part.verb for part in parts] == ["finetune"] * 6
    assert [part.settings.data.encoders for part in parts] == [(), ("A", "B"), ("B",)] * 2


def test_an_arm_without_one_of_its_encoders_is_refused() -> None:
    asked = Asked(Path("/packs/one"), folds=(0,), seeds=(0,), encoders={"time": "A"})
    with pytest.raises(SettingsError, match="needs a spectrogram encoder"):
        plan_crossval(asked, ("SSL-TSG",))


def test_one_pretraining_may_serve_all_seeds() -> None:
    asked = Asked(Path("/packs/one"), folds=(0,), seeds=(0, 1, 2), pretrain_seed=7)
    pretrainings = [part for part in plan_crossval(asked, ("SSL-S",)) if part.verb == "pretrain"]
    assert [part.settings.training.seed for part in pretrainings] == [7]


def test_choices_and_shares_multiply_but_not_for_baselines() -> None:
    asked = Asked(Path("/p"), folds=(0,), seeds=(0,), shares=(0.1, 1.0), choose="optimiser.rate=1e-3,5e-3")
    parts = plan_crossval(asked, ("T", "prevalence"))
    assert len(parts) == 4 + 2
    assert {part.settings.optimiser.rate for part in parts[:4]} == {1e-3, 5e-3}
    assert {part.settings.data.label_share for part in parts} == {0.1, 1.0}


@pytest.mark.parametrize("choose", ["optimiser.rate", "optimiser.rat=1,2"])
def test_a_choice_of_no_setting_is_refused(choose: str) -> None:
    with pytest.raises(SettingsError, match=r"part\.name=value"):
        plan_crossval(Asked(Path("/p"), folds=(0,), seeds=(0,), choose=choose), ("T",))


def test_nothing_to_do_is_said() -> None:
    with pytest.raises(SettingsError, match="empty"):
        plan_crossval(Asked(Path("/p"), folds=(0,), seeds=(0,)), ())


def test_the_ablation_switches_each_transformation_alone_and_both() -> None:
    asked = Asked(Path("/p"), folds=(0,), seeds=(0,))
    parts = [part for part in plan_ablation(asked, ("time", "spectrogram"), masking=True) if part.verb == "pretrain"]
    series = [(part.settings.views.time.cutout, part.settings.views.time.noise) for part in parts[:5]]
    assert series == [(False, False), (True, False), (False, True), (True, True), (False, False)]
    image = [part.settings.views.spectrogram for part in parts[5:]]
    assert [(one.cutout, one.frequency_cutout) for one in image[:4]] == [
        (False, False),
        (True, False),
        (False, True),
        (True, True),
    ]
    assert [part.settings.views.lead_masking for part in parts] == [False] * 4 + [True] + [False] * 4 + [True]


def test_a_source_is_held_out_of_pretraining_and_fine_tuning_alike() -> None:
    asked = Asked(Path("/packs/one"), folds=(0,), seeds=(0,), sources=("ptb", "georgia"))
    parts = plan_crossval(asked, ("T", "SSL-T"))
    names = [part.name for part in parts]
    assert len(names) == len(set(names)) == 6
    assert all(part.name.endswith(f"without {part.settings.data.source}") for part in parts)
    needing = [part for part in parts if part.needs]
    assert [part.needs for part in needing] == [
        ("pretrain time fold 0 seed 0 without ptb",),
        ("pretrain time fold 0 seed 0 without georgia",),
    ]
    assert all(need in names for part in needing for need in part.needs)
