"""What is kept of agents' time: each stretch once, with the call it belongs to, and nothing of who is not there."""

import asyncio
from itertools import count

import pytest

from ivr_engine import spans as spans_module
from ivr_engine.model.agents import Duty
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId
from ivr_engine.model.notices import AgentChanged, AnyNotice, Connected, Offered, OfferEnded
from ivr_engine.model.past import AgentSpan
from ivr_engine.spans import AgentSpans

CALL, QUEUE, LOCAL, SEAT = CallId("h-1.1"), QueueName("general"), PoolName("local"), SeatId("1001")
Kept = tuple[str, float, float, CallId | None, bool]


def changed(state: str, at: float, pool: PoolName = LOCAL) -> AgentChanged:
    return AgentChanged(SEAT, pool, at, state, Duty("on duty"))


def kept(*notices: AnyNotice, until: float | None = None) -> list[Kept]:
    found: list[AgentSpan] = []
    spans = AgentSpans(found.append)
    for notice in notices:
        spans.hear(notice)
    if until is not None:
        spans.keep_open(until)
    return [(one.state, one.since, one.until, one.call, one.missed) for one in found]


OFFER = Offered(CALL, 10.0, QUEUE, LOCAL, SEAT, overflow=False)


def test_a_call_from_the_first_ring_to_the_end_of_the_rest() -> None:
    notices: list[AnyNotice] = [
        changed("ready", 1.0),
        OFFER,
        changed("ringing", 10.0),
        changed("talking", 15.0),
        Connected(CALL, 15.5, QUEUE, LOCAL, SEAT, 5.5),
        changed("wrap-up", 60.0),
        changed("ready", 65.0),
    ]
    assert kept(*notices, until=70.0) == [
        ("ready", 1.0, 10.0, None, False),
        ("ringing", 10.0, 15.0, CALL, False),
        ("talking", 15.0, 60.0, CALL, False),
        ("wrap-up", 60.0, 65.0, CALL, False),
        ("ready", 65.0, 70.0, None, False),
    ]


def test_only_an_agent_who_could_have_taken_it_has_missed_a_call() -> None:
    for cause, missed in ((LegEnd.NO_ANSWER, True), (LegEnd.REJECTED, True), (LegEnd.LOST, False)):
        rung: list[AnyNotice] = [
            OFFER,
            changed("ringing", 10.0),
            OfferEnded(CALL, 20.0, SEAT, cause),
            changed("wrap-up", 20.0),
        ]
        assert kept(*rung) == [("ringing", 10.0, 20.0, CALL, missed)]


def test_who_is_not_at_work_is_not_kept() -> None:
    states = ("offline", "signed out", "offline", "paused", "gone")
    assert kept(*(changed(state, float(at)) for at, state in enumerate(states)), until=99.0) == [
        ("paused", 3.0, 4.0, None, False)
    ]


def test_a_change_of_orders_or_pools_begins_no_new_stretch_and_a_clock_put_back_keeps_none() -> None:
    other = PoolName("night")
    assert kept(changed("ready", 5.0), changed("ready", 5.0, other), until=9.0) == [("ready", 5.0, 9.0, None, False)]
    assert kept(changed("ready", 5.0), changed("paused", 4.0), changed("ready", 6.0)) == [
        ("paused", 4.0, 6.0, None, False)
    ]


async def test_what_lasts_is_kept_again_and_again_under_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans_module, "KEPT_EVERY_SECONDS", 0.0)
    found: list[AgentSpan] = []
    spans = AgentSpans(found.append)
    spans.hear(changed("ready", 5.0))
    clock = count(10)
    running = asyncio.create_task(spans.run(lambda: float(next(clock))))
    while len(found) < 2:
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [one.until for one in found][:3] == [10.0, 11.0, 12.0]  # the last when it was cancelled
    assert len({one.span for one in found}) == 1
