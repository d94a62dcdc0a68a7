"""The one loop: what a fault in any part costs, what a full inbox does, and that nothing is left running."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ivr_engine.core import Switchboard
from ivr_engine.errors import IllegalTransition
from ivr_engine.model import commands as c
from ivr_engine.model.events import (
    AnyEvent,
    CallArrived,
    CallerLeft,
    CrisisOrdered,
    LinkLost,
    Resynced,
    SystemAnswered,
    TimerFired,
)
from ivr_engine.model.ids import CallId, LookupName, QueryId, TimerId
from ivr_engine.model.notices import AnyNotice, Arrived, LinkChanged, Trouble, TroubleKind
from ivr_engine.runtime import engine as engine_module
from ivr_engine.runtime.engine import Engine
from ivr_engine.runtime.journal import Journal, JournalLine, read_journal
from ivr_engine.runtime.ports import PhoneCommand, Tell
from ivr_engine.simulator.exchange import Exchange
from ivr_engine.simulator.telephony import SimulatedTelephony
from tests.simulation.world import NUMBER, acme

HOTLINE = acme()
Handle = Callable[[AnyEvent, float], list[c.AnyCommand]]


class Clock:
    def now(self) -> float:
        return 1_800_000_000.0


class Counts:
    def __init__(self) -> None:
        self.events: list[str] = []
        self.commands: list[str] = []
        self.lags: list[float] = []

    def event(self, kind: str) -> None:
        self.events.append(kind)

    def command(self, kind: str) -> None:
        self.commands.append(kind)

    def loop_lag(self, seconds: float) -> None:
        self.lags.append(seconds)


class Silent:
    """A telephony that tells nothing by itself."""

    def __init__(self) -> None:
        self.given: list[PhoneCommand] = []
        self.stopped = False

    async def start(self, tell: Tell) -> None:
        self.tell = tell

    def execute(self, command: PhoneCommand) -> None:
        self.given.append(command)

    async def stop(self) -> None:
        self.stopped = True


class Scripted(Switchboard):
    """Answers a fact by what the test says, not by the hotline's rules."""

    def __init__(self, handle: Handle) -> None:
        super().__init__(HOTLINE)
        self._answer = handle

    def handle(self, event: AnyEvent, now: float) -> list[c.AnyCommand]:
        return self._answer(event, now)


class Run:
    def __init__(self, board: Switchboard, journal: Journal | None = None) -> None:
        self.figures = Counts()
        self.telephony = Silent()
        self.heard: list[AnyNotice] = []
        self.engine = Engine(board, self.telephony, Clock(), self.figures, journal)
        self.engine.listen(self.heard.append)

    def troubles(self) -> list[str]:
        return [notice.what for notice in self.heard if isinstance(notice, Trouble)]

    async def settled(self) -> None:
        """Every fact in the inbox has been taken in."""
        await asyncio.wait_for(self.engine._inbox.join(), 5)
        await asyncio.sleep(0)


@asynccontextmanager
async def running(board: Switchboard, journal: Journal | None = None) -> AsyncIterator[Run]:
    run = Run(board, journal)
    await run.engine.start()
    try:
        yield run
    finally:
        await run.engine.stop()


def fails_once_on_a_lost_link(error: Exception) -> Handle:
    def handle(event: AnyEvent, now: float) -> list[c.AnyCommand]:
        if isinstance(event, LinkLost):
            raise error
        return [c.Answer(CallId("a.1"))]

    return handle


async def test_a_switchboard_that_raises_costs_one_fact_and_is_told() -> None:
    async with running(Scripted(fails_once_on_a_lost_link(ZeroDivisionError("bug")))) as run:
        run.engine.tell(LinkLost())
        run.engine.tell(CallerLeft(CallId("a.1")))
        await run.settled()
        assert run.troubles() == ["on LinkLost"]
        assert run.telephony.given == [c.Answer(CallId("a.1"))]


class Asked:
    """Other systems, as a log of what was done to them."""

    def __init__(self) -> None:
        self.done: list[object] = []

    async def start(self, tell: Tell) -> None:
        self.done.append("start")

    def ask(self, order: c.AskSystem) -> None:
        self.done.append(order)

    async def stop(self) -> None:
        self.done.append("stop")


QUESTION = c.AskSystem(CallId("a.1"), QueryId("a.1.query1"), LookupName("customer"), {"caller": "138"})


async def test_other_systems_are_asked_from_the_start_to_the_end_and_asterisk_is_not() -> None:
    systems = Asked()
    run = Run(Scripted(lambda *_: [QUESTION]))
    run.engine.systems = systems
    await run.engine.start()
    run.engine.tell(LinkLost())
    await run.settled()
    await run.engine.stop()
    assert systems.done == ["start", QUESTION, "stop"]
    assert run.telephony.given == []


async def test_a_question_nobody_can_be_asked_has_failed() -> None:
    met: list[AnyEvent] = []

    def handle(event: AnyEvent, now: float) -> list[c.AnyCommand]:
        met.append(event)
        return [QUESTION] if isinstance(event, LinkLost) else []

    async with running(Scripted(handle)) as run:
        run.engine.tell(LinkLost())
        await run.settled()
        await run.settled()
    why = "the engine asks no other system"
    assert met[1:] == [SystemAnswered(QUESTION.call, QUESTION.query, "failed", why=why)]


async def test_an_illegal_transition_costs_one_fact_and_is_told() -> None:
    async with running(Scripted(fails_once_on_a_lost_link(IllegalTransition("call: no")))) as run:
        run.engine.tell(LinkLost())
        run.engine.tell(CallerLeft(CallId("a.1")))
        await run.settled()
        assert run.troubles() == ["call: no"]
        assert run.telephony.given == [c.Answer(CallId("a.1"))]


@pytest.mark.parametrize("fault", [ZeroDivisionError("bug"), IllegalTransition("call: no")])
async def test_orders_made_before_the_fault_go_out_for_what_they_belong_to_is_believed(fault: Exception) -> None:
    class Half(Switchboard):
        def handle(self, event: AnyEvent, now: float) -> list[c.AnyCommand]:
            orders = super().handle(event, now)
            self._out.send(*orders)
            raise fault

    async with running(Half(HOTLINE)) as run:
        run.engine.tell(CallArrived(CallId("a.1"), NUMBER, "138"))
        await run.settled()
        assert [type(order) for order in run.telephony.given] == [c.Answer, c.Play]


async def test_leftovers_that_fail_as_well_do_not_stop_the_loop() -> None:
    class Broken(Scripted):
        def leftovers(self) -> list[c.AnyCommand]:
            raise ZeroDivisionError("the same bug again")

    async with running(Broken(fails_once_on_a_lost_link(ZeroDivisionError("bug")))) as run:
        run.engine.tell(LinkLost())
        run.engine.tell(CallerLeft(CallId("a.1")))
        await run.settled()
        assert run.telephony.given == [c.Answer(CallId("a.1"))]


async def test_an_order_that_cannot_be_carried_out_costs_neither_those_behind_it_nor_the_loop() -> None:
    def handle(_: AnyEvent, now: float) -> list[c.AnyCommand]:
        return [c.StartMusic(CallId("a.1")), c.Answer(CallId("a.1"))]

    async with running(Scripted(handle)) as run:
        really = run.telephony.execute

        def execute(command: PhoneCommand) -> None:
            if type(command) is c.StartMusic:
                raise RuntimeError("these lanes are closed")
            really(command)

        run.telephony.execute = execute  # type: ignore[method-assign]
        run.engine.tell(LinkLost())
        run.engine.tell(LinkLost())
        await run.settled()
        assert run.telephony.given == [c.Answer(CallId("a.1"))] * 2
        assert run.troubles() == ["on carrying out StartMusic"] * 2


async def test_a_listener_that_raises_costs_neither_the_orders_behind_its_notice_nor_the_loop() -> None:
    def handle(_: AnyEvent, now: float) -> list[c.AnyCommand]:
        return [c.Publish(Trouble(now, TroubleKind.JOIN_FAILED, "first")), c.Answer(CallId("a.1"))]

    def faulty(_: AnyNotice) -> None:
        raise RuntimeError("a metric that is none")

    async with running(Scripted(handle)) as run:
        run.engine._listeners.insert(0, faulty)
        run.engine.tell(LinkLost())
        run.engine.tell(LinkLost())
        await run.settled()
        assert run.telephony.given == [c.Answer(CallId("a.1"))] * 2
        assert run.troubles() == ["first", "first"]


async def test_a_full_inbox_is_loud_and_asks_for_a_resync_once_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "INBOX_LIMIT", 3)
    handled: list[AnyEvent] = []

    def handle(event: AnyEvent, _: float) -> list[c.AnyCommand]:
        handled.append(event)
        return []

    async with running(Scripted(handle)) as run:
        asked: list[int] = []

        def look_anew() -> None:
            asked.append(run.engine._inbox.qsize())
            run.engine.tell(LinkLost())
            run.engine.tell(Resynced((), (), frozenset()))

        run.engine.on_overflow = look_anew
        for n in range(5):
            run.engine.tell(CallerLeft(CallId(f"a.{n}")))
        await run.settled()
        assert asked == [0]
        assert [type(fact) for fact in handled] == [CallerLeft, CallerLeft, CallerLeft, LinkLost, Resynced]
        assert run.troubles() == ["the inbox was full: 2 facts were lost"]


async def test_a_resync_that_cannot_be_asked_for_does_not_stop_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "INBOX_LIMIT", 1)

    def look_anew() -> None:
        raise RuntimeError("these lanes are closed")

    async with running(Switchboard(HOTLINE)) as run:
        run.engine.on_overflow = look_anew
        run.engine.tell(LinkLost())
        run.engine.tell(LinkLost())
        await run.settled()
        run.engine.tell(CallArrived(CallId("a.1"), NUMBER, "138"))
        await run.settled()
        assert any(isinstance(notice, Arrived) for notice in run.heard)


async def test_the_engine_keeps_timers_and_notices_to_itself_and_passes_the_rest_on() -> None:
    timer = TimerId("board.0.timer1")
    fired = asyncio.Event()
    orders: list[c.AnyCommand] = [
        c.StartTimer(timer, 0.0),
        c.Publish(Trouble(1.0, TroubleKind.JOIN_FAILED, "hear")),
        c.Answer(CallId("a.1")),
    ]

    def handle(event: AnyEvent, _: float) -> list[c.AnyCommand]:
        if event == TimerFired(timer):
            fired.set()
        return orders if isinstance(event, LinkLost) else []

    async with running(Scripted(handle)) as run:
        run.engine.tell(LinkLost())
        await fired.wait()
        assert run.telephony.given == [c.Answer(CallId("a.1"))]
        assert run.troubles() == ["hear"]
        assert run.figures.events == ["LinkLost", "TimerFired"]
        assert run.figures.commands == ["StartTimer", "Publish", "Answer"]


async def test_a_cancelled_timer_does_not_reach_the_switchboard() -> None:
    timer, handled = TimerId("board.0.timer1"), []

    def handle(event: AnyEvent, _: float) -> list[c.AnyCommand]:
        handled.append(event)
        return [c.StartTimer(timer, 0.0), c.CancelTimer(timer)]

    async with running(Scripted(handle)) as run:
        run.engine.tell(LinkLost())
        await run.settled()
        await asyncio.sleep(0.01)
        assert handled == [LinkLost()]


async def test_stop_leaves_no_task_and_no_timer_and_calls_as_they_are() -> None:
    fired: list[AnyEvent] = []

    def handle(event: AnyEvent, _: float) -> list[c.AnyCommand]:
        fired.append(event)
        return [c.StartTimer(TimerId("board.0.timer1"), 0.01)]

    before = asyncio.all_tasks()
    async with running(Scripted(handle)) as run:
        run.engine.tell(LinkLost())
        await run.settled()
    assert asyncio.all_tasks() == before
    assert not run.engine._timers._running
    await asyncio.sleep(0.03)
    assert run.engine._inbox.empty()
    assert fired == [LinkLost()]
    assert run.telephony.stopped
    assert run.telephony.given == []


async def test_what_was_told_before_stop_is_still_taken_in() -> None:
    async with running(Switchboard(HOTLINE)) as run:
        run.engine.tell(CrisisOrdered("recall", "me", "why"))
    assert run.engine.switchboard.crisis.profiles == ("recall",)


async def test_stop_without_start_is_harmless() -> None:
    await Run(Switchboard(HOTLINE)).engine.stop()


async def test_a_loop_that_comes_late_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "LAG_EVERY_SECONDS", 0.0)
    async with running(Switchboard(HOTLINE)) as run:
        while len(run.figures.lags) < 3:
            await asyncio.sleep(0)
    assert all(lag >= 0 for lag in run.figures.lags)


async def test_the_journal_has_each_fact_before_it_is_decided_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl", HOTLINE.version)
    async with running(Scripted(fails_once_on_a_lost_link(ZeroDivisionError())), journal) as run:
        run.engine.tell(LinkLost())
        await run.settled()
    lines = [line for line in read_journal(tmp_path / "journal.jsonl") if isinstance(line, JournalLine)]
    assert [line.event for line in lines] == [LinkLost()]  # also the fact that showed the bug


async def test_a_whole_call_runs_through_the_loop_on_a_simulated_exchange() -> None:
    exchange = Exchange()
    telephony = SimulatedTelephony(exchange)
    engine = Engine(Switchboard(HOTLINE), telephony, Clock(), Counts())
    await engine.start()
    call = exchange.dial(NUMBER)
    telephony.pump()
    await engine._inbox.join()
    assert exchange.callers[call].answered
    exchange.hang_up_caller(call)
    telephony.pump()
    await engine._inbox.join()
    assert not engine.switchboard.calls
    await engine.stop()


async def test_of_drill_calls_hears_only_who_wants_to() -> None:
    told = [c.Publish(LinkChanged(up=True, at=1.0)), c.Publish(LinkChanged(up=False, at=2.0), drill=True)]
    async with running(Scripted(lambda event, now: list(told))) as run:
        of_drills: list[AnyNotice] = []
        both: list[AnyNotice] = []
        run.engine.listen(lambda _: None, of_drills=of_drills.append)
        run.engine.listen(both.append, of_drills=both.append)
        run.engine.tell(LinkLost())
        await run.settled()
        assert (run.heard, of_drills, both) == ([told[0].notice], [told[1].notice], [one.notice for one in told])
