"""Codes in words."""

from ecgssl_core.corpus.code_names import code_name
from ecgssl_core.corpus.labels import load_label_set


def test_a_code_that_is_no_class_has_a_name() -> None:
    assert code_name("164873001") == "left ventricular hypertrophy"
    assert code_name("429622005") == "st depression"
    assert code_name("nothing") is None


def test_every_class_of_the_challenges_has_a_name_there_too() -> None:
    assert all(code_name(code) for name in ("cinc2020", "cinc2021") for code in load_label_set(name).codes)
