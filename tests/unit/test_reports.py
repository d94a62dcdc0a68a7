"""Figures of a real database: who called again is found there, what was lacking is said, and no number gets out."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ivr_engine.dialplan.goal import Goal
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.errors import HotlineError, RefusedError
from ivr_engine.figures import Report
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId, SeatId, WishId
from ivr_engine.model.notices import CallRecord
from ivr_engine.model.past import AgentSpan, FiguresAsked
from ivr_engine.reports import Reports, report
from ivr_engine.store import database, rows
from ivr_engine.store.rows import SPANS_KEPT_SECONDS
from tests.simulation.world import acme

NOW = 1_800_000_000.0
HOUR = 3600.0
HOTLINE = acme()
QUEUE = next(iter(HOTLINE.queues))
POOL = HOTLINE.queues[QUEUE].pools[0]


def record(number: int, ago: float, caller: str, waited: float = 5.0, **changes: Any) -> CallRecord:
    at = NOW - ago
    whole = CallRecord(
        CallId(f"h-{number}.1"), "400", caller, "normal", Outcome.ANSWERED, at, at + waited + 60, QUEUE, at
    )
    whole = msgspec.structs.replace(whole, connected_at=at + waited, pool=POOL, seat=SeatId("1001"), offers=1)
    return msgspec.structs.replace(whole, **changes)


def span(number: int, ago: float, seconds: float, **changes: Any) -> AgentSpan:
    begin = NOW - ago
    whole = AgentSpan(f"1001@{begin}", SeatId("1001"), POOL, "wrap-up", begin, begin + seconds, CallId(f"h-{number}.1"))
    return msgspec.structs.replace(whole, **changes)


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'calls.sqlite'}"
    database.upgrade(url)
    return url


def put(store: str, *what: CallRecord | AgentSpan) -> None:
    engine = database.connect(store)
    rows.write(engine, list(what))
    engine.dispose()


def found(store: str, hotline: Hotline[Any] = HOTLINE, **asked: Any) -> Report:
    return report(store, hotline, FiguresAsked(**{"since": "2h", **asked}), NOW)


def test_who_called_before_and_after_is_found_outside_the_time_that_is_asked_for(store: str) -> None:
    ann, ben, cat = "13800000001", "13800000002", "13800000003"
    put(
        store,
        record(1, 70 * HOUR, ann),
        record(2, HOUR, ann),  # he called 69 hours ago
        record(3, HOUR, ben),
        record(4, 100, ben),
        record(5, 80 * HOUR, cat),
        record(6, HOUR, cat),  # 79 hours: another matter
        record(7, HOUR, ""),
        record(8, HOUR, ""),
        record(9, 50, cat, wish=WishId("w")),  # we called him
    )
    total = found(store).total
    assert total.calls == 6
    assert total.repeat_rate == 2 / 4
    assert (total.first_calls, total.resolved, total.resolved_so_far) == (2, None, 0.5)
    assert found(store, window="90h").total.repeat_rate == 3 / 4
    assert found(store, since="4d", until="1d").total.calls == 2  # and the later calls of both are known
    everything = msgspec.json.encode(found(store, by="agent")).decode()
    assert not any(caller in everything for caller in (ann, ben, cat))


def test_rest_and_missed_calls_are_those_of_the_call(store: str) -> None:
    put(
        store,
        record(1, HOUR, "138"),
        record(2, HOUR, "139"),
        span(1, HOUR - 65, 20.0),
        span(1, HOUR - 500, 4.0, state="ringing", missed=True),
    )
    total = found(store).total
    assert (total.talk_seconds, total.rest_seconds, total.handle_seconds) == (60, 20, 80)
    assert total.missed == 1
    assert total.signed_in_seconds == pytest.approx(24)


def test_what_agents_did_is_forgotten_after_a_quarter_of_a_year_and_a_repeat_replaces(store: str) -> None:
    put(store, span(1, SPANS_KEPT_SECONDS + HOUR, 10.0))
    put(store, span(2, HOUR, 10.0))
    put(store, span(2, HOUR, 30.0))
    assert found(store, since="365d").total.signed_in_seconds == pytest.approx(30)


def test_a_queue_that_misses_its_target_is_told_how_many_seats_it_lacked(store: str) -> None:
    late = [record(number, HOUR - number, f"138{number:08}", 100.0, ended_at=NOW + 700) for number in range(100)]
    put(store, *late, span(0, HOUR + 100, 1800.0, state="ready"))
    (said,) = found(store).shortages
    assert said.startswith(f"{QUEUE}: 0% within 20 s, 80% were promised. In the busiest hour, ")
    assert " with 100 calls, 80% needs " in said
    assert " more seats than the " in said
    plan = replace(HOTLINE.queues[QUEUE], goal=Goal(within=120.0))
    assert found(store, replace(HOTLINE, queues={**HOTLINE.queues, QUEUE: plan})).shortages == ()
    unhurried = msgspec.structs.replace(
        late[0], call=CallId("h-0.1"), connected_at=None, outcome=Outcome.ABANDONED_IN_QUEUE
    )
    put(store, *(msgspec.structs.replace(unhurried, call=one.call) for one in late))
    assert found(store).shortages[0].endswith("nobody was answered: how long a call takes is not known.")


def test_what_cannot_be_asked_is_refused(store: str) -> None:
    for asked in ({"since": "soon"}, {"since": "1h", "until": "2h"}, {"bands": "9,1"}, {"window": "x"}):
        with pytest.raises(RefusedError):
            found(store, HOTLINE, **asked)


async def test_an_engine_that_stops_does_not_wait_for_figures(store: str) -> None:
    put(store, record(1, HOUR, "138"))
    reports = Reports(store, lambda: HOTLINE, lambda: NOW)
    assert (await reports.figures(FiguresAsked(since="2h"))).total.calls == 1
    reports.stop()
    with pytest.raises(HotlineError, match="the engine stops"):
        await reports.figures(FiguresAsked(since="2h"))
