"""What the presets of Oh et al. 2022 switch on and off, read from the files as they ship."""

from importlib.resources import files

import pytest

from ecgssl_core.methods.pretraining import find_method
from ecgssl_core.settings import Settings, load_preset, preset_names

# what the paper leaves open: the setting, its value in the paper's preset, and where it helps
SWITCHES = {
    "encoder.presence": (False, True),
    "views.lead_least": (0, 1),
    "views.lead_count": ("each", "uniform"),
    "local.mask_count": ("least of batch", "fixed"),
    "local.choice_decay": (0.999995, 1.0),
    "local.all_leads": (False, True),
    "contrast.true_cosine": (False, True),
    "contrast.gather": (False, True),
}
COMPARATORS = ("w2v", "cmsc", "simclr", "byol", "3kg", "cpc")
METHODS = {"w2v_cmsc", "w2v", "cmsc", "simclr", "byol", "three_kg", "cpc"}


def value(settings: Settings, name: str) -> object:
    part, _, key = name.partition(".")
    return getattr(getattr(settings, part), key)


@pytest.mark.parametrize("name", SWITCHES)
def test_what_the_paper_leaves_open_is_off_in_its_preset_and_on_in_the_small(name: str) -> None:
    assert (value(load_preset("oh2022"), name), value(load_preset("oh2022-small"), name)) == SWITCHES[name]


@pytest.mark.parametrize("family", ["oh2022", "oh2022-small"])
@pytest.mark.parametrize("end", COMPARATORS)
def test_a_comparator_differs_from_its_family_in_objective_and_views_alone(family: str, end: str) -> None:
    whole, other = (load_preset(name).model_dump() for name in (family, f"{family}-{end}"))
    differing = {key for key in whole if whole[key] != other[key]}
    assert differing <= {"preset", "method", "views", "encoder"}
    assert {key for key in whole["encoder"] if whole["encoder"][key] != other["encoder"][key]} <= {"causal"}
    assert other["views"]["lead_masking"] is True  # --set views.lead_masking=false leaves all leads


def test_each_objective_has_one_file_and_one_preset_of_each_size() -> None:
    methods = {name: load_preset(name).method for name in preset_names() if name.startswith("oh2022")}
    for small in (False, True):
        own = [method for name, method in methods.items() if name.startswith("oh2022-small") is small]
        assert {method: own.count(method) for method in METHODS} == dict.fromkeys(METHODS, 1)
    places = {find_method(method).__module__ for method in METHODS}
    assert places == {f"ecgssl_core.methods.{method}" for method in METHODS}


def test_the_paper_s_preset_has_the_paper_s_values() -> None:
    settings = load_preset("oh2022")
    assert (settings.input.rate, settings.input.window, settings.input.standardise) == (500.0, 2500, False)
    assert (settings.views.lead_masking, settings.views.lead_keep, settings.views.time.adjacent) == (True, 0.5, True)
    assert (settings.encoder.width, settings.encoder.layers, settings.encoder.heads) == (768, 12, 12)
    part = settings.local
    assert (part.mask_share, part.mask_frames, part.negatives, part.groups, part.entries) == (0.65, 10, 100, 2, 320)
    assert (part.temperature, part.diversity, part.penalty, settings.contrast.temperature) == (0.1, 0.1, 10.0, 0.1)
    rate = settings.optimiser
    assert (rate.rate, rate.final_rate, rate.warmup_epochs, rate.second_moment, rate.epsilon, rate.weight_decay) == (
        *(5e-5, 5e-5, 0, 0.98, 1e-6),
        0.01,
    )
    assert (settings.training.batch, settings.training.epochs) == (512, 200)


def test_every_preset_is_a_short_file_that_says_what_it_is() -> None:
    for name in preset_names():
        if name.startswith("oh2022"):
            lines = (files("ecgssl_core") / "presets" / f"{name}.toml").read_text().splitlines()
            assert lines[0].startswith("# "), name
            assert len(lines) < 50, name
