"""How a crisis comes on and goes off: who may, for whose calls, what counts first; how those who are here follow."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.dialplan.load import load
from ivr_engine.model.commands import Play
from ivr_engine.model.crises import EVERYWHERE, ActiveCrisis, CrisisState, Scope
from ivr_engine.model.events import CallArrived, CrisisOrdered, CrisisRemembered, ProposalAnswered
from ivr_engine.model.ids import AskId, CallId, QueueName
from ivr_engine.model.notices import (
    Announced,
    CallShown,
    CrisisAnswered,
    CrisisChanged,
    CrisisProposed,
    CrisisStateChanged,
    Moved,
    ProposalClosed,
    Queued,
)
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story

HOTLINE = """
hotline: crisis
numbers: ["4000000400", "4000000401"]
languages: [zh-CN]
fallback: {say: 您好。, agents: [1001]}
people:
  张伟: {may: [switch, confirm]}
  李娜: {may: [confirm]}
  王芳: {may: [switch, confirm], until: 2020-01-01 00:00}
start: hello
steps:
  hello: {say: 欢迎致电。, then: main}
  main: {menu: 请按键。, keys: {1: {enqueue: general}, 2: card, 3: {enqueue: complaint}}}
  card: {collect: card, ask: 请输入卡号。, digits: 4, then: more}
  more: {menu: 还有什么。, keys: {1: {enqueue: general}}}
  otherwise: {enqueue: general}
pools:
  local: {agents: [1001, 1002]}
  far: {trunk: true, number: "8000", capacity: 2, most: 6}
queues:
  general: {pools: [local, far], priority: 5, script: 平常}
  complaint: {pools: [local]}
  urgent: {pools: [local, far], priority: 20}
"""
RECALL = """
crisis: recall
precedence: 200
start: hi
tags: [召回]
seats: 200%
queues:
  general: {priority: 1, script: 只说公告, authority: {退款: 主管}}
waiting: {say: 召回专线已开通。, over: 召回专线已结束。, move: {complaint: urgent}}
levels:
  major: {seats: 300%}
steps:
  hi: {say: 召回专线。, then: choose}
  choose: {menu: 召回请按键。, keys: {1: {enqueue: urgent}}}
"""
OUTAGE = """
crisis: outage
two people: true
lasts: 1h
start: down
queues: {general: {priority: 9}}
steps:
  down: {menu: 系统故障。, keys: {1: {enqueue: general}}}
"""
FIRST, SECOND = "4000000400", "4000000401"
Begin = Callable[[], Story]


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    folder = tmp_path / "crisis-hotline"
    (folder / "crisis").mkdir(parents=True)
    (folder / "hotline.yaml").write_text(HOTLINE, "utf-8")
    (folder / "crisis" / "recall.yaml").write_text(RECALL, "utf-8")
    (folder / "crisis" / "outage.yaml").write_text(OUTAGE, "utf-8")
    told = Story(load(folder, NODE_TYPES))
    told.exchange.look_at_phones()
    told.deliver_all()
    yield told
    told.end()


def switch(story: Story, profile: str | None, by: str = "张伟", **more: Any) -> CrisisAnswered:
    story.tell(CrisisOrdered(profile, by, "because", **{"ask": AskId("a"), **more}))
    story.deliver_all()
    return story.all(CrisisAnswered)[-1]


def on(story: Story, profile: str = "recall", **more: Any) -> None:
    """By ourselves: nobody is asked what he may."""
    story.tell(CrisisOrdered(profile, "tester", "because", **more))
    story.deliver_all()


def off(story: Story, profile: str | None = None) -> None:
    on(story, profile, on=False)  # type: ignore[arg-type]


def is_off(story: Story) -> bool:
    return not story.board.crisis.active


def flow(story: Story, call: CallId) -> str:
    return story.call(call).flow.name


def from_region(story: Story, region: str, number: str = FIRST) -> CallId:
    story.held = True
    call = story.dial(number)
    story.held = False
    story.exchange.facts.clear()
    story.tell(CallArrived(call, number, "138****0000", region))
    story.deliver_all()
    return call


def waits(story: Story, key: str = "1") -> CallId:
    """A caller who waits, as every phone is off."""
    story.only_agents()
    call = story.dial()
    story.listen(call)
    story.press(call, key)
    assert story.state(call) is CallState.WAITING
    return call


# --- who may, and what makes no sense -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "why"),
    [
        ("赵六", "is not among the hotline's people: order it as one of 张伟"),
        ("李娜", "may not switch"),
        ("王芳", "could do so until 2020-01-01 00:00"),
    ],
)
def test_who_may_not_switch_is_told_why_and_nothing_changes(story: Story, by: str, why: str) -> None:
    answer = switch(story, "recall", by)
    assert (answer.ok, why in answer.why, answer.by) == (False, True, by)
    assert by == "王芳" or "王芳" not in answer.why  # whose time is over is recommended to nobody
    assert story.board.crisis.active == ()
    assert story.all(CrisisStateChanged) == []
    assert switch(story, "recall").ok


def test_switched_on_twice_is_refused_and_leaves_who_was_first(story: Story) -> None:
    switch(story, "recall")
    before = story.board.crisis.active
    again = switch(story, "recall")
    assert (again.ok, again.why) == (False, "crisis profile 'recall' is on already, by 张伟: nothing was changed")
    assert story.board.crisis.active == before
    assert switch(story, "recall", level="major").ok
    (crisis,) = story.board.crisis.active
    assert (crisis.level, crisis.since) == ("major", before[0].since)


def test_two_people_are_needed_where_the_profile_asks_for_them(story: Story) -> None:
    answer = switch(story, "outage")
    assert (answer.ok, answer.proposal, len(story.board.crisis.active)) == (True, "1", 0)
    assert switch(story, "outage").proposal == "1"  # asked again, it is the same that waits
    assert len(story.all(CrisisProposed)) == 1

    def confirm(by: str, proposal: str = "1") -> CrisisAnswered:
        story.tell(ProposalAnswered(proposal, True, by, "", AskId("b")))
        return story.all(CrisisAnswered)[-1]

    assert "another person must confirm" in confirm("张伟").why
    assert "there is no proposal '7'" in confirm("李娜", "7").why
    assert is_off(story)
    assert confirm("李娜").ok
    (crisis,) = story.board.crisis.active
    assert (crisis.profile, crisis.by, crisis.until) == ("outage", "张伟 and 李娜", story.now + 3600)
    assert "lapsed" in confirm("李娜").why  # it does not wait any more


def test_who_orders_what_another_has_proposed_is_the_second_person(story: Story) -> None:
    assert switch(story, "outage").proposal == "1"
    assert "may not switch" in switch(story, "outage", level="major", by="李娜").why  # another level is another matter
    assert is_off(story)
    assert switch(story, "outage", by="李娜").ok
    (crisis,) = story.board.crisis.active
    assert (crisis.level, crisis.by) == ("general", "张伟 and 李娜")
    assert [(one.proposal.id, one.outcome) for one in story.all(ProposalClosed)] == [("1", "confirmed")]


def test_what_nobody_confirms_lapses(story: Story) -> None:
    switch(story, "outage")
    story.pass_time(601)
    assert [one.outcome for one in story.all(ProposalClosed)] == ["lapsed"]
    assert story.board.crisis.state.proposals == ()
    assert story.board.crisis.active == ()


def test_a_proposal_and_an_expiry_survive_the_engine(story: Story) -> None:
    switch(story, "outage")
    on(story, "recall", until=story.now + 900)
    before = story.board.crisis.state
    story.replace_engine()
    assert story.board.crisis.state == before
    story.pass_time(899)
    assert story.board.crisis.profiles == ("recall",)
    assert story.board.crisis.state.proposals == ()  # ten minutes after it was made
    story.pass_time(2)
    assert is_off(story)
    assert (story.all(CrisisChanged)[-1].by, story.all(CrisisChanged)[-1].on) == ("its expiry", False)


# --- whose calls, and which counts first ----------------------------------------------------------------------


def test_a_crisis_for_a_number_leaves_the_other_number_alone(story: Story) -> None:
    on(story, scope=Scope(numbers=(SECOND,)))
    assert (flow(story, story.dial(FIRST)), flow(story, story.dial(SECOND))) == ("normal", "recall")


def test_a_crisis_for_a_region_is_for_callers_from_there(story: Story) -> None:
    on(story, scope=Scope(regions=("广东",)))
    there, elsewhere, unknown = (from_region(story, region) for region in ("广东深圳", "上海", ""))
    assert [flow(story, call) for call in (there, elsewhere, unknown)] == ["recall", "normal", "normal"]


def test_of_two_crises_the_one_of_higher_precedence_counts_first(story: Story) -> None:
    on(story, "recall", scope=Scope(regions=("广东",)))
    on(story, "outage", level="critical")
    assert story.board.crisis.profiles == ("recall", "outage")
    assert [flow(story, from_region(story, region)) for region in ("广东深圳", "上海")] == ["recall", "outage"]
    assert story.board.dispatch.queues[QueueName("general")].plan.priority == 1  # recall has the last word
    off(story, "recall")
    assert flow(story, from_region(story, "广东深圳")) == "outage"
    assert story.board.dispatch.queues[QueueName("general")].plan.priority == 9


def test_off_restores_exactly_what_was(story: Story) -> None:
    def plan() -> tuple[object, ...]:
        dispatch = story.board.dispatch
        pools = {name: (pool.plan, len(pool.seats)) for name, pool in dispatch.seats.pools.items()}
        return {name: queue.plan for name, queue in dispatch.queues.items()}, pools

    before = plan()
    on(story)
    assert plan() != before
    assert {name: len(pool.seats) for name, pool in story.board.dispatch.seats.pools.items()} == {"local": 2, "far": 4}
    on(story, level="major")
    assert {name: len(pool.seats) for name, pool in story.board.dispatch.seats.pools.items()} == {"local": 2, "far": 6}
    on(story, "outage")
    off(story)
    assert plan() == before
    assert story.board.crisis.state.active == ()


# --- those who are here follow --------------------------------------------------------------------------------


def test_a_caller_who_hears_something_finishes_it_and_moves(story: Story) -> None:
    call = story.dial()
    on(story)
    assert flow(story, call) == "normal"
    assert story.hears(call) == "欢迎致电。"
    story.listen(call)
    assert (flow(story, call), story.hears(call), story.call(call).tags) == ("recall", "召回专线。", ("召回",))
    assert [(one.was, one.flow) for one in story.all(Moved)] == [("normal", "recall")]


def test_a_caller_in_the_middle_of_a_number_finishes_it(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    story.press(call, "2", "1", "2")
    on(story)
    story.press(call, "3")
    assert (flow(story, call), story.call(call).step) == ("normal", "card")
    story.press(call, "4")
    assert flow(story, call) == "recall"
    assert story.call(call).values["card"] == "1234"


def test_a_choice_that_brings_him_to_a_person_is_not_lost(story: Story) -> None:
    story.only_agents()
    call = story.dial()
    story.listen(call)
    on(story)
    story.press(call, "1")
    assert (story.call(call).queue, flow(story, call), story.state(call)) == ("general", "normal", CallState.WAITING)


def test_who_waits_is_told_and_moved_and_moved_back(story: Story) -> None:
    first, second = waits(story, "1"), waits(story, "3")
    plays = len(story.ordered(Play))
    on(story)
    assert {story.hears(call) for call in (first, second)} == {"召回专线已开通。"}
    assert len(story.ordered(Play)) == plays + 2
    assert [(one.call, one.what) for one in story.all(Announced)] == [(first, "on"), (second, "on")]
    assert [story.call(call).queue for call in (first, second)] == ["general", "urgent"]
    since = story.call(second).enqueued_at
    story.listen(first)
    story.listen(second)
    story.replace_engine()
    assert [story.call(call).queue for call in (first, second)] == ["general", "urgent"]
    off(story)
    assert [story.call(call).queue for call in (first, second)] == ["general", "complaint"]
    assert story.call(second).enqueued_at == since
    assert {story.hears(call) for call in (first, second)} == {"召回专线已结束。"}


def test_who_comes_to_a_queue_from_the_ordinary_menu_follows_there(story: Story) -> None:
    story.only_agents()
    call = story.dial()
    story.listen(call)
    on(story)
    story.press(call, "3")  # he finishes his word, and is a caller who waits
    assert (story.call(call).queue, story.hears(call)) == ("urgent", "召回专线已开通。")
    assert [one.what for one in story.all(Announced)] == ["on"]


def test_who_came_by_the_menu_of_the_crisis_is_not_told_of_it_but_of_its_end(story: Story) -> None:
    on(story)
    call = waits(story, "1")
    assert story.all(Announced) == []
    off(story)
    assert [(one.what, story.call(call).queue) for one in story.all(Announced)] == [("off", "urgent")]


def test_an_engine_that_finds_a_crisis_on_has_everybody_follow_who_had_not_yet(story: Story) -> None:
    call, state = waits(story, "3"), CrisisState((ActiveCrisis("recall", "general", EVERYWHERE, "duty", "", 1.0, 1.0),))
    story.kill_engine(remembers=False)
    story.tell(CrisisRemembered(state))
    story.deliver_all()
    assert (story.call(call).queue, story.hears(call)) == ("urgent", "召回专线已开通。")
    story.listen(call)
    story.kill_engine(remembers=False)  # and one that finds it off
    story.deliver_all()
    assert (story.call(call).queue, story.hears(call)) == ("complaint", "召回专线已结束。")


def test_who_was_moved_is_served_by_the_rank_of_his_new_queue(story: Story) -> None:
    early, late = waits(story, "1"), waits(story, "3")
    on(story)
    story.only_agents("1001")
    assert (story.state(early), story.state(late)) == (CallState.WAITING, CallState.OFFERED)
    assert [one.queue for one in story.all(Queued) if one.call == late] == ["complaint", "urgent"]


def test_who_talks_talks_on_and_his_agent_sees_the_new_words(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    story.press(call, "1")
    story.pick_up(call)
    on(story)
    assert (story.state(call), flow(story, call)) == (CallState.TALKING, "normal")
    shown = [one.call for one in story.all(CallShown) if one.call is not None]
    assert [(one.script, one.authority) for one in shown][-1] == ("只说公告", {"退款": "主管"})
    off(story)
    shown = [one.call for one in story.all(CallShown) if one.call is not None]
    assert (shown[-1].script, shown[-1].authority) == ("平常", {})


def test_a_crisis_of_drill_calls_touches_nobody_else(story: Story) -> None:
    real, drill = story.dial(), story.dial(drill=True)
    on(story, scope=Scope(drill=True), level="major")
    for call in (real, drill):
        story.listen(call)
    assert (flow(story, real), flow(story, drill)) == ("normal", "recall")
    assert story.board.crisis.profiles == ()
    assert {name: len(pool.seats) for name, pool in story.board.dispatch.seats.pools.items()} == {"local": 2, "far": 2}


def test_a_profile_is_on_for_real_calls_and_for_a_drill_beside_each_other(story: Story) -> None:
    on(story, scope=Scope(drill=True), until=story.now + 60)
    on(story, level="major")
    assert [(one.level, one.scope.drill, one.until is None) for one in story.board.crisis.active] == [
        ("major", False, True),
        ("general", True, False),
    ]
    story.pass_time(61)  # the drill's ends by itself, and the real one goes on
    assert [one.scope.drill for one in story.board.crisis.active] == [False]
    on(story, scope=Scope(drill=True))
    off(story, "recall")
    assert [one.scope.drill for one in story.board.crisis.active] == [True]


def test_the_state_is_told_before_every_order_that_follows(story: Story) -> None:
    waits(story, "1")
    on(story)
    orders = next(orders for orders in story.orders if any(_kind(order) == "CrisisStateChanged" for order in orders))
    kinds = [_kind(order) for order in orders]
    assert kinds.index("CrisisStateChanged") < min(kinds.index("Play"), kinds.index("CrisisChanged"))


def _kind(order: object) -> str:
    return type(getattr(order, "notice", order)).__name__
