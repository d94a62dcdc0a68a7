"""Whether the formula tells what a queue would do, played caller by caller."""

import heapq
import random

import pytest

from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId, QueueName
from ivr_engine.model.notices import CallRecord
from ivr_engine.staffing import Load, forecast, load_of, seats_needed


def played(load: Load, seats: int, target: float, calls: int = 60_000) -> tuple[float, float, float]:
    """The shares served within the target and given up, and the mean wait; first come, first served."""
    chance = random.Random(7)
    now, in_time, gave_up, waited = 0.0, 0, 0, 0.0
    free = [0.0] * seats
    for _ in range(calls):
        now += chance.expovariate(load.arrivals)
        wait, patience = max(0.0, free[0] - now), chance.expovariate(1 / load.patience)
        waited += min(wait, patience)
        if wait > patience:
            gave_up += 1
            continue
        in_time += wait <= target
        heapq.heapreplace(free, now + wait + chance.expovariate(1 / load.handling))
    return in_time / calls, gave_up / calls, waited / calls


@pytest.mark.parametrize(
    ("load", "seats"),
    [
        (Load(0.1, 180, 120), 20),  # an ordinary hour
        (Load(0.1, 180, 120), 15),  # too few
        (Load(0.05, 200, 300), 8),  # patient callers
        (Load(1.0, 180, 100), 100),  # twice the calls a site can bear
        (Load(0.002, 60, 60), 1),
    ],
)
def test_the_formula_tells_what_a_played_queue_does(load: Load, seats: int) -> None:
    told = forecast(load, seats, 20)
    in_time, gave_up, waited = played(load, seats, 20)
    assert told.within == pytest.approx(in_time, abs=0.02)
    assert told.abandoned == pytest.approx(gave_up, abs=0.02)
    assert told.wait == pytest.approx(waited, rel=0.06, abs=0.3)


def test_the_fewest_seats_reach_the_target_and_one_less_does_not() -> None:
    load = Load(1.0, 180, 100)
    needed = seats_needed(load, 0.95, 20)
    assert needed is not None
    assert needed.within >= 0.95 > forecast(load, needed.seats - 1, 20).within


def test_extremes_are_answered_without_an_error() -> None:
    assert forecast(Load(0.0, 180, 100), 5, 20).within == 1.0
    assert forecast(Load(1.0, 180, 100), 0, 20).abandoned == 1.0
    assert forecast(Load(50.0, 300, 60), 10, 20).abandoned == pytest.approx(1 - 10 / 15_000, abs=1e-3)
    assert forecast(Load(0.001, 180, 100), 5_000, 20).within == pytest.approx(1.0)
    assert seats_needed(Load(1000.0, 300, 60), 0.95, 20) is None, "300,000 seats are no answer"


def test_a_load_is_measured_on_past_calls() -> None:
    def call(waited: float, talked: float | None) -> CallRecord:
        outcome = Outcome.ABANDONED_IN_QUEUE if talked is None else Outcome.ANSWERED
        connected = None if talked is None else 100 + waited
        ended = 100 + waited + (talked or 0)
        return CallRecord(
            CallId("c"), "4", "1", "normal", outcome, 90, ended, QueueName("q"), 100, connected_at=connected
        )

    records = [call(10, 50), call(20, 70), call(30, None)]
    assert load_of(records, 60, wrap_up=5) == Load(3 / 60, 65, 60)
    assert load_of([call(30, None)], 60, wrap_up=5) is None
    never_gave_up = load_of([call(10, 50)], 60, wrap_up=5)
    assert never_gave_up is not None
    assert never_gave_up.patience == 120
