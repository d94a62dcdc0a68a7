"""From "a phone was picked up" to "a person has taken the call": asked, told, and rung together with others."""

from dataclasses import replace

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.core.seat import SeatState
from ivr_engine.dialplan.accepting import ConfirmPlan, WhisperPlan
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.text import Text
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import CallerLeft, LegPressed
from ivr_engine.model.ids import CallId, LegId, PoolName, QueueName, SeatId
from ivr_engine.model.notices import CallShown, CallsMissed, Connected, OfferEnded, Ringing
from ivr_engine.model.screens import ShownCall
from ivr_engine.nodes import Node
from tests.simulation.lossy import LossyExchange
from tests.simulation.stories import Story
from tests.simulation.world import acme

GENERAL, CHENGDU = QueueName("general"), PoolName("chengdu")
ASK, TAKEN = Text({"zh-CN": "按 1 接听。"}), Text({"zh-CN": "正在接通。"})
WHISPER = WhisperPlan(Text({"zh-CN": "等了<wait as duration>。"}), {"vip": Text({"zh-CN": "贵宾。"})})


def careful(*, several: int = 1, whisper: WhisperPlan | None = None, confirm: bool = False) -> Hotline[Node]:
    hotline = acme()
    general = replace(hotline.queues[GENERAL], ring_several=several, whisper=whisper)
    chengdu = replace(hotline.pools[CHENGDU], confirm=ConfirmPlan(ASK, TAKEN, 10.0) if confirm else None)
    return replace(
        hotline,
        version="careful",
        queues={**hotline.queues, GENERAL: general},
        pools={**hotline.pools, CHENGDU: chengdu},
    )


def seat_state(story: Story, seat: str) -> SeatState:
    return story.board.dispatch.seats.by_id[SeatId(seat)].state


def says(story: Story, leg: LegId) -> list[str]:
    """What the person at a seat hears now."""
    return [prompt.text for prompts in story.exchange.seats[leg].plays.values() for prompt in prompts]


def press(story: Story, leg: LegId, digit: str) -> None:
    story.exchange.at_seats.press(leg, digit)
    story.deliver_all()


def listen(story: Story, leg: LegId) -> None:
    story.exchange.at_seats.end(leg)
    story.deliver_all()


def pick_up(story: Story, leg: LegId) -> None:
    story.exchange.pick_up(leg)
    story.deliver_all()


@pytest.fixture
def outside() -> tuple[Story, CallId, LegId]:
    """A caller for whom somebody outside has picked up, who is asked whether he takes the call."""
    story = Story(careful(confirm=True))
    story.only_agents(trunk=True)
    call = story.enqueue()
    leg = story.leg(call)
    pick_up(story, leg)
    return story, call, leg


# --- asked --------------------------------------------------------------------------------------------------


def test_who_picks_up_outside_is_asked_and_his_caller_hears_nothing_of_it(outside: tuple[Story, CallId, LegId]) -> None:
    story, call, leg = outside
    assert says(story, leg) == ["按 1 接听。", "按 1 接听。"], "he hears it again, who said his name first"
    assert story.state(call) is CallState.OFFERED
    assert seat_state(story, "chengdu#1") is SeatState.RINGING
    line = story.exchange.callers[call]
    assert line.music
    assert not line.plays
    assert not story.ordered(c.Join)


def test_by_the_key_he_takes_the_call_and_hears_that_he_does(outside: tuple[Story, CallId, LegId]) -> None:
    story, call, leg = outside
    press(story, leg, "1")
    assert says(story, leg) == ["正在接通。"]
    assert not story.ordered(c.Join), "he would not hear the end of it"
    listen(story, leg)
    assert story.state(call) is CallState.TALKING
    assert seat_state(story, "chengdu#1") is SeatState.TALKING
    assert not story.all(OfferEnded)


@pytest.mark.parametrize("digit", list("02345678*#9"))
def test_any_other_key_is_a_no(outside: tuple[Story, CallId, LegId], digit: str) -> None:
    story, call, leg = outside
    press(story, leg, digit)
    assert leg not in story.exchange.seats
    assert [(ended.seat, ended.cause) for ended in story.all(OfferEnded)] == [("chengdu#1", LegEnd.NO_ANSWER)]
    assert call in story.board.calls
    assert not story.ordered(c.Join)


def test_a_mailbox_that_talks_for_as_long_as_it_likes_is_no_person(outside: tuple[Story, CallId, LegId]) -> None:
    story, call, leg = outside
    story.pass_time(9.9)
    assert leg in story.exchange.seats
    listen(story, leg)
    story.pass_time(0.2)
    assert leg not in story.exchange.seats
    assert story.all(OfferEnded)[0].cause is LegEnd.NO_ANSWER
    assert story.state(call) is CallState.OFFERED, "the next one is rung"
    assert story.seat(call) == "chengdu#2"
    assert not story.ordered(c.Join)


def test_who_hangs_up_when_asked_has_not_taken_it_either(outside: tuple[Story, CallId, LegId]) -> None:
    story, call, leg = outside
    offer = story.board.dispatch.offers[leg]
    assert offer.is_missed_by(LegEnd.HUNG_UP)
    assert not offer.is_missed_by(LegEnd.LOST)
    story.exchange.end_leg(leg, LegEnd.HUNG_UP)
    story.deliver_all()
    assert story.seat(call) == "chengdu#2"


def test_the_key_that_comes_too_late_takes_nothing(outside: tuple[Story, CallId, LegId]) -> None:
    story, call, leg = outside
    story.slow = True
    story.pass_time(10)  # our order to hang up is on its way
    story.tell(LegPressed(leg, "1"))
    story.slow = False
    story.carry_out_all()
    story.deliver_all()
    assert leg not in story.exchange.seats
    assert not story.ordered(c.Join)
    assert story.seat(call) == "chengdu#2"


def test_a_caller_who_leaves_meanwhile_frees_the_seat(outside: tuple[Story, CallId, LegId]) -> None:
    story, call, leg = outside
    story.hang_up(call)
    assert leg not in story.exchange.seats
    assert seat_state(story, "chengdu#1") is SeatState.READY


def test_a_key_of_one_whose_caller_has_just_left_takes_nothing(outside: tuple[Story, CallId, LegId]) -> None:
    story, call, leg = outside
    story.slow = True
    story.exchange.hang_up_caller(call)
    story.tell(CallerLeft(call))
    story.tell(LegPressed(leg, "1"))
    assert not story.ordered(c.Join)


def test_agents_who_do_not_press_are_paused_like_those_who_do_not_pick_up() -> None:
    hotline = careful()
    local = replace(hotline.pools[PoolName("local")], confirm=ConfirmPlan(ASK, TAKEN, 10.0), after_misses=2)
    story = Story(replace(hotline, pools={**hotline.pools, PoolName("local"): local}))
    story.only_agents("1001", "1002")
    call = story.enqueue()
    for _ in range(4):
        pick_up(story, story.leg(call))
        story.pass_time(10)
        story.pass_time(5)  # who was rung in vain is left alone so long
    assert [(missed.agent, missed.calls) for missed in story.all(CallsMissed)] == [("1001", 2)]


def test_a_caller_who_was_asked_for_when_the_link_broke_is_asked_for_again(
    outside: tuple[Story, CallId, LegId],
) -> None:
    story, call, leg = outside
    story.lose_link()
    story.exchange.at_seats.press(leg, "1")  # nobody sees it
    story.restore_link()
    assert story.state(call) is CallState.OFFERED
    assert says(story, leg) == ["按 1 接听。", "按 1 接听。"]
    press(story, leg, "1")
    listen(story, leg)
    assert story.state(call) is CallState.TALKING


def test_after_a_restart_nobody_knows_who_was_asked_so_his_line_ends(outside: tuple[Story, CallId, LegId]) -> None:
    story, call, leg = outside
    story.replace_engine()
    assert leg not in story.exchange.seats
    assert story.state(call) is CallState.OFFERED
    assert story.leg(call) != leg


def test_only_the_answer_to_our_question_is_written_into_the_journal(outside: tuple[Story, CallId, LegId]) -> None:
    story, _, leg = outside
    assert not story.board.is_private(LegPressed(leg, "1"))
    press(story, leg, "1")
    listen(story, leg)
    assert story.board.is_private(LegPressed(leg, "4")), "it may be a PIN"
    assert story.board.is_private(LegPressed(LegId("sim-9.0.leg1"), "4"))


# --- told ---------------------------------------------------------------------------------------------------


def test_an_agent_hears_what_it_is_about_before_he_is_joined_and_his_caller_hears_music() -> None:
    story = Story(careful(whisper=WHISPER))
    story.only_agents()
    call = story.enqueue()
    story.pass_time(130)
    story.call(call).tag("vip", "other")
    story.only_agents("1001")
    leg = story.leg(call)
    pick_up(story, leg)
    assert says(story, leg) == ["等了", "2", "分钟", "。", "贵宾。"] or says(story, leg)[-1] == "贵宾。"
    assert story.state(call) is CallState.OFFERED
    assert seat_state(story, "1001") is SeatState.TALKING
    assert story.exchange.callers[call].music
    listen(story, leg)
    assert story.state(call) is CallState.TALKING
    assert not story.exchange.callers[call].music
    assert len(story.all(Connected)) == 1


def test_what_cannot_be_said_keeps_nobody_from_his_caller() -> None:
    story = Story(careful(whisper=WHISPER))
    call = story.enqueue()
    story.exchange.refuse.add(c.SpeakToSeat)
    story.pick_up(call)
    assert story.state(call) is CallState.TALKING


def test_an_agent_who_hangs_up_when_he_hears_what_it_is_about_leaves_the_caller_his_place() -> None:
    story = Story(careful(whisper=WHISPER))
    story.only_agents("1001")
    call = story.enqueue()
    story.pass_time(3)
    later = story.enqueue()
    story.pick_up(call)
    story.end_leg(call)
    assert story.state(call) is CallState.WAITING
    assert seat_state(story, "1001") is SeatState.WRAP_UP
    story.pass_time(10)
    assert story.state(call) is CallState.OFFERED, "he was before the other one, and is"
    assert story.state(later) is CallState.WAITING


def test_a_caller_who_hangs_up_while_his_agent_is_told_frees_him_without_a_rest() -> None:
    story = Story(careful(whisper=WHISPER))
    story.only_agents("1001")
    call = story.enqueue()
    leg = story.leg(call)
    pick_up(story, leg)
    story.hang_up(call)
    assert leg not in story.exchange.seats
    assert seat_state(story, "1001") is SeatState.READY, "he has talked to nobody"


def test_what_an_agent_was_told_when_the_link_broke_is_told_again() -> None:
    story = Story(careful(whisper=WHISPER))
    call = story.enqueue()
    leg = story.leg(call)
    pick_up(story, leg)
    story.lose_link()
    story.exchange.at_seats.end(leg)
    story.restore_link()
    assert story.state(call) is CallState.OFFERED
    listen(story, leg)
    assert story.state(call) is CallState.TALKING


def test_words_whose_end_nobody_was_told_are_over_after_two_looks() -> None:
    story = Story(careful(whisper=WHISPER), LossyExchange())
    story.lost, story.faultless = True, False
    call = story.enqueue()
    leg = story.leg(call)
    pick_up(story, leg)
    story.exchange.linked = False  # so it is not told
    story.exchange.at_seats.end(leg)
    story.exchange.linked = True
    for _ in range(2):
        assert story.state(call) is CallState.OFFERED
        story.look()
        story.deliver_all()
    assert story.state(call) is CallState.TALKING


def test_words_that_were_never_said_are_over_after_two_looks() -> None:
    story = Story(careful(whisper=WHISPER), exchange := LossyExchange())
    story.lost, story.faultless = True, False
    exchange.swallow.add(c.SpeakToSeat)
    call = story.enqueue()
    story.pick_up(call)
    for _ in range(2):
        assert story.state(call) is CallState.OFFERED
        story.look()
        story.deliver_all()
    assert story.state(call) is CallState.TALKING


# --- shown --------------------------------------------------------------------------------------------------


def shown_to(story: Story, agent: str) -> list[ShownCall | None]:
    return [notice.call for notice in story.all(CallShown) if notice.agent == agent]


def test_an_agent_sees_who_calls_before_his_phone_rings_and_nothing_after_it() -> None:
    hotline = careful()
    general = replace(hotline.queues[GENERAL], script="Good morning.", authority={"refund": "200"})
    story = Story(replace(hotline, queues={**hotline.queues, GENERAL: general}))
    story.only_agents()
    call = story.enqueue()
    one = story.call(call)
    one.values.update(name="Wang", card="6222020200112233")
    one.secrets.add("card")
    one.tag("vip")
    since = one.enqueued_at
    story.pass_time(3)
    story.only_agents("1001")
    (rung,) = [orders for orders in story.orders if any(isinstance(order, c.RingSeat) for order in orders)]
    assert any(isinstance(order, c.Publish) and isinstance(order.notice, CallShown) for order in rung)
    (shown,) = shown_to(story, "1001")
    assert shown is not None
    assert (shown.call, shown.queue, shown.pool, shown.waiting_since) == (call, GENERAL, "local", since)
    assert (shown.script, shown.authority, shown.tags) == ("Good morning.", {"refund": "200"}, ("vip",))
    assert shown.values == {"name": "Wang"}, "what is secret is on no screen"
    story.pick_up(call)
    assert len(shown_to(story, "1001")) == 1, "it stays while they talk"
    story.end_leg(call)
    assert shown_to(story, "1001") == [shown, None]


def test_after_a_restart_the_call_an_agent_has_is_on_his_screen_again() -> None:
    story = Story(careful())
    story.only_agents("1001")
    call = story.enqueue()
    story.pick_up(call)
    known = len(story.notices)
    story.replace_engine()
    again = [one for one in story.notices[known:] if isinstance(one, CallShown)]
    assert [(one.agent, one.call and one.call.call) for one in again] == [("1001", call)]


def test_a_line_to_another_site_has_no_screen() -> None:
    story = Story(careful(confirm=True))
    story.only_agents(trunk=True)
    story.hang_up(story.enqueue())
    assert not story.all(CallShown)


# --- rung together ------------------------------------------------------------------------------------------


def legs_of(story: Story, call: CallId) -> dict[str, LegId]:
    one = story.call(call)
    return {story.board.dispatch.offers[leg].seat.id: leg for leg in (one.leg, *one.beside) if leg}


def test_as_many_seats_as_the_queue_says_ring_for_the_first_caller() -> None:
    story = Story(careful(several=2))
    story.only_agents("1001", "1002", "1003")
    call, second = story.enqueue(), story.enqueue()
    assert set(legs_of(story, call)) == {"1001", "1002"}
    assert set(legs_of(story, second)) == {"1003"}


def test_who_takes_the_call_first_has_it_and_the_others_have_missed_nothing() -> None:
    story = Story(careful(several=3))
    story.only_agents("1001", "1002", "1003")
    call = story.enqueue()
    legs = legs_of(story, call)
    for leg in legs.values():
        story.exchange.ring(leg)
    story.deliver_all()
    pick_up(story, legs["1002"])
    assert story.state(call) is CallState.TALKING
    assert story.seat(call) == "1002"
    assert set(story.exchange.seats) == {legs["1002"]}
    for agent in ("1001", "1003"):
        assert seat_state(story, agent) is SeatState.READY
        assert story.board.dispatch.seats.by_id[SeatId(agent)].missed == 0
    assert not story.all(OfferEnded)
    assert [ring.since_queued is not None for ring in story.all(Ringing)] == [True, False, False]


def test_of_two_who_pick_up_at_the_same_moment_one_is_joined() -> None:
    story = Story(careful(several=3))
    story.only_agents("1001", "1002", "1003")
    call = story.enqueue()
    legs = legs_of(story, call)
    for leg in legs.values():
        story.exchange.pick_up(leg)  # all three before we have heard of the first
    story.deliver_all()
    assert len(story.ordered(c.Join)) == 1
    assert len(story.exchange.seats) == 1
    assert [seat_state(story, agent) for agent in ("1002", "1003")] == [SeatState.READY] * 2


def test_who_does_not_pick_up_has_missed_it_while_the_others_ring_on() -> None:
    story = Story(careful(several=2))
    story.only_agents("1001", "1002")
    call = story.enqueue()
    legs = legs_of(story, call)
    story.exchange.end_leg(legs["1001"], LegEnd.BUSY)
    story.deliver_all()
    assert story.state(call) is CallState.OFFERED
    assert story.seat(call) == "1002"
    assert [ended.seat for ended in story.all(OfferEnded)] == ["1001"]
    pick_up(story, legs["1002"])
    assert story.state(call) is CallState.TALKING


def test_a_seat_that_gets_ready_rings_too_when_nobody_else_could_have_it() -> None:
    story = Story(careful(several=2))
    story.only_agents("1001")
    call = story.enqueue()
    assert set(legs_of(story, call)) == {"1001"}
    story.only_agents("1001", "1002")
    assert set(legs_of(story, call)) == {"1001", "1002"}


def test_a_caller_who_leaves_stops_all_that_ring_for_him() -> None:
    story = Story(careful(several=3))
    call = story.enqueue()
    assert len(story.exchange.seats) == 3
    story.hang_up(call)
    assert not story.exchange.seats


def test_an_agent_who_pauses_while_he_rings_with_others_leaves_them_ringing() -> None:
    story = Story(careful(several=2))
    story.only_agents("1001", "1002")
    call = story.enqueue()
    story.order("1001", "pause")
    assert story.state(call) is CallState.OFFERED
    assert story.seat(call) == "1002"
    story.pick_up(call)
    assert story.state(call) is CallState.TALKING


def test_the_first_who_presses_has_it_when_several_outside_are_asked() -> None:
    story = Story(careful(several=2, confirm=True))
    story.only_agents(trunk=True)
    call = story.enqueue()
    legs = legs_of(story, call)
    for leg in legs.values():
        pick_up(story, leg)
    press(story, legs["chengdu#2"], "1")
    assert set(story.exchange.seats) == {legs["chengdu#2"]}
    listen(story, legs["chengdu#2"])
    assert story.state(call) is CallState.TALKING


def test_after_a_restart_one_of_those_who_rang_rings_again() -> None:
    story = Story(careful(several=3))
    call = story.enqueue()
    before = set(story.exchange.seats)
    story.replace_engine()
    assert not before & set(story.exchange.seats)
    story.pass_time(6)
    assert len(legs_of(story, call)) == 3
