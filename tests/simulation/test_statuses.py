"""What is ordered to be told in a crisis: heard by the next caller and by those who wait, and never a promise."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ivr_engine.core.outbox import StatusEnds, StatusStale
from ivr_engine.dialplan.load import load
from ivr_engine.dialplan.promises import promises_in
from ivr_engine.model.crises import CrisisState
from ivr_engine.model.events import CrisisOrdered, CrisisRemembered, StatusOrdered
from ivr_engine.model.ids import AskId
from ivr_engine.model.notices import AlertRaised, Announced, CrisisAnswered, CrisisStateChanged, StatusChanged
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story

HOTLINE = """
hotline: small
numbers: ["4000000400"]
languages: [zh-CN, en]
people:
  王芳: {may: [promise]}
  duty: {may: [switch]}
  old: {may: [promise], until: 2020-01-01 00:00}
fallback: {say: 您好。, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
start: menu
steps:
  menu: {menu: 请按键。, keys: {1: line}, silence: {then: line}, wrong: {then: line}}
  line: {enqueue: general}
"""
OUTAGE = """
crisis: outage
start: progress
refresh: 2h
promises: [全额退款, Full refund]
levels: {general: {tell: [leaders]}}
steps:
  progress:
    status: {zh-CN: 正在抢修。, en: We are repairing it.}
    refresh by: 2027-11-01 00:00
    until: 2027-12-01 00:00
    then: line
"""
FIXED = "故障已修复80%，预计18:30恢复"
SPOKEN = "故障已修复百分之八十，预计十八点三十分恢复"
TWO_HOURS = 7200.0


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    (tmp_path / "crisis").mkdir()
    (tmp_path / "hotline.yaml").write_text(HOTLINE, "utf-8")
    (tmp_path / "crisis" / "outage.yaml").write_text(OUTAGE, "utf-8")
    story = Story(load(tmp_path, NODE_TYPES))
    yield story
    if story.board.crisis.active:
        story.tell(CrisisOrdered(None, "duty", "over"))
    story.end()


def on(story: Story) -> None:
    story.tell(CrisisOrdered("outage", "duty", "down"))


def order(story: Story, text: str = FIXED, flow: str = "outage", **more: Any) -> CrisisAnswered:
    """Order a text in Chinese; "": take back what is told."""
    more.setdefault("texts", {"zh-CN": text} if text else {})
    story.tell(StatusOrdered(flow, **{"by": "duty", "ask": AskId("a-1"), **more}))
    return story.all(CrisisAnswered)[-1]


def states(story: Story) -> list[tuple[str, str, str]]:
    return [(notice.flow, notice.state, notice.by) for notice in story.all(StatusChanged)]


def test_the_next_caller_hears_it_and_who_hears_the_old_words_finishes_them(story: Story) -> None:
    on(story)
    before = story.dial()
    assert order(story) == CrisisAnswered(AskId("a-1"), story.now, "duty", "status of outage", ok=True)
    assert story.hears(before) == "正在抢修。"
    assert story.hears(story.dial()) == SPOKEN
    assert order(story, "已全部恢复。").ok
    assert story.hears(story.dial()) == "已全部恢复。"
    assert order(story, "").ok
    assert story.hears(story.dial()) == "正在抢修。"
    assert states(story) == [("outage", "set", "duty")] * 2 + [("outage", "withdrawn", "duty")]


def test_who_waits_hears_it_at_once_and_in_his_language(story: Story) -> None:
    on(story)
    story.only_agents()
    chinese, english = story.dial(), story.dial()
    story.call(english).language = "en"
    story.listen(chinese)
    story.listen(english)
    order(story, texts={"zh-CN": FIXED, "en": "80% is repaired."})
    assert (story.hears(chinese), story.hears(english)) == (SPOKEN, "80% is repaired.")
    story.listen(chinese)
    assert story.hears(chinese) == "music"
    order(story)
    assert story.hears(english) == SPOKEN  # no words in his: those of the hotline's first language
    told = [(notice.call, notice.profile, notice.what) for notice in story.all(Announced)]
    assert told == [(chinese, "outage", "status"), (english, "outage", "status")] * 2


def test_a_live_text_is_told_where_the_dialplans_own_is_over(story: Story) -> None:
    on(story)
    story.pass_time(400 * 86400.0)
    call = story.dial()
    assert story.call(call).queue == "general"
    order(story)
    assert story.hears(story.dial()) == SPOKEN


def test_only_those_hear_it_who_are_in_that_flow(story: Story) -> None:
    story.only_agents()
    waiting = story.dial()
    story.press(waiting, "1")
    on(story)
    assert order(story, flow="normal", waiting_only=True).ok
    assert story.hears(waiting) == "music"  # he is in the crisis now
    story.tell(CrisisOrdered(None, "duty", "over"))
    order(story, flow="normal", waiting_only=True)
    assert story.hears(waiting) == SPOKEN
    assert states(story) == [("normal", "told", "duty")] * 2
    assert story.board.crisis.statuses.live == {}


def test_it_gets_old_once_is_told_to_people_and_ends(story: Story) -> None:
    on(story)
    end = story.now + 4 * 3600.0
    order(story, until=end)
    live = story.board.crisis.statuses.live["outage"]
    assert (live.refresh_by, live.until, live.stale) == (story.now + TWO_HOURS, end, False)
    flow = story.board.hotline.crises["outage"]
    assert story.board.crisis.statuses.stale(flow, story.now) == 0
    story.pass_time(TWO_HOURS)
    (alert,) = [one for one in story.all(AlertRaised) if one.kind == "status stale"]
    assert (alert.to, alert.kind, alert.profile, alert.level) == (("leaders",), "status stale", "outage", "general")
    assert FIXED in alert.text
    assert story.board.crisis.statuses.stale(flow, story.now) == 1
    assert story.hears(story.dial()) == SPOKEN
    story.pass_time(TWO_HOURS)
    assert states(story) == [("outage", "set", "duty"), ("outage", "stale", "duty"), ("outage", "ended", "its end")]
    assert story.hears(story.dial()) == "正在抢修。"
    assert story.board.crisis.statuses.stale(flow, story.now) == 0


def test_a_new_text_begins_anew_and_the_crisis_takes_it_along(story: Story) -> None:
    on(story)
    order(story, refresh_by=story.now + 60.0)
    order(story, "还在修。", until=story.now + 50.0, refresh_by=story.now + 60.0)  # over before it can be old
    purposes = [story.board.purpose(timer) for timer in story.board.timers]  # type: ignore[arg-type]
    assert [one for one in purposes if isinstance(one, StatusStale | StatusEnds)] == [StatusEnds("outage")]
    story.tell(CrisisOrdered(None, "duty", "over"))
    assert states(story)[-1] == ("outage", "ended", "its crisis")
    purposes = [story.board.purpose(timer) for timer in story.board.timers]  # type: ignore[arg-type]
    assert not [one for one in purposes if isinstance(one, StatusStale | StatusEnds)]


def test_it_survives_the_engine(story: Story, tmp_path: Path) -> None:
    on(story)
    order(story, until=story.now + 3600.0)
    state = story.all(CrisisStateChanged)[-1].state
    after = Story(story.hotline)
    after.now = story.now + 10.0
    after.tell(CrisisRemembered(state))
    assert after.board.crisis.state == state
    assert after.hears(after.dial()) == SPOKEN
    after.pass_time(3600.0)
    assert after.hears(after.dial()) == "正在抢修。"
    after.tell(CrisisOrdered(None, "duty", "over"))
    after.end()
    late = Story(story.hotline)
    late.tell(CrisisRemembered(CrisisState(statuses=state.statuses)))  # its crisis is over
    assert late.board.crisis.statuses.live == {}


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"flow": "flood"}, "'flood' is not on: switch it on first"),
        ({"flow": "normal"}, "nobody but those who wait would hear it: add a `status` step to 'normal'"),
        ({"text": ""}, "'outage' has no live text: nothing was changed"),
        ({"texts": {"en": "Repaired."}}, "it says nothing in zh-CN"),
        ({"texts": {"zh-CN": "好", "fr": "Bon"}}, "'fr' is no language of this hotline: choose of zh-CN, en"),
        ({"text": "，。"}, "hold nothing that can be spoken"),
        ({"text": "好" * 501}, "are 501 characters: say it in at most 500"),
        ({"text": "您好<caller>"}, "hold < or >"),
        ({"text": "您好\u202e。"}, "signs that nobody sees"),
        ({"until": 5.0}, "it would be over already: let it be later"),
        ({"refresh_by": 5.0}, "it would be out of date already"),
        ({"by": "stranger"}, "'stranger' is not among the hotline's people"),
        ({"text": "将全额退款"}, "it promises 全额退款: say it without, or name who answers for it"),
        ({"text": "全 額-退。款！"}, "it promises 全额退款"),
        ({"texts": {"zh-CN": "好", "en": "You get a FULL  refund"}}, "it promises Full refund"),
        ({"text": "全额退款", "overridden_by": "duty"}, "duty may not promise"),
        ({"text": "全额退款", "overridden_by": "old"}, "old could do so until 2020-01-01"),
        ({"text": "全额退款", "overridden_by": "张三"}, "'张三' is not among the hotline's people"),
    ],
)
def test_what_cannot_be_told_is_refused_and_changes_nothing(story: Story, more: dict[str, Any], why: str) -> None:
    on(story)
    answer = order(story, **more)
    assert not answer.ok
    assert why in answer.why
    assert ": " in answer.why  # cause and remedy
    assert story.all(StatusChanged) == []
    assert story.hears(story.dial()) == "正在抢修。"


def test_somebody_by_name_may_answer_for_a_promise(story: Story) -> None:
    on(story)
    assert order(story, "全额退款。", by="王芳", overridden_by="王芳").ok
    assert story.all(StatusChanged)[-1].overridden_by == "王芳"
    assert order(story, "还在修。", overridden_by="nobody we know").ok  # nobody needs to answer for anything
    assert story.all(StatusChanged)[-1].overridden_by == ""


def test_what_we_order_ourselves_is_not_held_to_what_people_may(story: Story) -> None:
    on(story)
    story.tell(StatusOrdered("outage", {"zh-CN": FIXED}, "the laboratory"))
    assert story.all(CrisisAnswered) == []  # nobody asked
    assert states(story) == [("outage", "set", "the laboratory")]


def test_promises_are_found_however_they_are_written() -> None:
    words = ("全额退款", "3倍赔偿", "free")
    assert promises_in(["ＦＲＥＥ"], words) == ("free",)
    assert promises_in(["全\u200b额 退\u3000款", "３倍賠償"], words) == ("全额退款", "3倍赔偿")
    assert promises_in(["全部退款", "额度"], ("全额退款", "…")) == ()
