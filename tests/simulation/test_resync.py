"""What becomes of everybody when the link was lost, or an engine killed, with changes in between."""

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.core.seat import SeatState
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd, Outcome
from ivr_engine.model.events import CrisisOrdered, Resynced
from ivr_engine.model.found import FoundLeg
from ivr_engine.model.ids import BridgeId, LegId, SeatId, call_of
from ivr_engine.model.notices import Ended, LinkChanged
from tests.simulation.stories import Story


def state_of(story: Story, seat: str) -> SeatState:
    return story.board.dispatch.seats.by_id[SeatId(seat)].state


def links(story: Story) -> list[tuple[bool, int, int]]:
    return [(notice.up, notice.adopted, notice.lost) for notice in story.all(LinkChanged)]


# --- the engine is killed -----------------------------------------------------------------------------------


def test_a_caller_in_the_welcome_is_welcomed_again_by_the_next_engine(story: Story) -> None:
    call = story.dial()
    story.replace_engine()
    assert story.hears(call).startswith("您好")
    assert links(story)[-1] == (True, 1, 0)


def test_a_caller_in_a_menu_hears_that_menu_again_and_can_choose(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    story.replace_engine()
    assert story.hears(call).startswith("产品安全问题请按1")
    story.press(call, "1")
    assert (story.call(call).queue, story.call(call).tags) == ("urgent", ("safety",))


def test_a_caller_in_a_crisis_menu_goes_on_in_the_ordinary_one_if_the_next_engine_knows_of_no_crisis(
    story: Story,
) -> None:
    story.tell(CrisisOrdered("recall", "duty", "fire"))
    call = story.dial()
    story.listen(call)
    story.replace_engine(remembers=False)
    assert story.hears(call).startswith("您好，欢迎")
    assert story.call(call).flow.name == "normal"


def test_a_caller_in_the_ordinary_menu_goes_on_in_that_of_the_crisis_the_next_engine_remembers(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    story.tell(CrisisOrdered("recall", "duty", "fire"))
    state = story.board.crisis.state
    story.replace_engine()
    assert story.hears(call).startswith("您好，召回咨询专线已开通")
    assert (story.call(call).flow.name, story.board.crisis.state) == ("recall", state)


def test_waiting_callers_keep_their_places_and_their_times(story: Story) -> None:
    story.only_agents()
    callers = []
    for _ in range(3):
        callers.append(story.enqueue())
        story.pass_time(10)
    since = [story.call(call).enqueued_at for call in callers]
    story.replace_engine()
    assert [story.call(call).enqueued_at for call in callers] == since
    assert [story.hears(call) for call in callers] == ["music"] * 3
    newcomer = story.enqueue()
    story.only_agents("1001")
    for call in (*callers, newcomer):
        story.pick_up(call)
        story.end_leg(call)
        story.pass_time(5)
    assert [call for call, _ in story.offers()] == [*callers, newcomer]


def test_a_seat_that_rang_for_a_killed_engine_stops_and_rings_for_nobody_else_before(story: Story) -> None:
    call = story.enqueue()
    old = story.leg(call)
    story.ring(call)
    story.slow = True
    story.replace_engine()
    assert story.state(call) is CallState.OFFERED
    assert story.seat(call) == "1002"  # 1001 still rings
    assert state_of(story, "1001") is SeatState.RINGING
    story.slow = False
    story.carry_out_all()
    story.deliver_all()
    assert old not in story.exchange.seats
    assert state_of(story, "1001") is SeatState.READY
    story.pick_up(call)
    assert story.joined(call)


def test_a_conversation_does_not_notice_that_its_engine_was_killed(story: Story) -> None:
    call = story.enqueue("3")
    story.pick_up(call)
    talk = story.call(call).talk
    assert talk is not None
    bridges = dict(story.exchange.bridges)
    known = len(story.orders)
    story.pass_time(30)
    story.replace_engine()
    touching = [order for orders in story.orders[known:] for order in orders if not isinstance(order, c.Publish)]
    assert [type(order) for order in touching] == [c.HideCaller, c.SaveState]
    assert story.exchange.bridges == bridges
    assert story.joined(call)
    assert state_of(story, "1001") is SeatState.TALKING
    story.end_leg(call)
    (ended,) = story.all(Ended)
    record = ended.record
    assert (record.outcome, record.connected_at, record.seat) == (Outcome.ANSWERED, talk.connected_at, "1001")
    story.pass_time(9.9)
    assert state_of(story, "1001") is SeatState.WRAP_UP  # as that queue wants it


def test_a_caller_whose_agent_left_while_no_engine_was_there_is_not_left_alone(story: Story) -> None:
    call = story.enqueue()
    story.pick_up(call)
    story.held = True
    story.exchange.end_leg(story.leg(call), LegEnd.HUNG_UP)
    story.held = False
    story.replace_engine()
    assert story.state(call) in (CallState.WAITING, CallState.OFFERED)
    assert not story.joined(call)
    assert story.exchange.bridges == {}


def test_a_caller_whose_state_was_never_written_begins_anew(story: Story) -> None:
    call = story.enqueue()
    story.exchange.callers[call].saved = None
    story.replace_engine()
    assert story.hears(call).startswith("您好")
    assert story.state(call) is CallState.MENU


def test_no_id_is_used_twice_over_many_engines(story: Story) -> None:
    story.only_agents("1001", "1002", "1003", trunk=True)
    callers = [story.enqueue() for _ in range(3)]
    story.pick_up(callers[0])
    for _ in range(4):
        story.exchange.refuse.add(c.SaveState)  # also when the last state could not be written
        story.replace_engine()
        story.end_leg(callers[1], LegEnd.BUSY)
        story.listen(callers[2])
    minted = [
        name
        for orders in story.orders
        for order in orders
        for name in (
            [order.leg] if isinstance(order, c.RingSeat) else
            [order.bridge] if isinstance(order, c.Join) else
            [order.play] if isinstance(order, c.Play) else []
        )
    ]  # fmt: skip
    assert len(minted) > 15
    assert len(set(minted)) == len(minted)


def test_lines_and_bridges_of_nobody_are_ended(story: Story) -> None:
    leg, bridge = LegId("old-9.1.leg3"), BridgeId("old-9.1.bridge4")
    orders = story.after(Resynced((), (FoundLeg(leg, True, SeatId("1001")),), frozenset({bridge})))
    assert c.HangUpLeg(call_of(leg), leg) in orders
    assert c.DropBridge(call_of(bridge), bridge) in orders
    assert state_of(story, "1001") is SeatState.RINGING
    story.exchange._untold_legs.add(leg)
    story.exchange._tell_ended(leg, LegEnd.HUNG_UP)
    story.deliver_all()
    assert state_of(story, "1001") is SeatState.READY


def test_a_seat_whose_phone_cannot_be_reached_any_more_is_offline_after_its_taken_over_talk(story: Story) -> None:
    call = story.enqueue()
    story.pick_up(call)
    story.only_agents()
    story.replace_engine()
    assert state_of(story, "1001") is SeatState.TALKING
    story.end_leg(call)
    assert state_of(story, "1001") is SeatState.OFFLINE
    story.only_agents("1001")
    assert state_of(story, "1001") is SeatState.READY


def test_a_stray_line_over_a_trunk_is_ended_too(story: Story) -> None:
    leg = LegId("old-9.1.leg3")
    assert story.after(Resynced((), (FoundLeg(leg, False),), frozenset())) == [c.HangUpLeg(call_of(leg), leg)]


# --- the link was lost --------------------------------------------------------------------------------------


def test_while_blind_nobody_is_offered_and_afterwards_all_are(story: Story) -> None:
    story.only_agents()
    call = story.enqueue()
    story.lose_link()
    story.tell(story.log[0][1])  # phones seen, as if told late
    story.pass_time(60)
    assert story.offers() == []
    story.exchange.agents = {SeatId("1001")}
    story.restore_link()
    assert story.seat(call) == "1001"
    assert links(story)[-2:] == [(False, 0, 0), (True, 0, 0)]


def test_a_caller_who_left_unseen_is_counted_and_his_seat_freed(story: Story) -> None:
    waiting, talking = story.enqueue(), story.enqueue()
    story.pick_up(talking)
    story.lose_link()
    story.hang_up(waiting)
    story.hang_up(talking)
    story.restore_link()
    assert (story.outcome(waiting), story.outcome(talking)) == (Outcome.ABANDONED_IN_QUEUE, Outcome.ANSWERED)
    assert not story.exchange.seats
    assert not story.exchange.bridges
    assert links(story)[-1] == (True, 0, 2)


def test_a_caller_who_came_unseen_is_served(story: Story) -> None:
    story.lose_link()
    call = story.dial()
    assert call not in story.board.calls
    story.restore_link()
    assert story.exchange.callers[call].answered
    assert story.hears(call).startswith("您好")


def test_an_agent_who_hung_up_unseen_ends_the_call(story: Story) -> None:
    call = story.enqueue()
    story.pick_up(call)
    story.lose_link()
    story.end_leg(call)
    story.restore_link()
    assert story.outcome(call) is Outcome.ANSWERED
    assert call not in story.exchange.callers


def test_a_seat_that_refused_unseen_is_followed_by_another(story: Story) -> None:
    call = story.enqueue()
    story.lose_link()
    story.end_leg(call, LegEnd.BUSY)
    story.restore_link()
    assert story.seat(call) == "1002"


def test_an_answer_that_was_not_seen_leads_to_a_conversation(story: Story) -> None:
    call = story.enqueue()
    story.lose_link()
    story.pick_up(call)
    assert story.state(call) is CallState.OFFERED
    story.restore_link()
    assert story.joined(call)
    assert story.hears(call) == "silence"


def test_a_prompt_that_ended_unseen_is_said_again_and_the_menu_goes_on(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    story.lose_link()
    story.listen(call)
    assert not story.timers  # nothing told us that it ended
    story.restore_link()
    assert story.hears(call).startswith("产品安全问题请按1")
    story.listen(call)
    assert story.timers


def test_a_key_pressed_while_blind_is_lost_and_the_menu_asks_again(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    story.lose_link()
    story.press(call, "1")
    story.restore_link()
    assert story.state(call) is CallState.MENU
    assert story.hears(call).startswith("产品安全问题请按1")


def test_a_join_of_unknown_outcome_is_made_anew_and_leaves_one_bridge(story: Story) -> None:
    call = story.enqueue()
    story.slow = True
    story.exchange.pick_up(story.leg(call))
    story.deliver_all()
    assert story.state(call) is CallState.JOINING
    story.exchange.lose_link()
    story.exchange.restore_link()
    story.deliver_all()  # looked at before the first order arrived
    story.slow = False
    story.carry_out_all()
    story.deliver_all()
    assert len(story.ordered(c.Join)) == 2
    assert story.joined(call)
    assert len(story.exchange.bridges) == 1


def test_an_offer_that_ran_out_while_nothing_could_be_ordered_is_ended_afterwards(story: Story) -> None:
    call = story.enqueue()
    leg = story.leg(call)
    story.exchange.lose_link()
    story.exchange.deaf = True
    story.deliver_all()
    story.pass_time(20)
    assert leg in story.exchange.seats
    story.restore_link()
    assert leg not in story.exchange.seats
    assert story.offers() == [(call, "1001"), (call, "1002")]


def test_a_seat_whose_ringing_is_still_to_be_carried_out_is_not_rung_for_another_before(story: Story) -> None:
    # Found by simulation: the order to ring arrived after we had looked, and one phone rang for two callers.
    story.only_agents("1001")
    first, second = story.enqueue(), None
    story.end_leg(first, LegEnd.BUSY)
    story.slow = True
    story.pass_time(5)
    assert story.state(first) is CallState.OFFERED
    assert not story.exchange.seats
    second = story.dial()
    story.exchange.lose_link()
    story.hang_up(first)
    story.restore_link()
    story.carry_out_all()
    story.listen(second)
    story.press(second, "2")
    assert story.state(second) is CallState.WAITING
    story.slow = False
    story.pass_time(5)
    assert story.seat(second) == "1001"


def test_an_offer_withdrawn_while_nothing_could_be_ordered_is_ended_afterwards(story: Story) -> None:
    call = story.enqueue()
    leg = story.leg(call)
    story.exchange.refuse = {c.HangUpLeg}
    story.hang_up(call)
    assert leg in story.exchange.seats
    story.lose_link()
    story.restore_link()
    assert leg not in story.exchange.seats
    assert state_of(story, "1001") is SeatState.READY


def test_a_wait_for_a_key_that_ends_while_blind_is_kept_to_and_said_again(story: Story) -> None:
    call = story.dial()
    story.listen(call, 2)
    story.lose_link()
    story.pass_time(5)
    story.restore_link()
    assert story.hears(call).startswith("产品安全问题请按1")
    assert len(story.exchange.callers[call].plays) == 1


def test_a_call_we_wanted_to_end_is_ended_afterwards(story: Story) -> None:
    call = story.enqueue()
    story.pick_up(call)
    story.exchange.refuse = {c.HangUpCall}
    story.end_leg(call)
    assert call in story.exchange.callers
    story.lose_link()
    story.restore_link()
    assert call not in story.exchange.callers


@pytest.mark.parametrize("times", [2, 5])
def test_looking_again_and_again_changes_nothing(story: Story, times: int) -> None:
    talking, offered, menu = story.enqueue(), story.enqueue(), story.dial()
    story.pick_up(talking)
    story.listen(menu)
    for _ in range(times):
        story.lose_link()
        story.restore_link()
    assert story.joined(talking)
    assert (story.state(offered), story.seat(offered)) == (CallState.OFFERED, "1002")
    assert story.hears(menu).startswith("产品安全问题请按1")
    assert len(story.offers()) == 2
