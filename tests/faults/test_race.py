"""Agents pick up just as their ring is cancelled, again and again: nobody is lost, rung twice or left behind."""

from pathlib import Path

import pytest

from bench.race.referee import judge
from bench.race.run import RACE, Rules, journal_of, race
from bench.sides import ours
from tests.acceptance.live import LONG

RACES = 60

pytestmark = pytest.mark.real


async def test_answers_that_cross_a_cancel_cost_neither_a_seat_nor_a_caller(tmp_path: Path) -> None:
    async with ours(tmp_path / "race", RACE) as side:
        found = judge(await race(side, Rules(RACES, seconds=120, forgotten=LONG), lambda side, crossed: None))
        journal = await journal_of(side)
    assert found.races >= RACES, found
    assert found.raced_the_limit > 0, found
    assert found.raced_the_caller > 0, found
    assert found.faults == 0, found
    assert (journal.calls, journal.calls_not_ended) == (found.calls, 0)
    assert journal.lines >= found.rings
    assert (journal.lines_not_ended_once, journal.answered_after_its_end) == (0, 0)
