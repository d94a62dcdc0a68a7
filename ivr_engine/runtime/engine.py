"""This file decides how facts reach the switchboard and orders leave it. It does not decide what any of them means."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from ivr_engine.core import Switchboard
from ivr_engine.errors import IllegalTransition
from ivr_engine.model.commands import AnyCommand, AskSystem, CancelTimer, Publish, StartTimer
from ivr_engine.model.events import AnyEvent, SystemAnswered, TimerFired
from ivr_engine.model.ids import TimerId
from ivr_engine.model.notices import AnyNotice, Trouble, TroubleKind
from ivr_engine.runtime.figures import Figures
from ivr_engine.runtime.journal import Journal
from ivr_engine.runtime.ports import Clock, Listener, Systems, Telephony
from ivr_engine.runtime.timers import Timers
from ivr_engine.runtime.watched import OnEnded, watched

log = structlog.get_logger()

# Far above what a second of the worst surge brings. Reaching it means we are not keeping up, and must say so.
INBOX_LIMIT = 100_000
LAST_FACTS_SECONDS = 2.0
LAG_EVERY_SECONDS = 0.5


class Engine:
    """Runs one switchboard: one reader of one inbox."""

    def __init__(
        self,
        switchboard: Switchboard,
        telephony: Telephony,
        clock: Clock,
        figures: Figures,
        journal: Journal | None = None,
    ) -> None:
        self.switchboard = switchboard
        self._lost_facts = 0  # since the last resync was asked for
        self.on_overflow: Callable[[], None] | None = None
        self.on_ended: OnEnded = log.critical
        self.systems: Systems | None = None  # those that are asked about callers
        self._figures = figures
        self._telephony = telephony
        self._clock = clock
        self._journal = journal
        self._listeners: list[Listener] = []
        self._drill_listeners: list[Listener] = []
        self._inbox: asyncio.Queue[AnyEvent] = asyncio.Queue(INBOX_LIMIT)
        self._timers = Timers(self._timer_fired)
        self._tasks: list[asyncio.Task[None]] = []

    def listen(self, listener: Listener, *, of_drills: Listener | None = None) -> None:
        """Let somebody hear every notice from now on; of drill calls only `of_drills` hears, if he wants to."""
        self._listeners.append(listener)
        if of_drills is not None:
            self._drill_listeners.append(of_drills)

    def tell(self, event: AnyEvent) -> None:
        """Put a fact into the inbox. Never blocks; a full inbox is loud, and calls for a resync once it is empty."""
        try:
            self._inbox.put_nowait(event)
        except asyncio.QueueFull:
            self._lost_facts += 1

    def publish(self, notice: AnyNotice, *, drill: bool = False) -> None:
        """Let every listener hear a notice; one of a `drill` call those who want to. Never raises."""
        for listener in self._drill_listeners if drill else self._listeners:
            try:
                listener(notice)
            except Exception:
                # A listener's bug costs its figure, neither the orders behind this notice nor the loop.
                log.exception("a listener failed on a notice", kind=type(notice).__name__)

    async def start(self) -> None:
        """Begin taking in facts, and connect the telephony. Raises StartError when it cannot be reached."""
        self._tasks = [
            watched(self._run(), "engine", self.on_ended),
            watched(self._watch_lag(), "loop-lag", self.on_ended),
        ]
        if self.systems is not None:
            await self.systems.start(self.tell)
        await self._telephony.start(self.tell)

    async def stop(self) -> None:
        """Stop: calls in progress are left on Asterisk for the next engine."""
        if self.systems is not None:
            await self.systems.stop()
        await self._telephony.stop()
        if self._tasks:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_FACTS_SECONDS):
                    await self._inbox.join()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._timers.stop()
        if self._journal is not None:
            self._journal.close()

    async def _run(self) -> None:
        while True:
            event = await self._inbox.get()
            try:
                self._take_in(event)
            except IllegalTransition as error:
                self._trouble(TroubleKind.ILLEGAL_TRANSITION, str(error))
                self._carry_out_leftovers()
            except Exception:
                # One call's bug must not end all others' calls: it is logged, counted and alarmed on.
                log.exception("the switchboard failed on a fact", kind=type(event).__name__)
                self._trouble(TroubleKind.INTERNAL_ERROR, f"on {type(event).__name__}")
                self._carry_out_leftovers()
            finally:
                self._inbox.task_done()
            if self._lost_facts and self._inbox.empty():
                self._look_anew()

    def _look_anew(self) -> None:
        # Not before: what the resync tells would have found no room either.
        lost, self._lost_facts = self._lost_facts, 0
        log.error("the inbox was full and facts were lost: everything is looked at anew", lost=lost)
        self._trouble(TroubleKind.FACTS_LOST, f"the inbox was full: {lost} facts were lost")
        if self.on_overflow is not None:
            try:
                self.on_overflow()
            except Exception:
                log.exception("everything should have been looked at anew, and was not")

    def _take_in(self, event: AnyEvent) -> None:
        now = self._clock.now()
        event = self.switchboard.in_short(event, now)
        self._figures.event(type(event).__name__)
        if self._journal is not None:
            board = self.switchboard
            self._journal.note(event, now, private=board.is_private(event), arms=board.arms_of(event))
        self._carry_out_all(self.switchboard.handle(event, now))

    def _carry_out_all(self, commands: list[AnyCommand]) -> None:
        for command in commands:
            try:
                self._figures.command(type(command).__name__)
                self._carry_out(command)
            except Exception:
                # One order's bug must not cost those behind it.
                log.exception("an order could not be carried out", kind=type(command).__name__)
                self._trouble(TroubleKind.INTERNAL_ERROR, f"on carrying out {type(command).__name__}")

    def _carry_out_leftovers(self) -> None:
        try:
            self._carry_out_all(self.switchboard.leftovers())
        except Exception:
            log.exception("what the switchboard ordered before it failed is lost")

    def _carry_out(self, command: AnyCommand) -> None:
        match command:
            case StartTimer(timer, after):
                self._timers.start(timer, after)
            case CancelTimer(timer):
                self._timers.cancel(timer)
            case Publish(notice, drill):
                self.publish(notice, drill=drill)
            case AskSystem():
                self._ask(command)
            case _:
                self._telephony.execute(command)

    def _ask(self, order: AskSystem) -> None:
        if self.systems is not None:
            self.systems.ask(order)
        else:
            self.tell(SystemAnswered(order.call, order.query, "failed", why="the engine asks no other system"))

    def _trouble(self, kind: TroubleKind, what: str) -> None:
        self.publish(Trouble(self._clock.now(), kind, what))

    async def _watch_lag(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_EVERY_SECONDS
            await asyncio.sleep(LAG_EVERY_SECONDS)
            self._figures.loop_lag(max(0.0, loop.time() - due))

    def _timer_fired(self, timer: TimerId) -> None:
        self.tell(TimerFired(timer))
