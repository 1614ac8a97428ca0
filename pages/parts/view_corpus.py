"""What the transformations do over a hundred records of a corpus."""

from ecgssl_core.settings import Settings


def show_corpus(settings: Settings) -> None:
    """Draw it."""
    assert settings
