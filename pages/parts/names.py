"""Names and texts from files, made fit to stand in Markdown."""

import re
import unicodedata

_LONGEST = 60
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")  # whatever of ASCII may mean something in Markdown


def shown_name(text: str, longest: int = _LONGEST) -> str:
    """Give a text from a file as plain words of Markdown: cut, without markup, strange characters as ␣."""
    short = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return _MARKUP.sub(r"\\\1", plain_text(short))


def plain_text(text: str) -> str:
    """Give a text with each control character, line break and change of direction shown as ␣."""
    return "".join("␣" if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} else letter for letter in text)
