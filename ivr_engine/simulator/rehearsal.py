"""This file decides when things happen in a rehearsed hotline. It does not know who watches, or what is expected.

The same switchboard as in service stands beside the simulated exchange, and time passes only when it is told to. Words
take as long as they sound, people pick up after a moment, and the same doings always end the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from ivr_engine.core import Switchboard
from ivr_engine.core.call import Call, CallState
from ivr_engine.core.outbox import TriggersDue
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model import commands as c
from ivr_engine.model.agents import Duty
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import (
    AgentsRemembered,
    AnyEvent,
    CrisisOrdered,
    MessageKept,
    MessageRecorded,
    SystemAnswered,
    TimerFired,
)
from ivr_engine.model.ids import CallId, LegId, LookupName, PlayId, QueryId, QueueName, TimerId, queue_of
from ivr_engine.model.notices import AnyNotice, Arrived, CallStage, Ended, KeyPressed, Moved, StepEntered
from ivr_engine.model.prompt import Prompt
from ivr_engine.model.saved import LastTalk
from ivr_engine.nodes import Node
from ivr_engine.nodes.briefing import SITUATION
from ivr_engine.simulator.agenda import Agenda
from ivr_engine.simulator.answering import Answering
from ivr_engine.simulator.conduct import ANSWERS_AFTER_SECONDS, BRIEFED, NOT_TOLD, Conduct, People, SystemSays
from ivr_engine.simulator.exchange import Exchange
from ivr_engine.simulator.speaking import Speaking
from ivr_engine.simulator.visits import Visits, Way
from ivr_engine.spoken.seconds import estimated_seconds

SEALED_AFTER_SECONDS = 2.0  # a message that was recorded

Length = Callable[[Prompt], float]  # how long a prompt sounds, in seconds


@dataclass(frozen=True, slots=True)
class Saying:
    """Words a caller begins to hear, for `seconds`. `place` is the step that says them, or the queue."""

    call: CallId
    at: float
    play: PlayId
    place: str
    prompts: tuple[Prompt, ...]
    seconds: float

    @property
    def words(self) -> str:
        """All of it."""
        return " ".join(prompt.text for prompt in self.prompts)


@dataclass(frozen=True, slots=True)
class Doing:
    """Something a person did."""

    HANGS_UP: ClassVar[str] = "hangs up"

    call: CallId | None
    at: float
    what: str


Moment = Saying | Doing | AnyNotice


class Rehearsal:
    """One hotline in virtual time. `now` is seconds since 1970."""

    def __init__(
        self, hotline: Hotline[Node], at: float, length: Length = estimated_seconds, language: str | None = None
    ) -> None:
        self.hotline = hotline
        self._agenda = Agenda(at)
        self.board = Switchboard(hotline, language)
        self.exchange = Exchange()
        self.speaking = Speaking(self._agenda, self.exchange)
        self._answering = Answering(self._agenda, self.exchange)
        self.people = People(hotline.pools, hotline.normal.facilities.destinations)
        self.systems: dict[LookupName, SystemSays] = {SITUATION: BRIEFED}  # what each answers
        self.moments: list[Moment] = []
        self.visits = Visits()
        self._length = length
        self._ways: dict[CallId, Way] = {}
        self._timers: dict[TimerId, float] = {}  # when each fires
        self.exchange.agents, self.exchange.trunks = self.people.agents(), self.people.trunks()
        self._tell(AgentsRemembered(dict.fromkeys(self.people.who_sign_in(), Duty("on duty", reason="rehearsed"))))
        self.exchange.restore_link()
        self._tell_all()
        self.moments.clear()

    # --- what people do -------------------------------------------------------------------------------------

    def dial(self, number: str, caller: str, region: str = "", calls_in_24h: int = 1) -> CallId:
        """A caller dials from `region`, and this is one of so many calls of his in 24 hours."""
        call = self.exchange.dial(number, caller, region, calls_in_24h, self._who_served(caller))
        self._tell_all()
        return call

    def _who_served(self, caller: str) -> LastTalk | None:
        """Who talked to a number last, in a call that is over."""
        over = (one.record for one in reversed(self.moments) if isinstance(one, Ended) and one.record.caller == caller)
        talks = (LastTalk(one.seat, one.connected_at) for one in over if one.seat and one.connected_at is not None)
        return next(talks, None)

    def press(self, call: CallId, digit: str) -> None:
        """A caller presses a key, whether it is asked for or not."""
        self._ways[call].typed += digit
        self._did(call, f"presses {digit}")
        self.exchange.press(call, digit)
        self._tell_all()

    def speak(self, call: CallId, seconds: float) -> None:
        """A caller who is asked for a message speaks, for so long or as long as he may."""
        seconds = self.speaking.begin(call, seconds)
        self._did(call, f"speaks for {seconds:.0f} s")
        self.advance(seconds)
        self.speaking.end(call)

    def hang_up(self, call: CallId) -> None:
        """A caller hangs up."""
        self._did(call, Doing.HANGS_UP)
        self.exchange.hang_up_caller(call, self.speaking.said(call))
        self._tell_all()

    def agent_hangs_up(self, call: CallId) -> None:
        """Whoever talks to this caller hangs up."""
        leg = self.call(call).leg
        if leg is not None:
            self._did(call, "the agent hangs up")
            self.exchange.end_leg(leg, LegEnd.HUNG_UP)
            self._tell_all()

    def order(self, name: str, conduct: Conduct) -> None:
        """Agents, or a site, do so from now on."""
        self.people.order(name, conduct)
        self.exchange.agents, self.exchange.trunks = self.people.agents(), self.people.trunks()
        self.exchange.look_at_phones()
        self._tell_all()

    def switch_crisis(self, profile: str | None) -> None:
        """Somebody switches a crisis profile on, or off."""
        self._tell(CrisisOrdered(profile, "rehearsal", "rehearsed"))
        self._tell_all()

    # --- time -----------------------------------------------------------------------------------------------

    @property
    def now(self) -> float:
        """What the clock shows."""
        return self._agenda.now

    def go_on(self) -> bool:
        """Let the next thing happen, at its time; False when nothing will."""
        if self._agenda.next_at() is None:
            return False
        self._agenda.go_on()
        self._tell_all()
        return True

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + seconds
        while (due := self._agenda.next_at()) is not None and due <= until:
            self.go_on()
        self._agenda.now = until

    def until(self, reached: Callable[[], bool], seconds: float) -> bool:
        """Let things happen until something is reached, for `seconds` at most. Answers whether it was."""
        last = self.now + seconds
        while not reached():
            due = self._agenda.next_at()
            if due is None or due > last:
                return False
            self.go_on()
        return True

    def set_clock(self, at: float) -> None:
        """Make it another time: later things happen on the way there; an earlier one is for when nobody calls."""
        if at >= self.now:
            self.advance(at - self.now)
        else:
            self._agenda.shift(at - self.now)

    # --- what is seen ---------------------------------------------------------------------------------------

    def call(self, call: CallId) -> Call:
        """A call that goes on."""
        return self.board.calls[call]

    def is_live(self, call: CallId) -> bool:
        """Whether it goes on."""
        return call in self.board.calls

    def left(self, timer: TimerId | None) -> float | None:
        """In how many seconds a timer fires; None if it does not."""
        due = self._timers.get(timer) if timer else None
        return None if due is None else due - self.now

    def is_settled(self, call: CallId) -> bool:
        """Whether he talks, or waits while no seat is free for him, or is gone: nothing more comes soon."""
        live = self.board.calls.get(call)
        return live is None or live.state in (CallState.TALKING, CallState.WAITING)

    def sounds(self, saying: Saying) -> bool:
        """Whether these words are still being said."""
        return self._plays(saying.call, saying.play)

    def of(self, call: CallId) -> Iterator[Saying | Doing | CallStage]:
        """What happened to a call so far."""
        for moment in self.moments:
            if isinstance(moment, Saying | Doing | CallStage) and moment.call == call:
                yield moment

    # --- how it goes on -------------------------------------------------------------------------------------

    def _tell_all(self) -> None:
        while self.exchange.facts:
            self._tell(self.exchange.facts.popleft())

    def _tell(self, fact: AnyEvent) -> None:
        for order in self.board.handle(fact, self.now):
            self._carry_out(order)
        if isinstance(fact, MessageRecorded) and fact.seconds > 0:
            self._agenda.put(SEALED_AFTER_SECONDS, partial(self._tell, _kept(fact, self.now)), lambda: False)

    def _carry_out(self, order: c.AnyCommand) -> None:
        match order:
            case c.StartTimer(timer) if self.board.purpose(timer) == TriggersDue():
                pass  # a few callers are no crisis, and a look that follows another would never let it end
            case c.StartTimer(timer, after):
                self._timers[timer] = self.now + after
                self._agenda.put(after, partial(self._fire, timer), lambda: timer not in self._timers)
            case c.CancelTimer(timer):
                self._timers.pop(timer, None)
            case c.Publish(notice):
                self._note(notice)
            case c.AskSystem(call, query, lookup):
                self._agenda.put(
                    ANSWERS_AFTER_SECONDS, partial(self._answer, call, query, lookup), lambda: not self.is_live(call)
                )
            case _:
                self.exchange.execute(order)
                self._follow(order)

    def _follow(self, order: c.AnyCommand) -> None:
        """What happens by itself after an order was carried out."""
        match order:
            case c.Play(call, play, prompts) if call in self.exchange.callers:
                seconds = sum(map(self._length, prompts))
                self.moments.append(Saying(call, self.now, play, self._place(call), prompts, seconds))
                self._agenda.put(seconds, partial(self.exchange.end_play, call), lambda: not self._plays(call, play))
            case c.RingSeat(leg=leg, to=to) if leg in self.exchange.seats:
                self.exchange.ring(leg)
                self._answering.rung(leg, self.people.reaction(to))
            case c.SpeakToSeat(_, leg, play, prompts) if leg in self.exchange.seats:
                self._speak_to(leg, play, sum(map(self._length, prompts)))
            case c.RecordMessage(call) if self.speaking.is_asked(call):
                self.speaking.asked(order)
            case _:
                pass

    def _speak_to(self, leg: LegId, play: PlayId, seconds: float) -> None:
        self._answering.hears(leg, play, seconds)
        if self.board.dispatch.accepting.is_asked(leg):
            self._answering.is_asked(leg, seconds, self.people.reaction(self.exchange.seats[leg].to))

    def _answer(self, call: CallId, query: QueryId, lookup: LookupName) -> None:
        says = self.systems.get(lookup, NOT_TOLD)
        self._did(call, f"lookup {lookup}: {says.answer}")
        self._tell(SystemAnswered(call, query, says.answer, says.values, says.why))

    def _fire(self, timer: TimerId) -> None:
        del self._timers[timer]
        self._tell(TimerFired(timer))

    def _plays(self, call: CallId, play: PlayId) -> bool:
        line = self.exchange.callers.get(call)
        return line is not None and play in line.plays

    def _place(self, call_id: CallId) -> str:
        call = self.board.calls.get(call_id)
        if call is None:
            return ""
        return (call.queue if call.is_of_queue else call.step) or ""

    def _note(self, notice: AnyNotice) -> None:
        self.moments.append(notice)
        match notice:
            case Arrived(call=call, flow=flow) | Moved(call=call, flow=flow):
                self._ways[call] = Way(self.hotline.flow(flow))
            case KeyPressed(call=call, understood=False):
                self._ways[call].typed = ""
            case StepEntered(call=call, step=step):
                self.visits.enter(self._ways[call], step)
            case _:
                pass

    def _did(self, call: CallId, what: str) -> None:
        self.moments.append(Doing(call, self.now, what))


def _kept(told: MessageRecorded, now: float) -> MessageKept:
    """What the recordings' keeper tells of a message that somebody spoke."""
    return MessageKept(told.call, told.message, queue_of(told.message) or QueueName(""), told.seconds, now)
