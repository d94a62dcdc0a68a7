"""Short words for what people do, so that a scenario reads as a timeline."""

from typing import TypeVar

from ivr_engine.core.call import Call, CallState
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model import commands as c
from ivr_engine.model.agents import OrderWord
from ivr_engine.model.causes import LegEnd, Outcome
from ivr_engine.model.events import AnyEvent
from ivr_engine.model.ids import CallId, LegId, PoolName
from ivr_engine.model.notices import AgentAnswered, Ended, Offered, Trouble
from ivr_engine.nodes import Node
from ivr_engine.simulator.exchange import Exchange
from tests.simulation.world import NUMBER, World

NoticeT = TypeVar("NoticeT")
CommandT = TypeVar("CommandT")


class Story(World):
    """A world in which every fact arrives at once, unless it is `held`."""

    def __init__(self, hotline: Hotline[Node], exchange: Exchange | None = None) -> None:
        super().__init__(hotline, exchange)
        self.held = False

    def _told(self) -> None:
        if not self.held:
            self.deliver_all()

    # --- callers --------------------------------------------------------------------------------------------

    def dial(self, number: str = NUMBER, caller: str = "138****0000", *, drill: bool = False) -> CallId:
        call = self.exchange.dial(number, caller, drill=drill)
        self._told()
        return call

    def listen(self, call: CallId, prompts: int = 1) -> None:
        """Hear prompts to their end."""
        for _ in range(prompts):
            self.exchange.end_play(call)
            self._told()

    def press(self, call: CallId, *digits: str) -> None:
        for digit in digits:
            self.exchange.press(call, digit)
            self._told()

    def enqueue(self, digit: str = "2") -> CallId:
        """A caller dials, hears the welcome, presses a key of the main menu, and hears the greeting."""
        call = self.dial()
        self.listen(call)
        self.press(call, digit)
        self.listen(call)
        return call

    def hang_up(self, call: CallId) -> None:
        self.exchange.hang_up_caller(call)
        self._told()

    # --- seats ----------------------------------------------------------------------------------------------

    def leg(self, call: CallId) -> LegId:
        leg = self.call(call).leg
        assert leg is not None, f"no seat is rung for {call}"
        return leg

    def seat(self, call: CallId) -> str:
        """The seat that rings for, or talks to, a caller."""
        return self.board.dispatch.offers[self.leg(call)].seat.id

    def ring(self, call: CallId) -> None:
        self.exchange.ring(self.leg(call))
        self._told()

    def pick_up(self, call: CallId) -> None:
        self.exchange.pick_up(self.leg(call))
        self._told()

    def end_leg(self, call: CallId, cause: LegEnd = LegEnd.HUNG_UP) -> None:
        self.exchange.end_leg(self.leg(call), cause)
        self._told()

    def only_agents(self, *agents: str, trunk: bool = False) -> None:
        """These agents' phones can be reached, and the trunk or not."""
        self.exchange.agents = set(agents)  # type: ignore[arg-type]
        self.exchange.trunks = {PoolName("chengdu")} if trunk else set()
        self.exchange.look_at_phones()
        self._told()

    def order(
        self, agent: str, word: OrderWord, seconds: float | None = None, reason: str = "", **more: str
    ) -> AgentAnswered:
        """Somebody tells an agent what to do."""
        answer = super().order(agent, word, seconds, reason, **more)
        self._told()
        return answer

    # --- the link -------------------------------------------------------------------------------------------

    def lose_link(self) -> None:
        self.exchange.lose_link()
        self._told()

    def restore_link(self) -> None:
        self.exchange.restore_link()
        self._told()

    def replace_engine(self, *, remembers: bool = True) -> None:
        self.kill_engine(remembers=remembers)
        self.deliver_all()

    def pass_time(self, seconds: float) -> None:
        self.advance(seconds)
        self._told()

    # --- looking --------------------------------------------------------------------------------------------

    def call(self, call: CallId) -> Call:
        return self.board.calls[call]

    def state(self, call: CallId) -> CallState:
        return self.call(call).state

    def all(self, kind: type[NoticeT]) -> list[NoticeT]:
        return [notice for notice in self.notices if isinstance(notice, kind)]

    def ordered(self, kind: type[CommandT]) -> list[CommandT]:
        return [order for orders in self.orders for order in orders if isinstance(order, kind)]

    def last_orders(self) -> list[c.AnyCommand]:
        """What the last fact led to, besides notices."""
        return [order for order in self.orders[-1] if not isinstance(order, c.Publish)]

    def after(self, fact: AnyEvent) -> list[c.AnyCommand]:
        """What one fact, told out of turn, leads to, besides notices."""
        self.tell(fact)
        return self.last_orders()

    def troubles(self) -> list[str]:
        return [notice.what for notice in self.all(Trouble)]

    def outcome(self, call: CallId) -> Outcome:
        (record,) = [notice.record for notice in self.all(Ended) if notice.call == call]
        return record.outcome

    def offers(self) -> list[tuple[CallId, str]]:
        return [(notice.call, notice.seat) for notice in self.all(Offered)]

    def hears(self, call: CallId) -> str:
        """The beginning of what a caller hears now: the last prompt of it in his language."""
        line = self.exchange.callers[call]
        if not line.plays:
            return "music" if line.music else "silence"
        (prompts,) = line.plays.values()
        return prompts[-1].text

    def type_keys(self, leg: LegId, keys: str) -> None:
        """The person at a seat presses keys of his phone."""
        for digit in keys:
            self.exchange.at_seats.press(leg, digit)
            self._told()

    def together(self, *lines: str) -> bool:
        """Whether these, and nobody else, are truly in one bridge."""
        return any(members == set(lines) for members in self.exchange.bridges.values())

    def joined(self, call: CallId) -> bool:
        """Whether a caller is truly in a bridge with somebody."""
        return any(call in members and len(members) == 2 for members in self.exchange.bridges.values())

    def end(self) -> None:
        """All hang up; nothing may be left of anybody."""
        self.held = False
        self.end_everything()
        self.check_nothing_left()
