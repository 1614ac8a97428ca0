"""Real recordings that the printed sheets are made of."""

from collections.abc import Callable

import pytest

from ecgssl_core.records import Record
from tests.printed import made


@pytest.fixture(scope="session")
def example() -> Callable[..., Record]:
    """Give a function from the name of a file in examples/, or in another folder, to the record in it."""
    return made.example
