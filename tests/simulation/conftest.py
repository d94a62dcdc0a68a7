from collections.abc import Iterator

import pytest

from tests.simulation.stories import Story
from tests.simulation.world import acme

HOTLINE = acme()


@pytest.fixture
def story() -> Iterator[Story]:
    """A hotline in which, when the test is over, everybody hangs up and nothing may be left."""
    told = Story(HOTLINE)
    yield told
    told.end()
