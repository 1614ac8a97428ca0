"""Names from files, shown where Markdown is read."""

import pytest

from pages.parts.names import plain_text, shown_name


@pytest.mark.parametrize(
    "text", ["[x](javascript:alert)", "![x](http://far/x.png)", "$x^2$", "<b>x</b>", ":red[x]", "**x**", "`x`", "a|b"]
)
def test_nothing_in_a_name_is_markup(text: str) -> None:
    shown = shown_name(text)
    assert shown.replace("\\", "") == text
    marks = [place for place, letter in enumerate(shown) if letter in "[]()$<>:*`|!"]
    assert all(shown[place - 1] == "\\" for place in marks)


def test_a_backslash_does_not_free_what_follows() -> None:
    assert shown_name("\\[x]") == "\\\\\\[x\\]"


@pytest.mark.parametrize("strange", ["\n", "\x00", "\u202e", "\u2028", "\u200b", "\t"])
def test_control_letters_and_changes_of_direction_are_seen(strange: str) -> None:
    assert plain_text(f"a{strange}b") == "a␣b"
    assert shown_name(f"a{strange}b") == "a␣b"


def test_a_long_name_is_cut() -> None:
    assert len(shown_name("a" * 500)) == 60
    assert shown_name("a" * 500).endswith("…")
    assert shown_name("ä b") == "ä b"
