"""This file decides what callers, seats and accidents do in the laboratory. It does not know what is counted of it."""

from collections.abc import Callable, Iterator
from functools import partial

from ivr_engine.core.accepting import TIMES_ASKED
from ivr_engine.core.call import CallState
from ivr_engine.dialplan.accepting import TAKE_KEY
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd, Outcome
from ivr_engine.model.events import CrisisOrdered, SystemAnswered
from ivr_engine.model.ids import CallId, LegId, PlayId, PoolName, SeatId
from ivr_engine.model.notices import AnyNotice, CallRecord, Connected, Ended, Queued, StepEntered, Transferred
from ivr_engine.runtime.journal import Journal
from ivr_engine.simulator.acts import OFF
from ivr_engine.simulator.exchange import Exchange
from ivr_engine.simulator.lab.chance import Chance
from ivr_engine.simulator.lab.clockwork import Clockwork
from ivr_engine.simulator.lab.figures import Figures, Results
from ivr_engine.simulator.lab.scenario import Incident, Scenario, Span
from ivr_engine.spoken.seconds import estimated_seconds

THINKS = Span(4.0, 60)  # until a caller presses a key he has heard of
BETWEEN_KEYS = 0.4
SYSTEM_ANSWERS = Span(0.4, 80)
MESSAGE = Span(15.0, 60)
AGENT_ENDS = 30  # of a hundred talks; the caller hangs up first in the others
STAYS_AT_MOST = 4 * 3600.0  # after the last call has come: who is there then is hung up on

Say = Callable[["Laboratory"], None]


class Laboratory:
    """One run of a scenario. The same seed ends the same. All facts are noted in a `journal`, if there is one."""

    def __init__(self, scenario: Scenario, seed: int = 1, journal: Journal | None = None) -> None:
        self.scenario = scenario
        self._chance = Chance(seed)
        self.clockwork = Clockwork(scenario.hotline, scenario.begin, self, journal)
        self.figures = Figures(scenario, self.clockwork)
        self.calls = 0
        self._arrivals: Iterator[float] = self._chance.times(scenario)
        self._patience: dict[CallId, float] = {}  # of those who have come to a queue: until when they bear it
        self._times: dict[str, int] = {}  # callers by number: how often each called
        self._off: dict[PoolName, set[SeatId]] = {}  # seats that cannot be reached
        self._reach()
        self._exchange.restore_link()
        self.clockwork.tell_all()
        for minute, incident in scenario.file.events.items():
            self.clockwork.put(scenario.clock(minute) - scenario.begin, partial(self._happen, incident))

    def run(self, say: Say = lambda _: None) -> Results:
        """Play it to the end. `say` is called now and then."""
        self._next_caller()
        self._sample()
        self._close_late()
        while self.clockwork.go_on():
            say(self)
        return self.figures.results()

    @property
    def _exchange(self) -> Exchange:
        return self.clockwork.exchange

    # --- callers --------------------------------------------------------------------------------------------

    def _next_caller(self) -> None:
        at = next(self._arrivals, None)
        if at is not None:
            self.clockwork.put(at - self.clockwork.now, self._come)

    def _come(self) -> None:
        self.calls += 1
        self._dial(f"13{self.calls:09}")
        self._next_caller()

    def _dial(self, number: str) -> None:
        self._times[number] = self._times.get(number, 0) + 1
        self._exchange.dial(self.scenario.hotline.numbers[0], number, calls_in_24h=self._times[number])

    def told(self, notice: AnyNotice) -> None:
        """People hear of what concerns them, and do what they do."""
        match notice:
            case StepEntered(call=call, step=step) if step in self.scenario.file.presses:
                self._choose(call, dict(self.scenario.file.presses[step]))
            case Queued(call=call) if call not in self._patience:
                self._begin_to_wait(call)
            case Connected(call=call, queue=queue):
                file = self.scenario.file
                self._talk(call, self._chance.seconds("talk", file.talks.get(queue, file.talk)))
            case Transferred(call=call, ok=True):
                self._talk(call, self._chance.seconds("talk", self.scenario.file.talk))
            case Ended(record=record):
                self._go(record)
            case _:
                pass
        self.figures.told(notice)

    def _choose(self, call: CallId, shares: dict[str, int]) -> None:
        keys = self._chance.one_of("keys", shares)
        after = self._chance.seconds("thinks", THINKS)
        for place, key in enumerate(keys or ""):
            press = partial(self._exchange.press, call, key)
            self.clockwork.put(after + place * BETWEEN_KEYS, press, lambda: call not in self._exchange.callers)

    def _begin_to_wait(self, call: CallId) -> None:
        is_witness = self._chance.happens("witness", self.scenario.file.witnesses)
        bears = self._chance.seconds("patience", self.scenario.file.patience)
        self._patience[call] = self.clockwork.now + bears
        if is_witness:
            self.figures.witnesses.add(call)
        else:
            self.clockwork.put(bears, partial(self._exchange.hang_up_caller, call), lambda: not self._waits(call))

    def _waits(self, call: CallId) -> bool:
        live = self.clockwork.board.calls.get(call)
        return live is not None and live.state is not CallState.TALKING and live.talk is None

    def _talk(self, call: CallId, seconds: float) -> None:
        leg = self.clockwork.board.calls[call].leg
        if leg is None:
            return
        if self._chance.happens("ends", AGENT_ENDS):
            end = partial(self._exchange.end_leg, leg, LegEnd.HUNG_UP)
        else:
            end = partial(self._exchange.hang_up_caller, call)
        self.clockwork.put(seconds, end, lambda: leg not in self._exchange.seats)

    def _go(self, record: CallRecord) -> None:
        self._patience.pop(record.call, None)
        again = self.scenario.file.again
        if record.outcome is not Outcome.ABANDONED_IN_QUEUE or again is None:
            return
        if self._chance.happens("again", again.share):
            after = self._chance.seconds("again", Span(again.after, shape="exponential"))
            self.clockwork.put(after, partial(self._dial, record.caller))

    # --- whoever is asked or rung ---------------------------------------------------------------------------

    def ordered(self, order: c.AnyCommand) -> None:
        """Phones ring, systems answer, messages are spoken."""
        match order:
            case c.RingSeat(leg=leg) if leg in self._exchange.seats:
                self._exchange.ring(leg)
                answering = self.scenario.file.answering
                if not self._chance.happens("never", answering.never):
                    after = self._chance.seconds("answers", Span(answering.after, answering.spread))
                    pick_up = partial(self._exchange.pick_up, leg)
                    self.clockwork.put(after, pick_up, lambda: leg not in self._exchange.seats)
            case c.SpeakToSeat(leg=leg, play=play, prompts=prompts):
                self._hear(leg, play, sum(map(estimated_seconds, prompts)))
            case c.RecordMessage(call=call):
                said = min(self._chance.seconds("message", MESSAGE), order.longest)
                spoken = partial(self._exchange.end_message, call, said)
                self.clockwork.put(said, spoken, lambda: call not in self._exchange.callers)
            case c.AskSystem():
                after = self._chance.seconds("systems", SYSTEM_ANSWERS)
                self.clockwork.put(after, partial(self._answer, order), lambda: not self._is_live(order.call))
            case _:
                pass

    def _hear(self, leg: LegId, play: PlayId, seconds: float) -> None:
        """Whoever picks up is a person: if he is asked whether he takes the call, he does when he has heard it once."""
        if self.clockwork.board.dispatch.accepting.is_asked(leg):
            press = partial(self._exchange.at_seats.press, leg, TAKE_KEY)
            self.clockwork.put(seconds / TIMES_ASKED, press, lambda: leg not in self._exchange.seats)
        else:
            end = partial(self._exchange.at_seats.end, leg)
            self.clockwork.put(seconds, end, lambda: not self._hears(leg, play))

    def _hears(self, leg: LegId, play: PlayId) -> bool:
        line = self._exchange.seats.get(leg)
        return line is not None and play in line.plays

    def _is_live(self, call: CallId) -> bool:
        return call in self.clockwork.board.calls

    def _answer(self, order: c.AskSystem) -> None:
        found = self.scenario.file.lookups.get(order.lookup)
        if found is not None and self._chance.happens("found", found.share):
            self.clockwork.tell(SystemAnswered(order.call, order.query, "found", dict(found.values)))
        else:
            self.clockwork.tell(SystemAnswered(order.call, order.query, "not found"))

    # --- accidents ------------------------------------------------------------------------------------------

    def _happen(self, incident: Incident) -> None:
        self._change_seats(incident)
        if incident.crisis is not None:
            profile = None if incident.crisis == OFF else incident.crisis
            self.clockwork.tell(CrisisOrdered(profile, "laboratory", "as the scenario says"))
        if incident.link_lost is not None:
            self._exchange.lose_link()
            self._exchange.deaf = True
            self.clockwork.put(incident.link_lost, self._exchange.restore_link)

    def _change_seats(self, incident: Incident) -> None:
        pools = self.scenario.hotline.pools
        if incident.back is not None:
            self._off.pop(incident.back, None)
        if incident.log_out is not None:
            seats = pools[incident.log_out].seats
            self._off[incident.log_out] = {seat for seat in seats if self._chance.happens("off", incident.share)}
        if incident.lost is not None:
            self._off[incident.lost] = set(pools[incident.lost].seats)
        self._reach()
        if incident.lost is not None:
            self._break_lines(incident.lost)

    def _reach(self) -> None:
        """Tell which phones and trunks can be reached now. A trunk can, unless all its site is lost."""
        pools = self.scenario.hotline.pools.values()
        off = {seat for seats in self._off.values() for seat in seats}
        self._exchange.agents = {seat for plan in pools if not plan.trunk for seat in plan.seats if seat not in off}
        plans = self.scenario.hotline.pools
        lost = {plans[name].over for name, seats in self._off.items() if len(seats) == len(plans[name].seats)}
        self._exchange.trunks = set(self.scenario.hotline.trunks) - lost
        self._exchange.look_at_phones()

    def _break_lines(self, pool: PoolName) -> None:
        trunk = self.scenario.hotline.pools[pool].over
        for leg, line in list(self._exchange.seats.items()):
            where = line.to.trunk if isinstance(line.to, c.TrunkLine) else None
            if where == trunk or (isinstance(line.to, c.AgentPhone) and line.to.agent in self._off[pool]):
                self._exchange.end_leg(leg, LegEnd.FAILED)

    # --- the run --------------------------------------------------------------------------------------------

    def _sample(self) -> None:
        self.figures.sample()
        over = self.clockwork.now >= self.scenario.begin + self.scenario.file.lasts
        if not over or self.clockwork.board.calls:
            self.clockwork.put(self.figures.every, self._sample)

    def _close_late(self) -> None:
        def close() -> None:
            for call in list(self._exchange.callers):
                self._exchange.hang_up_caller(call)

        self.clockwork.put(self.scenario.file.lasts + STAYS_AT_MOST, close, lambda: not self._exchange.callers)
