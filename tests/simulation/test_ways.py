"""Ways through a dialplan: a person from anywhere, another language, steps used twice, files split, no menu at all."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr_engine.dialplan.load import load
from ivr_engine.model.causes import Outcome
from ivr_engine.model.events import CrisisOrdered
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import CallBackRequested, Ended, KeyPressed, Trouble
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story

HEAD = """\
hotline: small
numbers: ["4000000400"]
fallback: {say: {zh-CN: 您好。, en: Hello.}, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}, vip: {pools: [local]}}
"""
Open = Callable[..., Story]


@pytest.fixture
def hotline(tmp_path: Path) -> Iterator[Open]:
    """Makes a story of a hotline file's text; `files` are beside it."""
    stories: list[Story] = []

    def opened(text: str, **files: str) -> Story:
        for name, part in files.items():
            (tmp_path / f"{name}.yaml").write_text(part, "utf-8")
        (tmp_path / "hotline.yaml").write_text(text, "utf-8")
        stories.append(Story(load(tmp_path, NODE_TYPES)))
        return stories[-1]

    yield opened
    for story in stories:
        story.end()


def queue_of(story: Story, call: CallId) -> str | None:
    return story.call(call).queue


def test_the_key_for_a_person_counts_wherever_no_step_wants_it(hotline: Open) -> None:
    story = hotline(
        HEAD
        + """
human: {keys: [0, "#"], to: {enqueue: vip, tag: asked}}
start: hello
steps:
  hello: {say: {zh-CN: 您好。, en: Hello.}, then: main}
  main:
    menu: {zh-CN: 请按1或0。, en: 1 or 0.}
    keys: {1: hello, 0: {enqueue: general}}
  otherwise: {enqueue: general}
"""
    )
    while_told = story.dial()
    story.press(while_told, "1", "#")
    assert (queue_of(story, while_told), story.call(while_told).tags) == ("vip", ("asked",))
    at_a_wrong_key = story.dial()
    story.listen(at_a_wrong_key)
    story.press(at_a_wrong_key, "#")
    assert queue_of(story, at_a_wrong_key) == "vip"
    at_a_key_of_the_menu = story.dial()
    story.listen(at_a_key_of_the_menu)
    story.press(at_a_key_of_the_menu, "0")
    assert queue_of(story, at_a_key_of_the_menu) == "general"
    assert [notice.understood for notice in story.all(KeyPressed)] == [True] * 3


def test_a_crisis_profile_has_the_key_for_a_person_too(hotline: Open, tmp_path: Path) -> None:
    (tmp_path / "crisis").mkdir()
    (tmp_path / "crisis" / "fire.yaml").write_text(
        "crisis: fire\nstart: {say: {zh-CN: 请离开。, en: Leave.}, then: {hangup: }}\n", "utf-8"
    )
    story = hotline(HEAD + "human: {keys: 0, to: {enqueue: vip}}\nstart: {enqueue: general}\n")
    story.tell(CrisisOrdered("fire", "me", "test"))
    call = story.dial()
    story.press(call, "0")
    assert queue_of(story, call) == "vip"


def test_a_caller_hears_the_language_he_chose_from_there_on_until_another_engine_has_taken_over(hotline: Open) -> None:
    story = hotline(
        HEAD
        + """
start: choose
steps:
  choose: {menu: {zh-CN: English请按2。, en: For English 2.}, keys: {2: {language: en, then: main}}}
  main: {menu: {zh-CN: 请按1。, en: Press 1.}, keys: {1: {enqueue: general}}}
  otherwise: {enqueue: general}
"""
    )
    call = story.dial()
    assert story.hears(call) == "English请按2。"
    story.press(call, "2")
    assert story.hears(call) == "Press 1."
    story.replace_engine()
    assert story.hears(call) == "Press 1."


def test_called_steps_come_back_to_where_they_were_called_from_even_after_a_restart(hotline: Open) -> None:
    story = hotline(
        HEAD
        + """
start: main
steps:
  main:
    menu: {zh-CN: 请按1或2。, en: 1 or 2.}
    keys: {1: {call: ask, then: {enqueue: vip}}, 2: {call: ask, then: last}}
  ask: {menu: {zh-CN: 确认请按1。, en: 1 to confirm.}, keys: {1: return}}
  last: {say: {zh-CN: 再见。, en: Bye.}, then: {hangup: }}
  otherwise: {enqueue: general}
"""
    )
    first, second = story.dial(), story.dial()
    story.press(first, "1", "1")
    assert queue_of(story, first) == "vip"
    story.press(second, "2")
    story.replace_engine()
    story.press(second, "1")
    assert story.hears(second) == "再见。"


def test_nothing_to_come_back_to_is_an_end_and_steps_calling_each_other_without_end_are_told(hotline: Open) -> None:
    story = hotline(
        HEAD
        + """
start: {menu: {zh-CN: 请按1或2。, en: 1 or 2.}, keys: {1: return, 2: deep}}
steps:
  deep: {call: ask, then: {enqueue: general}}
  ask: {menu: {zh-CN: 请按1。, en: Press 1.}, keys: {1: deep}}
  otherwise: {enqueue: general}
"""
    )
    call = story.dial()
    story.press(call, "1")
    assert [notice.record.outcome for notice in story.all(Ended)] == [Outcome.COMPLETED_IN_MENU]
    call = story.dial()
    story.press(call, "2")
    for _ in range(20):
        story.press(call, "1")
    assert "without end" in story.all(Trouble)[-1].what
    assert story.hears(call) == "请按1。"  # and nobody is put off for it
    assert len(story.board.calls[call].returns) == 20


def test_a_choice_of_several_keys_is_remembered_whole_and_one_that_waits_for_more_too(hotline: Open) -> None:
    story = hotline(
        HEAD
        + """
start: main
steps:
  main: {menu: {zh-CN: 请按1或12。, en: 1 or 12.}, keys: {1: main, 12: sort}, between keys: 2s}
  sort: {classify: [{when: {keys: "112"}, then: {enqueue: vip}}], otherwise: {enqueue: general}}
  otherwise: {enqueue: general}
"""
    )
    call = story.dial()
    story.press(call, "1")
    story.pass_time(2.1)
    story.press(call, "1", "2")
    assert (queue_of(story, call), story.call(call).keys) == ("vip", "112")
    assert [notice.understood for notice in story.all(KeyPressed)] == [True, True]


def test_a_text_that_holds_nothing_is_over_at_once(hotline: Open) -> None:
    story = hotline(
        HEAD
        + """
start: {say: {zh-CN: <name>, en: <name>}, then: {set: {name: 李}, then: {enqueue: general}}}
"""
    )
    call = story.dial()
    story.pass_time(0.0)
    assert queue_of(story, call) == "general"


def test_a_hotline_may_be_split_over_files_with_steps_seats_and_defaults_in_common(hotline: Open) -> None:
    story = hotline(
        """\
hotline: split
numbers: ["4000000400"]
include: [steps.yaml, people.yaml]
defaults: {menu: {silence: {after: 9s, repeat: 0, then: {enqueue: late}}}}
start: main
fallback: {say: {zh-CN: 您好。, en: Hello.}, agents: [1001]}
""",
        steps="steps: {main: {menu: {zh-CN: 请按1。, en: Press 1.}, keys: {1: {enqueue: late}}, wrong: {then: main}}}",
        people="pools: {local: {agents: [1001]}}\nqueues: {late: {pools: [local]}}\n",
    )
    call = story.dial()
    story.listen(call)
    story.pass_time(8.9)
    assert queue_of(story, call) is None
    story.pass_time(0.2)
    assert queue_of(story, call) == "late"


def test_three_lines_are_a_hotline(hotline: Open) -> None:
    story = hotline('hotline: acme\nnumbers: ["4000000400"]\nagents: [1001, 1002]\n')
    call = story.dial()
    assert story.hears(call) == "您好，正在为您转接人工客服，通话将被录音，请稍候。"
    story.listen(call)
    story.pick_up(call)
    assert story.seat(call) == "1001"


def test_a_called_flow_that_ends_by_calling_another_comes_back_through_both(hotline: Open) -> None:
    # Found by simulation: `then: return` of a call was taken for the name of a step.
    story = hotline(
        HEAD
        + """
start: {menu: {zh-CN: 请按1。, en: Press 1.}, keys: {1: {call: ask, then: {enqueue: vip}}}}
steps:
  ask: {menu: {zh-CN: 请按2。, en: Press 2.}, keys: {2: {call: sure, then: return}}}
  sure: {menu: {zh-CN: 请按3。, en: Press 3.}, keys: {3: return}}
  otherwise: {enqueue: general}
"""
    )
    call = story.dial()
    story.press(call, "1", "2", "3")
    assert queue_of(story, call) == "vip"


NOTED = """\
hotline: noted
numbers: ["4000000400"]
languages: [en]
fallback: {say: Hello., agents: [1001]}
pools: {local: {agents: [1001]}, other: {agents: [1002]}}
queues: {general: {pools: [local, other]}}
start: {enqueue: general, overflowed: {tag: elsewhere}, abandoned: {tag: lost, callback: true}}
"""


def test_whom_another_pool_serves_is_tagged_so_and_who_is_served_at_home_is_not(hotline: Open) -> None:
    story = hotline(NOTED)
    first, second = story.dial(), story.dial()
    story.pick_up(first)
    story.pick_up(second)
    assert (story.call(first).tags, story.call(second).tags) == ((), ("elsewhere",))


def test_who_hangs_up_waiting_is_noted_and_called_back_if_his_number_can_be_dialled(hotline: Open) -> None:
    story = hotline(NOTED)
    talking, served = story.dial(), story.dial()
    for call in (talking, served):
        story.pick_up(call)
    known, unknown = story.dial(caller="13800000001"), story.dial(caller="anonymous")
    for call in (known, unknown, talking):
        story.hang_up(call)
    records = {notice.call: notice.record for notice in story.all(Ended)}
    assert {call: records[call].tags for call in (known, unknown, talking)} == {
        known: ("lost",),
        unknown: ("lost",),
        talking: (),
    }
    assert records[known].outcome is Outcome.ABANDONED_IN_QUEUE
    wishes = [(notice.call, notice.queue, notice.to) for notice in story.all(CallBackRequested)]
    assert wishes == [(known, "general", "13800000001")]
