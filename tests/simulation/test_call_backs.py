"""Who wants to be called back stands in the line at his old place, is rung once at a time, and is never forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.seat import SeatState
from ivr_engine.dialplan.load import load
from ivr_engine.model import commands as c
from ivr_engine.model.causes import CalledBack, LegEnd, Outcome
from ivr_engine.model.events import CallerPickedUp, WishesSeen
from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId, WishId
from ivr_engine.model.notices import CallBackTried, Connected, QueueChanged
from ivr_engine.model.wishes import Wish
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story

HOTLINE = load(Path(__file__).parent / "hotlines" / "call-backs.yaml", NODE_TYPES)
GENERAL, SALES = QueueName("general"), QueueName("sales")
ANNA, BERT, CLEO = "13800000001", "13800000002", "13800000003"


class Back(Story):
    """A story with a list of wishes, which is told whenever it changes."""

    def __init__(self) -> None:
        super().__init__(HOTLINE)
        self.wishes: dict[WishId, Wish] = {}

    def wish(self, number: str = ANNA, queue: QueueName = GENERAL, since: float | None = None) -> CallId:
        """Somebody wants to be called back; the call by which he will be."""
        name = WishId(f"sim-{len(self.wishes)}.9.wish{len(self.wishes)}")
        self.wishes[name] = Wish(name, queue, number, self.now if since is None else since)
        self.look()
        return self.call_for(name)

    def call_for(self, wish: WishId) -> CallId:
        """The call by which he will be called back; none if he stands in no line."""
        lines = self.board.dispatch.queues.values()
        found = (one.id for line in lines for one in line if one.wish and one.wish.wish == wish)
        return next(found, CallId(""))

    def look(self) -> None:
        self.tell(WishesSeen(tuple(self.wishes.values())))

    def forget(self) -> None:
        self.wishes.clear()
        self.look()

    def noted(self) -> None:
        """What was told of tries is in the list now, and the list is looked at."""
        for tried in self.all(CallBackTried):
            if tried.result is not CalledBack.NOT_REACHED:
                self.wishes.pop(tried.wish, None)
            elif tried.wish in self.wishes:
                self.wishes[tried.wish] = msgspec.structs.replace(self.wishes[tried.wish], attempts=tried.attempt)
        self.look()

    def away(self, call: CallId) -> Call:
        """One who is not on the line."""
        return next(one for queue in self.board.dispatch.queues.values() for one in queue if one.id == call)

    def agent_picks_up(self, call: CallId) -> None:
        leg = self.away(call).leg
        assert leg is not None
        self.exchange.pick_up(leg)
        self._told()

    def customer_picks_up(self, call: CallId) -> None:
        self.exchange.pick_up_caller(call)
        self._told()

    def waiting_caller(self, key: str = "1") -> CallId:
        call = self.dial()
        self.press(call, key)
        return call

    def tried(self) -> list[CalledBack]:
        return [tried.result for tried in self.all(CallBackTried)]

    def seat_state(self, agent: str) -> SeatState:
        return self.board.dispatch.seats.by_id[SeatId(agent)].state


@pytest.fixture
def story() -> Iterator[Back]:
    told = Back()
    told.exchange.trunks = {PoolName("carrier")}
    told.exchange.look_at_phones()
    told.deliver_all()
    yield told
    told.forget()
    told.end()


def busy(story: Back) -> CallId:
    """The only agent there is talks to somebody."""
    story.only_agents("1001")
    story.exchange.trunks = {PoolName("carrier")}
    story.exchange.look_at_phones()
    story.deliver_all()
    other = story.waiting_caller()
    story.pick_up(other)
    return other


# --- agent first --------------------------------------------------------------------------------------------


def test_his_agent_is_rung_then_he_and_they_talk(story: Back) -> None:
    back = story.wish()
    assert story.seat_state("1001") is SeatState.RINGING
    assert not story.ordered(c.CallOut), "not before an agent is there"
    story.agent_picks_up(back)
    (order,) = story.ordered(c.CallOut)
    assert (order.number, order.trunk, order.shows) == (ANNA, "carrier", "4000000400")
    assert not story.joined(back)
    story.customer_picks_up(back)
    assert story.joined(back)
    story.hang_up(back)
    assert story.tried() == [CalledBack.REACHED]
    assert story.outcome(back) is Outcome.ANSWERED


def test_who_is_away_does_not_count_among_those_who_wait_on_the_line(story: Back) -> None:
    busy(story)
    story.waiting_caller()
    since = story.now
    story.pass_time(5)
    story.wish(since=since - 100)
    back = story.wish(BERT, SALES, since - 50)
    told = [notice for notice in story.all(QueueChanged) if notice.queue in (GENERAL, SALES)]
    counts = {notice.queue: (notice.waiting, notice.oldest_since) for notice in told}
    assert counts == {GENERAL: (1, since), SALES: (0, None)}
    story.customer_picks_up(back)
    last = story.all(QueueChanged)[-1]
    assert (last.queue, last.waiting, last.oldest_since) == (SALES, 1, since - 50)


def test_he_keeps_the_place_he_had_among_those_on_the_line(story: Back) -> None:
    other = busy(story)
    first = story.waiting_caller()
    story.pass_time(30)
    back = story.wish(since=story.now - 100)
    later = story.waiting_caller()
    story.hang_up(other)
    story.pass_time(10)
    assert story.away(back).state is CallState.OFFERED
    story.agent_picks_up(back)
    story.customer_picks_up(back)
    story.hang_up(back)
    story.pass_time(10)
    assert story.state(first) is CallState.OFFERED
    assert story.state(later) is CallState.WAITING


def test_who_does_not_pick_up_costs_his_agent_no_more_than_the_ringing_and_is_tried_again(story: Back) -> None:
    back = story.wish()
    story.agent_picks_up(back)
    story.hang_up(back)  # his phone gives up ringing
    assert story.tried() == [CalledBack.NOT_REACHED]
    assert story.outcome(back) is Outcome.NOT_REACHED
    assert not story.exchange.seats, "the agent waits for nobody"
    story.look()  # the list is an old one: it does not know of the try yet
    assert not story.exchange.seats
    story.pass_time(600)
    story.noted()
    (wish,) = story.wishes
    again = story.call_for(wish)
    story.agent_picks_up(again)
    story.hang_up(again)
    assert story.tried() == [CalledBack.NOT_REACHED, CalledBack.GIVEN_UP], "two attempts, as the plan says"


def test_his_agent_hangs_up_while_his_phone_rings_and_nobody_is_left_with_a_dead_line(story: Back) -> None:
    back = story.wish()
    story.agent_picks_up(back)
    story.end_leg(back)
    assert back not in story.exchange.callers
    assert story.tried() == [CalledBack.NOT_REACHED]


def test_an_agent_who_does_not_answer_loses_him_nothing(story: Back) -> None:
    story.only_agents("1001", "1002")
    story.exchange.trunks = {PoolName("carrier")}
    story.exchange.look_at_phones()
    story.deliver_all()
    back = story.wish()
    leg = story.away(back).leg
    assert leg is not None
    story.exchange.end_leg(leg, LegEnd.REJECTED)
    story.deliver_all()
    assert story.away(back).state is CallState.OFFERED, "another is rung"
    assert not story.tried()


def test_who_is_called_by_people_meanwhile_is_taken_off_the_line(story: Back) -> None:
    back = story.wish()
    assert story.seat_state("1001") is SeatState.RINGING
    story.forget()
    story.pass_time(10)
    assert story.seat_state("1001") is SeatState.READY
    assert not story.tried()
    assert back not in [call.id for line in story.board.dispatch.queues.values() for call in line]


def test_a_queue_without_the_word_is_called_by_nobody(story: Back) -> None:
    story.wish(queue=QueueName("plain"))
    assert not story.exchange.seats
    story.wish(queue=QueueName("gone"))
    assert not story.exchange.seats


def test_a_number_the_carrier_does_not_take_ends_the_agents_waiting(story: Back) -> None:
    back = story.wish()
    story.exchange.refuse.add(c.CallOut)
    story.agent_picks_up(back)
    assert story.tried() == [CalledBack.NOT_REACHED]
    assert not story.exchange.seats


def test_no_agent_is_rung_for_one_whose_trunk_is_gone_and_no_try_is_lost(story: Back) -> None:
    story.exchange.trunks = set()
    story.exchange.look_at_phones()
    story.deliver_all()
    story.wish()
    assert not story.exchange.seats
    story.exchange.trunks = {PoolName("carrier")}
    story.exchange.look_at_phones()
    story.deliver_all()
    story.look()
    (wish,) = story.wishes
    back = story.call_for(wish)
    story.exchange.trunks = set()
    story.exchange.look_at_phones()
    story.deliver_all()
    story.agent_picks_up(back)
    assert not story.ordered(c.CallOut)
    assert not story.exchange.seats, "the agent does not wait for a line that is not there"
    assert not story.tried()


# --- customer first -----------------------------------------------------------------------------------------


def test_a_customer_is_rung_when_nobody_on_the_line_is_before_him(story: Back) -> None:
    other = busy(story)
    first = story.waiting_caller("2")
    story.pass_time(1)
    back = story.wish(queue=SALES)
    assert not story.ordered(c.CallOut)
    story.hang_up(first)
    (order,) = story.ordered(c.CallOut)
    assert order.shows == "02088880000"
    story.customer_picks_up(back)
    assert story.hears(back) == "您好，给您回电。"
    assert story.state(back) is CallState.WAITING
    later = story.waiting_caller("2")
    story.hang_up(other)
    story.pass_time(10)
    assert (story.state(back), story.state(later)) == (CallState.OFFERED, CallState.WAITING)
    story.pick_up(back)
    story.listen(back) if story.exchange.callers[back].plays else None
    assert story.joined(back)
    (talk,) = [notice for notice in story.all(Connected) if notice.call == back]
    assert talk.queue == SALES


def test_no_more_customers_are_rung_at_once_than_seats_are_ready(story: Back) -> None:
    story.only_agents("1001", "1002")
    story.exchange.trunks = {PoolName("carrier")}
    story.exchange.look_at_phones()
    story.deliver_all()
    backs = [story.wish(number, SALES) for number in (ANNA, BERT, CLEO)]
    assert [order.call for order in story.ordered(c.CallOut)] == backs[:2]
    story.hang_up(backs[0])
    assert [order.call for order in story.ordered(c.CallOut)] == backs


def test_one_who_hangs_up_again_before_anybody_comes_is_not_done(story: Back) -> None:
    busy(story)
    back = story.wish(queue=SALES)
    story.customer_picks_up(back)
    story.hang_up(back)
    assert story.tried() == [CalledBack.NOT_REACHED]
    assert story.outcome(back) is Outcome.ABANDONED_IN_QUEUE


# --- engines come and go ------------------------------------------------------------------------------------


def test_a_new_engine_rings_nobody_twice_and_forgets_nobody(story: Back) -> None:
    back = story.wish()
    story.agent_picks_up(back)
    story.replace_engine()
    assert not story.exchange.callers, "nobody knows for whom his phone rings"
    assert not story.exchange.seats
    story.advance(10)
    story.deliver_all()
    story.look()
    (wish,) = story.wishes
    again = story.call_for(wish)
    assert again != back, "no line is named twice"
    story.agent_picks_up(again)
    story.customer_picks_up(again)
    assert story.joined(again)


def test_a_talk_outlives_the_engine_and_counts(story: Back) -> None:
    back = story.wish()
    story.agent_picks_up(back)
    story.customer_picks_up(back)
    story.replace_engine()
    story.look()
    assert story.joined(back)
    story.hang_up(back)
    assert story.tried() == [CalledBack.REACHED]


def test_one_who_picks_up_while_nobody_looks_is_joined_afterwards(story: Back) -> None:
    back = story.wish()
    story.agent_picks_up(back)
    story.lose_link()
    story.exchange.pick_up_caller(back)
    story.restore_link()
    assert story.joined(back)


def test_one_whose_phone_still_rings_after_a_lost_link_goes_on_ringing(story: Back) -> None:
    back = story.wish()
    story.agent_picks_up(back)
    story.lose_link()
    story.restore_link()
    assert story.state(back) is CallState.DIALLING
    story.customer_picks_up(back)
    assert story.joined(back)


def test_one_whom_an_engine_before_us_has_rung_is_hung_up(story: Back) -> None:
    stranger = CallId("sim-7-9-wish3.1")
    assert story.after(CallerPickedUp(stranger)) == [c.HangUpCall(stranger)]


def test_a_reload_that_takes_the_word_away_rings_nobody(story: Back) -> None:
    back = story.wish()
    general = replace(HOTLINE.queues[GENERAL], call_back=None)
    story.reload(replace(HOTLINE, queues={**HOTLINE.queues, GENERAL: general}, version="other"))
    story.deliver_all()
    story.agent_picks_up(back)
    assert not story.ordered(c.CallOut)
    assert not story.exchange.seats
