"""This file decides how facts and orders go between the switchboard and the simulated exchange in virtual time.

It does not know what people do: whoever plays them is told of each order and each notice.
"""

from array import array
from collections.abc import Callable
from functools import partial
from time import thread_time_ns
from typing import Protocol

from ivr_engine.core import Switchboard
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model import commands as c
from ivr_engine.model.events import AnyEvent, TimerFired
from ivr_engine.model.ids import CallId, PlayId, TimerId
from ivr_engine.model.notices import AnyNotice
from ivr_engine.model.prompt import Prompt
from ivr_engine.nodes import Node
from ivr_engine.runtime.journal import Journal
from ivr_engine.simulator.agenda import Agenda
from ivr_engine.simulator.exchange import Exchange
from ivr_engine.spoken.seconds import estimated_seconds

MOST_ENDLESS = 100  # hours of pools, looks of triggers, clocks of crises: when more is left, it is not looked


class Watching(Protocol):
    """Whoever sees what the switchboard decides."""

    def ordered(self, order: c.AnyCommand) -> None:
        """The exchange has carried an order out."""
        ...

    def told(self, notice: AnyNotice) -> None:
        """The switchboard tells the world."""
        ...


class Clockwork:
    """One hotline in virtual time.

    What each decision cost is kept: `costs` in nanoseconds of a processor, while `waiting` callers waited.
    """

    def __init__(self, hotline: Hotline[Node], at: float, watching: Watching, journal: Journal | None = None) -> None:
        self.board = Switchboard(hotline)
        self.exchange = Exchange()
        self.agenda = Agenda(at)
        self.costs = array("q")
        self.waiting = array("l")
        self._watching = watching
        self._journal = journal
        self._timers: set[TimerId] = set()
        self._lengths: dict[tuple[Prompt, ...], float] = {}

    @property
    def now(self) -> float:
        """What the clock shows, in seconds since 1970."""
        return self.agenda.now

    def put(self, seconds: float, do: Callable[[], None], is_off: Callable[[], bool] = lambda: False) -> None:
        """Something will happen in so many seconds, unless it is off by then."""
        self.agenda.put(max(0.0, seconds), do, is_off)

    def go_on(self) -> bool:
        """Let the next thing happen, and all that comes of it at once; False when nothing will."""
        if self.agenda.next_at() is None:
            return False
        self.agenda.go_on()
        self.tell_all()
        return True

    def tell_all(self) -> None:
        """Let the switchboard know what has happened so far."""
        while self.exchange.facts:
            self.tell(self.exchange.facts.popleft())

    def tell(self, fact: AnyEvent) -> None:
        """Let the switchboard know one fact."""
        if self._journal is not None:
            board = self.board
            self._journal.note(fact, self.now, private=board.is_private(fact), arms=board.arms_of(fact))
        began = thread_time_ns()
        orders = self.board.handle(fact, self.now)
        self.costs.append(thread_time_ns() - began)
        self.waiting.append(sum(map(len, self.board.dispatch.queues.values())))
        for order in orders:
            self._carry_out(order)

    def _carry_out(self, order: c.AnyCommand) -> None:
        match order:
            case c.StartTimer(timer, after):
                self._timers.add(timer)
                self.put(after, partial(self._fire, timer), lambda: self._is_off(timer))
            case c.CancelTimer(timer):
                self._timers.discard(timer)
            case c.Publish(notice):
                self._watching.told(notice)
            case c.AskSystem():
                self._watching.ordered(order)
            case _:
                self.exchange.execute(order)
                if isinstance(order, c.Play):
                    self._play(order)
                self._watching.ordered(order)

    def _is_off(self, timer: TimerId) -> bool:
        """Pools begin and end their hours for ever, triggers look: when nothing else is left, the run is over."""
        return timer not in self._timers or (self.board.is_endless(timer) and self._is_all_endless())

    def _is_all_endless(self) -> bool:
        return self.agenda.left <= MOST_ENDLESS and self.agenda.left <= sum(map(self.board.is_endless, self._timers))

    def _fire(self, timer: TimerId) -> None:
        self._timers.discard(timer)
        self.tell(TimerFired(timer))

    def _play(self, order: c.Play) -> None:
        if order.prompts not in self._lengths:
            self._lengths[order.prompts] = sum(map(estimated_seconds, order.prompts))
        over = partial(self.exchange.end_play, order.call)
        self.put(self._lengths[order.prompts], over, lambda: not self._plays(order.call, order.play))

    def _plays(self, call: CallId, play: PlayId) -> bool:
        line = self.exchange.callers.get(call)
        return line is not None and play in line.plays
