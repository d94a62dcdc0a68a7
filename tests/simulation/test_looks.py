"""What is believed is compared with what there is: what did not fit in two looks is put right, and told."""

from typing import Any, TypeGuard

import msgspec
import pytest

from ivr_engine.core.call import CallState
from ivr_engine.core.seat import SeatState
from ivr_engine.errors import IllegalTransition
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd, Outcome
from ivr_engine.model.events import CallArrived, CallerLeft, Joined, LegAnswered, LegEnded, LinesSeen, PromptFinished
from ivr_engine.model.ids import BridgeId, CallId, LegId, SeatId
from ivr_engine.model.notices import Arrived, Ended, Trouble, TroubleKind
from tests.simulation.invariants import belief_is_reality
from tests.simulation.lossy import LossyExchange
from tests.simulation.stories import Story
from tests.simulation.world import NUMBER, acme


class Lossy(Story):
    """A story on an exchange that loses what it is told to."""

    exchange: LossyExchange

    def __init__(self) -> None:
        super().__init__(acme(), LossyExchange())

    def lose(self, *kinds: type) -> None:
        self.exchange.lose.update(kinds)
        self.lost, self.faultless = True, False

    def swallow(self, *kinds: type) -> None:
        self.exchange.swallow.update(kinds)
        self.lost, self.faultless = True, False

    def looks(self, times: int = 2) -> None:
        for _ in range(times):
            self.look()
            self.deliver_all()

    def repairs(self) -> list[str]:
        told = [notice.what for notice in self.all(Trouble) if notice.kind is TroubleKind.REPAIRED]
        return [what.partition(":")[0] for what in told]


@pytest.fixture
def story() -> Lossy:
    return Lossy()


def seat(story: Story, name: str) -> SeatState:
    return story.board.dispatch.seats.by_id[SeatId(name)].state


# --- facts that were lost ---------------------------------------------------------------------------------------


def test_a_caller_whose_leaving_was_lost_frees_his_seat_after_two_looks(story: Lossy) -> None:
    call = story.enqueue()
    story.ring(call)
    story.lose(CallerLeft)
    story.hang_up(call)
    story.looks(1)
    assert call in story.board.calls
    assert not story.repairs()
    story.looks(1)
    assert story.repairs() == ["the caller is believed to be here, and has no line"]
    assert story.outcome(call) is Outcome.ABANDONED_IN_QUEUE
    assert not story.exchange.seats
    assert seat(story, "1001") is SeatState.READY
    story.end()


def test_a_seat_whose_lines_end_was_lost_is_rung_again(story: Lossy) -> None:
    story.only_agents("1001")
    call = story.enqueue()
    story.lose(LegEnded)
    story.end_leg(call, LegEnd.BUSY)
    assert seat(story, "1001") is SeatState.RINGING  # for ever, did nobody look
    story.looks()
    story.pass_time(5)
    assert [agent for _, agent in story.offers()] == ["1001", "1001"]
    story.pick_up(call)
    assert story.joined(call)
    assert story.repairs() == ["a line to a seat is believed to be open, and is not there"]


def test_an_agent_whose_talk_ended_unseen_rests_and_his_caller_is_not_left_alone(story: Lossy) -> None:
    call = story.enqueue()
    story.pick_up(call)
    story.lose(LegEnded)
    story.end_leg(call)
    story.looks()
    assert call not in story.board.calls
    assert seat(story, "1001") is SeatState.WRAP_UP
    story.end()


def test_who_picked_up_unseen_is_joined(story: Lossy) -> None:
    call = story.enqueue()
    story.lose(LegAnswered)
    story.pick_up(call)
    story.looks()
    assert story.joined(call)
    assert story.state(call) is CallState.TALKING
    story.end()


def test_who_was_joined_unseen_is_joined_anew(story: Lossy) -> None:
    call = story.enqueue()
    story.lose(Joined)
    story.pick_up(call)
    assert story.state(call) is CallState.JOINING
    story.looks()
    assert story.state(call) is CallState.TALKING
    belief_is_reality(story)
    story.end()


def test_a_caller_whose_prompt_ended_unseen_goes_on(story: Lossy) -> None:
    call = story.dial()
    story.lose(PromptFinished)
    story.listen(call)
    assert story.hears(call) == "silence"
    story.looks()
    assert story.hears(call).startswith("产品安全问题请按1")
    assert story.repairs() == ["the caller is believed to hear something, and it is over"]


def test_a_caller_nobody_told_us_of_is_welcomed_and_what_he_does_is_seen(story: Lossy) -> None:
    story.lose(CallArrived)
    call = story.dial()
    story.looks(1)
    assert call not in story.board.calls  # he may be on his way
    story.looks(1)
    assert story.hears(call).startswith("您好")
    story.listen(call)
    story.press(call, "2")
    assert story.call(call).queue == "general"
    story.hang_up(call)
    assert call not in story.board.calls
    story.end()


def test_a_rest_whose_timer_never_told_is_over_all_the_same(story: Lossy) -> None:
    call = story.enqueue()
    story.pick_up(call)
    story.end_leg(call)
    rest = story.board.dispatch.seats.by_id[SeatId("1001")].rest
    assert rest is not None
    story.lose_timer(rest)
    story.pass_time(20)
    assert seat(story, "1001") is SeatState.WRAP_UP
    story.looks()
    assert seat(story, "1001") is SeatState.READY
    story.end()


def test_an_offer_ends_although_its_timer_and_its_lines_end_are_lost(story: Lossy) -> None:
    story.only_agents("1001")
    call = story.enqueue()
    timer = story.board.dispatch.offers[story.leg(call)].timer
    assert timer is not None
    story.lose_timer(timer)
    story.lose(LegEnded)
    story.pass_time(30)
    story.looks(4)
    assert story.exchange.seats == {}
    assert story.state(call) is CallState.WAITING
    story.pass_time(5)
    assert story.state(call) is CallState.OFFERED
    story.end()


# --- orders that came to nothing --------------------------------------------------------------------------------


def test_a_seat_that_was_never_rung_is_rung(story: Lossy) -> None:
    story.swallow(c.RingSeat)
    call = story.enqueue()
    first = story.leg(call)
    story.looks()
    assert story.leg(call) != first
    story.pick_up(call)
    assert story.joined(call)


@pytest.mark.parametrize("order", [c.HangUpLeg, c.DropBridge, c.HangUpCall])
def test_what_should_have_ended_is_ended(story: Lossy, order: type) -> None:
    call = story.enqueue()
    story.pick_up(call)
    story.swallow(order)
    if order is c.HangUpCall:
        story.end_leg(call)
    else:
        story.hang_up(call)
    story.looks()
    assert (story.exchange.callers, story.exchange.seats, story.exchange.bridges) == ({}, {}, {})
    assert len(story.repairs()) == 1
    story.end()


def test_two_who_were_never_joined_are_joined(story: Lossy) -> None:
    call = story.enqueue()
    story.swallow(c.Join)
    story.pick_up(call)
    story.looks()
    assert story.joined(call)
    story.end()


# --- what others did behind our back ----------------------------------------------------------------------------


def test_a_bridge_taken_down_in_mid_talk_is_built_again_and_the_next_engine_knows_it(story: Lossy) -> None:
    call = story.enqueue()
    story.pick_up(call)
    story.lose()
    story.exchange.bridges.clear()
    story.looks()
    assert story.joined(call)
    talk = story.call(call).talk
    story.replace_engine()
    assert story.joined(call)
    assert story.call(call).talk == talk
    story.end()


def test_a_line_and_a_bridge_nobody_knows_are_taken_down_and_the_seat_is_not_rung_before(story: Lossy) -> None:
    story.lose()
    ghost = LegId("sim-77.0.leg1")
    story.exchange.execute(c.RingSeat(CallId("sim-77.0"), ghost, c.AgentPhone(SeatId("1001")), "", 10))
    story.exchange.bridges[BridgeId("sim-77.0.bridge2")] = set()
    story.exchange.swallow.add(c.HangUpLeg)
    story.looks()
    assert seat(story, "1001") is SeatState.RINGING
    story.looks()
    assert (story.exchange.seats, story.exchange.bridges) == ({}, {})
    assert seat(story, "1001") is SeatState.READY
    story.end()


# --- what only we got wrong -------------------------------------------------------------------------------------


def test_a_seat_and_a_caller_left_behind_by_a_decision_that_failed_are_free_again(
    story: Lossy, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = story.enqueue()
    old = story.leg(call)
    story.lose()

    def fail(*_: object, **__: object) -> None:
        raise IllegalTransition("a bug")

    monkeypatch.setattr(story.board.dispatch.seats, "free", fail)
    with pytest.raises(IllegalTransition):
        story.board.handle(LegEnded(old, LegEnd.BUSY), story.now)
    monkeypatch.undo()
    story.board.leftovers()
    story.exchange.seats.clear()
    assert seat(story, "1001") is SeatState.RINGING
    assert story.state(call) is CallState.OFFERED
    story.exchange.look_at_lines()
    seen = story.exchange.facts.pop()
    story.board.handle(seen, story.now)
    orders = story.board.handle(seen, story.now + 5)
    told = {order.notice.what.partition(":")[0] for order in orders if is_trouble(order)}
    assert told == {
        "a seat is believed to have a call, and has no line",
        "a seat is believed to ring for the caller or to talk to him, and none does",
    }
    assert seat(story, "1001") is SeatState.WRAP_UP
    assert story.seat(call) == "1002"


def test_a_caller_whose_step_waits_for_nothing_is_brought_to_it_again(story: Lossy) -> None:
    call = story.dial()
    story.listen(call)
    story.lose()
    story.board.ivr.end_visit(story.call(call))
    story.board.leftovers()
    story.exchange.look_at_lines()
    seen = story.exchange.facts.pop()
    story.board.handle(seen, story.now)
    orders = story.board.handle(seen, story.now + 5)
    assert [type(order) for order in orders if not isinstance(order, c.Publish)] == [c.SaveState, c.Play]


# --- a look alone means nothing ---------------------------------------------------------------------------------


def test_what_orders_are_on_their_way_to_is_not_judged(story: Lossy) -> None:
    story.only_agents()
    call = story.enqueue()
    story.slow = True
    story.only_agents("1001")
    assert story.leg(call) in story.lanes
    for _ in range(3):
        story.exchange.look_at_lines(frozenset(story.lanes))
        story.deliver_all()
    story.slow = False
    story.carry_out_all()
    assert not story.repairs()
    story.pick_up(call)
    assert story.joined(call)


def test_looks_before_the_link_was_lost_do_not_count(story: Lossy) -> None:
    call = story.enqueue()
    story.lose(LegEnded)
    story.end_leg(call)
    story.looks(1)
    story.lose_link()
    story.restore_link()
    story.looks(2)
    assert not story.repairs()
    assert story.exchange.seats.keys() == {story.leg(call)}


def take_in(story: Story, kind: type) -> None:
    """Let a fact overtake those before it."""
    fact = next(fact for fact in story.exchange.facts if isinstance(fact, kind))
    story.exchange.facts.remove(fact)
    story.tell(fact)


def test_who_came_after_one_look_and_left_before_the_next_is_not_taken_for_another_caller(story: Lossy) -> None:
    call = story.exchange.dial(NUMBER)
    story.exchange.look_at_lines()
    take_in(story, LinesSeen)  # it shows him, and nobody has told of him yet
    take_in(story, CallArrived)
    story.exchange.look_at_lines()
    story.exchange.hang_up_caller(call)
    take_in(story, CallerLeft)
    take_in(story, LinesSeen)  # it shows him, and he has gone
    assert not story.board.calls
    assert not story.repairs()
    assert len(story.all(Arrived)) == len(story.all(Ended)) == 1


def test_most_looks_are_short_in_the_journal(story: Lossy) -> None:
    story.enqueue()
    story.exchange.look_at_lines()
    seen = story.exchange.facts.pop()
    assert len(msgspec.json.encode(story.board.in_short(seen, story.now))) < 100
    story.exchange.dial(NUMBER)
    story.exchange.facts.clear()
    story.exchange.look_at_lines()
    odd = story.exchange.facts.pop()
    assert story.board.in_short(odd, story.now) is odd


def is_trouble(order: c.AnyCommand) -> TypeGuard[Any]:
    return isinstance(order, c.Publish) and isinstance(order.notice, Trouble)
