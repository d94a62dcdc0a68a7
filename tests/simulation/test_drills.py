"""Calls made to rehearse are routed like others, and everything told of them is told apart (world.py looks at that)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr_engine.core.judging import FEWEST_CALLS
from ivr_engine.dialplan.load import load
from ivr_engine.model import commands as c
from ivr_engine.model.causes import Outcome
from ivr_engine.model.events import MessageKept
from ivr_engine.model.ids import CallId, IdMint, QueueName, call_of, is_of_drill, queue_of
from ivr_engine.model.notices import CanaryChanged, Ended, MessageLeft
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story
from tests.simulation.variants import variants_of
from tests.simulation.world import acme

MESSAGES = load(Path(__file__).parent / "hotlines" / "messages.yaml", NODE_TYPES)


@pytest.fixture
def story() -> Iterator[Story]:
    told = Story(acme())
    yield told
    told.end()


def drill(story: Story) -> CallId:
    """A drill call that waits for an agent."""
    call = story.dial(drill=True)
    story.listen(call)
    story.press(call, "2")
    story.listen(call)
    return call


def test_a_drill_is_routed_like_any_call_and_its_agent_sees_that_it_is_one(story: Story) -> None:
    call = drill(story)
    assert [order.drill for order in story.ordered(c.RingSeat)] == [True]
    story.ring(call)
    story.pick_up(call)
    story.hang_up(call)
    assert story.outcome(call) is Outcome.ANSWERED
    assert story.all(Ended)[-1].record.drill
    ordinary = story.enqueue()
    assert not story.ordered(c.RingSeat)[-1].drill
    story.hang_up(ordinary)
    assert not story.all(Ended)[-1].record.drill


def test_it_is_one_still_after_another_engine_took_it(story: Story) -> None:
    call = drill(story)
    assert story.saved[call].drill
    story.replace_engine()
    story.hang_up(call)
    assert story.all(Ended)[-1].record.drill


def test_it_is_one_still_when_nothing_was_written_on_its_line(story: Story) -> None:
    story.lose_link()
    call = story.exchange.dial(story.hotline.numbers[0], drill=True)
    story.restore_link()
    story.hang_up(call)
    assert story.all(Ended)[-1].record.drill


def test_it_judges_no_version_on_trial(story: Story) -> None:
    trial = variants_of(story.hotline)[0]
    story.canary(trial, 50)
    for _ in range(3 * FEWEST_CALLS):
        story.hang_up(story.dial(drill=True))
    told = story.all(CanaryChanged)[-1]
    assert (told.state, told.calls, told.other_calls) == ("on", 0, 0)
    story.hang_up(story.dial())
    told = story.all(CanaryChanged)[-1]
    assert told.calls + told.other_calls == 1


def test_its_message_is_known_as_one_by_its_name_alone() -> None:
    story = Story(MESSAGES)
    call = story.dial(drill=True)
    story.press(call, "2")
    story.listen(call)
    message = story.exchange.callers[call].message
    assert message is not None
    assert is_of_drill(message)
    assert (call_of(message), queue_of(message)) == (call, "complaint")
    story.hang_up(call)
    queue = QueueName("complaint")
    fresh = Story(MESSAGES)  # an engine that never heard of the call
    for name in (message, IdMint(CallId("sim-9.0")).message(queue)):
        fresh.drills.update({call})
        fresh.tell(MessageKept(call_of(name), name, queue, 4.0, fresh.now))
    assert [is_of_drill(told.message) for told in fresh.all(MessageLeft)] == [True, False]
    for each in (story, fresh):
        each.end()
