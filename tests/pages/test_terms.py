"""The words of the field have one place, and the pages link to it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.terms import help_on, terms

ROOT = Path(__file__).parents[2]


def test_every_term_is_one_sentence_and_more_behind_a_link() -> None:
    for term, sentence in terms().items():
        assert "\n" not in sentence, term
        assert 20 < len(sentence) < 200, term
    assert help_on("k-NN probe").endswith("[More](terms#k-nn-probe)")


def test_a_term_that_nobody_explained_is_not_linked() -> None:
    with pytest.raises(KeyError):
        help_on("no such word")


def test_the_page_has_a_heading_for_each_term() -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "terms.py")).run()
    assert not page.exception
    assert all(f"### {term}\n" in page.markdown[0].value for term in terms())
