"""A setting with a value that cannot be is answered in plain words, and not in those of a library."""

import pytest

from ecgssl_core.errors import SettingsError
from ecgssl_core.settings import load_preset, override


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("training.epochs=two", "The setting training.epochs is 'two': it is not a whole number."),
        ("training.epochs=2.5", "The setting training.epochs is 2.5: it is not a whole number."),
        ("training.epochs=0", "The setting training.epochs is 0: it must be at least 1."),
        ("optimiser.rate=fast", "The setting optimiser.rate is 'fast': it is not a number."),
        (
            "input.log_spectrogram=perhaps",
            "The setting input.log_spectrogram is 'perhaps': it is neither true nor false.",
        ),
        ("modality=sound", "The setting modality is 'sound': it may be 'time' or 'spectrogram'."),
    ],
)
def test_what_is_wrong_with_a_value_is_said_in_plain_words(word: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        override(load_preset("quick-time"), [word])
    assert str(caught.value) == sentence
