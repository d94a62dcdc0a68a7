"""What a caller meets, from dialling to the end of his line, in the dialplan of dialplans/acme."""

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd, Outcome
from ivr_engine.model.events import CrisisOrdered, DigitPressed, LegAnswered
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import (
    Arrived,
    Connected,
    CrisisChanged,
    Ended,
    KeyPressed,
    Moved,
    Queued,
    Ringing,
    StepEntered,
)
from tests.simulation.stories import Story

WELCOME, MENU, GENERAL = "您好，欢迎致电。", "产品安全问题请按1", "正在为您转接人工客服"


# --- the menu -----------------------------------------------------------------------------------------------


def test_a_caller_is_answered_and_welcomed_and_cannot_skip_the_recording_notice(story: Story) -> None:
    call = story.dial()
    assert story.exchange.callers[call].answered
    story.press(call, "1", "2", "0")
    assert story.hears(call).startswith(WELCOME)
    story.listen(call)
    assert story.hears(call).startswith(MENU)


@pytest.mark.parametrize(
    ("digit", "queue", "tags"),
    [("1", "urgent", ("safety",)), ("2", "general", ()), ("3", "complaint", ()), ("0", "general", ())],
)
@pytest.mark.parametrize("heard", [0, 1], ids=["while the menu speaks", "after it"])
def test_each_key_leads_to_its_queue_and_counts_at_once(
    story: Story, digit: str, queue: str, tags: tuple[str, ...], heard: int
) -> None:
    call = story.dial()
    story.listen(call, 1 + heard)
    story.press(call, digit)
    assert (story.call(call).queue, story.call(call).tags) == (queue, tags)
    assert [(notice.queue, notice.ahead) for notice in story.all(Queued)] == [(queue, 0)]
    assert story.hears(call).startswith("正在为您")
    story.listen(call)
    assert story.hears(call) == "music"
    assert [notice.understood for notice in story.all(KeyPressed)] == [True]


def test_wrong_keys_are_borne_with_twice_and_then_a_person_is_offered(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    for digit in ("4", "#"):
        story.press(call, digit)
        (prompts,) = story.exchange.callers[call].plays.values()
        assert [prompt.text[:5] for prompt in prompts] == ["对不起，没", "产品安全问"]
        assert story.state(call) is CallState.MENU
    story.press(call, "*")
    assert story.call(call).queue == "general"
    assert [notice.understood for notice in story.all(KeyPressed)] == [False] * 3


def test_silence_brings_the_prompt_again_twice_and_then_a_person(story: Story) -> None:
    call = story.dial()
    story.listen(call, 2)
    for _ in range(2):
        story.pass_time(4.9)
        assert story.hears(call) == "silence"
        story.pass_time(0.1)
        assert story.hears(call).startswith(MENU)
        story.listen(call)
    story.pass_time(5.0)
    assert story.call(call).queue == "general"
    assert story.all(KeyPressed) == []


def test_a_key_ends_the_wait_for_a_key(story: Story) -> None:
    call = story.dial()
    story.listen(call, 2)
    story.pass_time(4.9)
    story.press(call, "9")
    assert not story.timers
    story.pass_time(60)
    assert story.state(call) is CallState.MENU  # he hears the prompt again, and is not timed while he does


def test_a_flood_of_keys_leads_where_its_first_right_key_does(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    story.press(call, *"1230123012301230")
    assert story.call(call).queue == "urgent"
    assert len(story.all(Queued)) == 1


def test_a_prompt_that_cannot_be_played_does_not_strand_the_caller(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    story.exchange.refuse = {c.Play}
    story.press(call, "9")
    assert story.hears(call) == "silence"
    story.pass_time(5)
    assert story.hears(call).startswith(MENU)


def test_keys_pressed_while_waiting_mean_nothing(story: Story) -> None:
    call = story.enqueue()
    before = story.state(call)
    assert story.after(DigitPressed(call, "1")) == []
    assert story.state(call) is before


def test_a_number_that_is_not_in_the_dialplan_is_refused(story: Story) -> None:
    call = story.dial("999")
    assert story.ordered(c.Answer) == []
    assert call not in story.exchange.callers
    assert story.outcome(call) is Outcome.REFUSED
    assert story.troubles() == ["a call to a number that is not in the dialplan"]


def test_such_a_number_is_refused_also_when_it_was_found_after_a_takeover(story: Story) -> None:
    story.held = True
    call = story.dial("999")
    story.replace_engine()
    assert call not in story.exchange.callers
    assert story.outcome(call) is Outcome.REFUSED
    assert story.ordered(c.Play) == []


# --- hanging up at every step -------------------------------------------------------------------------------


def _in_menu(story: Story) -> CallId:
    call = story.dial()
    story.listen(call)
    return call


def _in_silence(story: Story) -> CallId:
    call = story.dial()
    story.listen(call, 2)
    return call


def _waiting(story: Story) -> CallId:
    story.only_agents()
    return story.enqueue()


def _offered(story: Story) -> CallId:
    return story.enqueue()


def _ringing(story: Story) -> CallId:
    call = story.enqueue()
    story.ring(call)
    return call


def _joining(story: Story) -> CallId:
    call = story.enqueue()
    story.held = True
    story.exchange.pick_up(story.leg(call))
    story.deliver()
    assert story.state(call) is CallState.JOINING
    return call


def _talking(story: Story) -> CallId:
    call = story.enqueue()
    story.pick_up(call)
    assert story.joined(call)
    return call


STEPS = [
    (Story.dial, Outcome.ABANDONED_IN_MENU),
    (_in_menu, Outcome.ABANDONED_IN_MENU),
    (_in_silence, Outcome.ABANDONED_IN_MENU),
    (_waiting, Outcome.ABANDONED_IN_QUEUE),
    (_offered, Outcome.ABANDONED_IN_QUEUE),
    (_ringing, Outcome.ABANDONED_IN_QUEUE),
    (_talking, Outcome.ANSWERED),
]


@pytest.mark.parametrize(("bring", "outcome"), STEPS, ids=[step.__name__ for step, _ in STEPS])
def test_a_caller_may_hang_up_at_any_step_and_leaves_nothing_behind(
    story: Story, bring: object, outcome: Outcome
) -> None:
    call = bring(story)  # type: ignore[operator]
    story.hang_up(call)
    assert story.outcome(call) is outcome
    assert not story.board.calls
    assert not story.exchange.seats
    assert not story.exchange.bridges


def test_a_caller_who_leaves_while_the_bridge_is_built_counts_as_abandoned(story: Story) -> None:
    call = _joining(story)
    story.exchange.facts.clear()  # Joined and what follows cross his hanging up
    story.held = False
    story.hang_up(call)
    assert story.outcome(call) is Outcome.ABANDONED_IN_QUEUE
    assert not story.exchange.bridges


# --- a whole conversation -----------------------------------------------------------------------------------


def test_a_conversation_is_told_stage_by_stage_and_recorded_once(story: Story) -> None:
    start = story.now
    call = story.enqueue("1")
    story.pass_time(1)
    story.ring(call)
    story.pass_time(2)
    story.pick_up(call)
    assert story.joined(call)
    assert not story.exchange.callers[call].music
    story.pass_time(60)
    story.end_leg(call)
    assert call not in story.exchange.callers  # who is left alone by the agent is not put back in line
    assert [notice.since_queued for notice in story.all(Ringing)] == [1.0]
    (connected,) = story.all(Connected)
    assert (connected.queue, connected.pool, connected.seat, connected.waited) == ("urgent", "local", "1001", 3.0)
    (ended,) = story.all(Ended)
    record = ended.record
    assert (record.outcome, record.offers, record.tags) == (Outcome.ANSWERED, 1, ("safety",))
    assert (record.arrived_at, record.connected_at, record.ended_at) == (start, start + 3, start + 63)
    assert record.steps == tuple(notice.step for notice in story.all(StepEntered))


def test_prompts_are_stopped_before_two_people_are_joined(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    story.press(call, "2")
    assert story.hears(call).startswith(GENERAL)
    orders = story.after(LegAnswered(story.leg(call)))
    assert [type(order) for order in orders] == [c.CancelTimer, c.StopPlay]  # and no Join
    story.deliver_all()
    assert [type(order) for order in story.last_orders()] == [c.SaveState]
    assert len(story.ordered(c.Join)) == 1
    assert story.state(call) is CallState.TALKING
    story.exchange.seats[story.leg(call)].answered = True


def test_music_is_stopped_before_two_people_are_joined(story: Story) -> None:
    call = story.enqueue()
    story.held = True
    story.exchange.pick_up(story.leg(call))
    story.deliver()
    assert [type(order) for order in story.last_orders()] == [c.CancelTimer, c.StopMusic, c.Join]


def test_what_is_to_be_remembered_is_written_before_the_next_prompt_and_not_behind_it(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    story.press(call, "2")
    for orders in story.orders:
        kinds = [type(order) for order in orders]
        if c.SaveState in kinds and c.Play in kinds:
            assert kinds.index(c.SaveState) < kinds.index(c.Play)
    saves = story.ordered(c.SaveState)
    assert [save.state.step for save in saves] == ["main", "main.2"]
    last = saves[-1].state
    assert (last.queue, last.seat, last.leg, last.play) == ("general", "1001", story.leg(call), story.call(call).play)


# --- crisis -------------------------------------------------------------------------------------------------


def test_in_a_crisis_new_callers_get_its_menu_and_those_in_a_menu_keep_theirs(story: Story) -> None:
    before = story.dial()
    story.tell(CrisisOrdered("recall", "duty", "fire"))
    new = story.dial()
    assert story.hears(new).startswith("您好，召回咨询专线已开通")
    assert story.hears(before).startswith(WELCOME)  # he finishes his word
    story.listen(before)
    assert story.hears(before).startswith("您好，召回咨询专线已开通")
    assert [(notice.call, notice.was, notice.flow) for notice in story.all(Moved)] == [(before, "normal", "recall")]
    story.listen(new)
    story.press(new, "1")
    assert (story.call(new).queue, story.call(new).tags) == ("urgent", ("recall",))
    assert [notice.flow for notice in story.all(Arrived)] == ["normal", "recall"]
    (changed,) = story.all(CrisisChanged)
    assert (changed.profile, changed.by, changed.reason, changed.at) == ("recall", "duty", "fire", story.now)


def test_after_a_crisis_everybody_in_a_menu_gets_the_ordinary_one(story: Story) -> None:
    story.tell(CrisisOrdered("recall", "duty", "fire"))
    during = story.dial()
    story.tell(CrisisOrdered(None, "duty", "over"))
    assert story.hears(story.dial()).startswith(WELCOME)
    story.listen(during)
    assert story.hears(during).startswith(WELCOME)
    assert [(notice.profile, notice.on) for notice in story.all(CrisisChanged)] == [("recall", True), ("recall", False)]


@pytest.mark.parametrize("on", ["recall", None])
def test_an_unknown_profile_changes_nothing_and_is_told(story: Story, on: str | None) -> None:
    story.tell(CrisisOrdered(on, "duty", "test"))
    told = len(story.all(CrisisChanged))
    story.tell(CrisisOrdered("flood", "duty", "typo"))
    assert story.troubles() == ["crisis profile 'flood' is not in the dialplan: known is recall"]
    assert story.board.crisis.profiles == ((on,) if on else ())
    assert len(story.all(CrisisChanged)) == told


def test_a_crisis_does_not_touch_who_talks_and_for_whom_a_seat_rings(story: Story) -> None:
    talking = _talking(story)
    waiting = story.enqueue()
    ordered = story.after(CrisisOrdered("recall", "duty", "fire"))
    assert [one for one in ordered if not isinstance(one, c.StartTimer)] == []
    assert story.joined(talking)
    assert story.state(waiting) is CallState.OFFERED
    story.end_leg(waiting, LegEnd.BUSY)
    assert story.state(waiting) is CallState.OFFERED  # by the next seat
