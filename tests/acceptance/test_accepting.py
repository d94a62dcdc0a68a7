"""A phone that was picked up is not yet a person: mailboxes, and people who are asked, told, and rung together.

What the people at the seats heard, and callers did not, is proven at their phones, sample by sample.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
import pytest_asyncio

from ivr_engine.dialplan.accepting import ConfirmPlan
from ivr_engine.dialplan.text import Text
from ivr_engine.model.ids import PoolName, QueueName, mask_number
from ivr_engine.prompts import PromptBook
from ivr_engine.prompts.sound import SUFFIX
from ivr_engine.stand.ear import Ear
from ivr_engine.stand.hotline import REMOTE_TONE_HZ, HotlineStand
from ivr_engine.stand.media import MediaScript
from ivr_engine.stand.phones import AgentPhone, CallerPhone, SeatPlan
from tests.acceptance.live import Live, eventually, press

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

HOTLINE = Path(__file__).parent / "accepting"
TONE, AGENT_TONE = 2310, 1540
TALKS = 3.0  # seconds


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    folder = tmp_path_factory.mktemp("live") / "hotline"
    async with HotlineStand(folder, dialplan=HOTLINE, remote_talk_seconds=60) as stand:
        yield Live(stand)


def end_of(live: Live, phone: AgentPhone | CallerPhone, *texts: Text) -> int:
    """Where in what a phone heard these texts were heard whole, one after the other; -1 if they were not."""
    book, at = PromptBook(live.stand.settings.prompts), 0
    assert isinstance(phone.ear, Ear)
    for prompt in (prompt for text in texts for prompt in text.said("zh-CN", "zh-CN", {})):
        at = phone.ear.find(book.path(prompt).with_suffix(SUFFIX).read_bytes(), at)
        if at < 0:
            break
    return at


def confirmation(live: Live, pool: str) -> ConfirmPlan:
    plan = live.stand.hotline.pools[PoolName(pool)].confirm
    assert plan is not None
    return plan


async def far_end(live: Live, *presses: tuple[float, str]) -> AgentPhone:
    """Whoever is at the carrier's other end talks as soon as he has picked up, and presses these keys."""
    voice = MediaScript(AGENT_TONE, 60.0, presses)
    return await live.stand.far_end(SeatPlan("far-end", voice, ring_s=0.3, listens=True))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(live: Live) -> AsyncIterator[list[tuple[str, Any]]]:
    """All that is told over MQTT."""
    said: list[tuple[str, Any]] = []
    async with aiomqtt.Client("127.0.0.1", live.stand.broker.port) as client:
        await client.subscribe("ivr/#")
        ear = asyncio.create_task(_listen(client, said))
        yield said
        ear.cancel()
        await asyncio.gather(ear, return_exceptions=True)


async def _listen(client: aiomqtt.Client, told: list[tuple[str, Any]]) -> None:
    async for message in client.messages:
        assert isinstance(message.payload, bytes)
        told.append((str(message.topic), json.loads(message.payload)))


async def test_a_mailbox_at_another_site_never_gets_a_caller(live: Live, told: list[tuple[str, Any]]) -> None:
    """It picks up, talks, and is not believed; he keeps his place, and the next who is there takes him."""
    caller = live.number()
    phone = await live.dial(caller, press("2"), tone=TONE, listens=True)

    async def was_asked_twice() -> bool:
        ended = [one for topic, one in told if topic.endswith("/offer-ended") and one["seat"] == "mailbox#1"]
        return len(ended) >= 2 and all(one["cause"] == "no answer" for one in ended)

    await eventually(was_asked_twice, "the mailbox was rung twice")
    assert await live.doing(caller) in ("waiting", "offered")
    agent = await live.agent("1001", AGENT_TONE)
    await live.until(caller, "talking")
    await asyncio.sleep(TALKS)
    phone.hang_up()
    await phone.finished()
    record = await live.record(caller)
    assert (record.outcome.value, record.pool, record.seat) == ("answered", "local", "1001")
    heard = await live.heard(record.call, TONE, AGENT_TONE, REMOTE_TONE_HZ)
    assert heard.other[REMOTE_TONE_HZ] == 0, "not a sample of the mailbox"
    assert heard.other[AGENT_TONE] > TALKS / 2
    assert end_of(live, phone, confirmation(live, "mailbox").say) == -1, "the question was not for him"
    await live.off_duty(agent)


async def test_a_phone_outside_that_answers_and_talks_is_hung_up_and_who_presses_has_the_call(live: Live) -> None:
    mailbox, caller = await far_end(live), live.number()
    phone = await live.dial(caller, press("1"), tone=TONE, listens=True)

    async def was_hung_up() -> bool:
        return any(call.hung_up_by == "far" for call in mailbox.evidence().calls)

    await eventually(was_hung_up, "we hung up on it")
    assert await live.doing(caller) in ("waiting", "offered")
    await mailbox.stop()
    question, taken = confirmation(live, "carrier").say, confirmation(live, "carrier").taken
    assert end_of(live, mailbox, question, question) > 0, "it was asked, twice"
    assert end_of(live, mailbox, taken) == -1

    person = await far_end(live, (7.5, "1"))
    await live.until(caller, "talking")
    await asyncio.sleep(TALKS)
    phone.hang_up()
    await phone.finished()
    assert end_of(live, person, question, taken) > 0
    for words in (question, taken):
        assert end_of(live, phone, words) == -1, "none of it was for the caller"
    record = await live.record(caller)
    assert (record.outcome.value, record.pool, record.seat) == ("answered", "carrier", "carrier#1")
    assert record.connected_at is not None
    heard = await live.heard(record.call, AGENT_TONE)
    talked = record.ended_at - record.connected_at
    assert TALKS / 2 < heard.other[AGENT_TONE] < talked + 1, "from the key on, and not before"
    await person.stop()


async def test_an_agent_alone_hears_what_it_is_about_and_sees_who_calls_before_he_answers(
    live: Live, told: list[tuple[str, Any]]
) -> None:
    whisper = live.stand.hotline.queues[QueueName("told")].whisper
    assert whisper is not None
    caller = live.number()
    # He says nothing: to an agent's phone Asterisk sends sound where it gets some from, and that is not the ear.
    agent = await live.agent("1001", MediaScript(None, 60.0, events_only=True), ring_s=1.0, listens=True)
    del told[:]
    phone = await live.dial(caller, press("3"), tone=TONE, listens=True)
    await live.until(caller, "offered")
    screen = (await live.stand.ask("agents/1001/call"))["call"]
    await live.until(caller, "talking")
    await asyncio.sleep(TALKS)
    phone.hang_up()
    await phone.finished()
    record = await live.record(caller)

    async def is_cleared() -> bool:
        return told_of_screen(told)[-1:] == [None]

    await eventually(is_cleared, "the agent's screen is empty again")
    assert end_of(live, agent, whisper.say, whisper.tags["vip"]) > 0
    assert end_of(live, phone, whisper.say) == -1
    assert end_of(live, phone, whisper.tags["vip"]) == -1
    assert (screen["call"], screen["caller"], screen["tags"]) == (record.call, mask_number(caller), ["vip"])
    assert (screen["script"], screen["authority"]) == ("您好，请问有什么可以帮您？", {"退款": "200 元以内"})
    topics = [topic for topic, _ in told]
    shown, joined = topics.index("ivr/agents/1001/call"), topics.index(f"ivr/calls/{record.call}/connected")
    assert shown < topics.index(f"ivr/calls/{record.call}/ringing") < joined
    assert all(caller not in json.dumps(one) for _, one in told), "nobody was told the whole number"
    assert (await live.retained("ivr/agents/1001/call"))["ivr/agents/1001/call"]["call"] is None
    await live.off_duty(agent)


def told_of_screen(told: list[tuple[str, Any]]) -> list[Any]:
    return [one["call"] for topic, one in told if topic == "ivr/agents/1001/call"]


async def test_of_three_who_are_rung_together_and_pick_up_at_once_one_has_the_caller(live: Live) -> None:
    agents = [await live.agent(name, AGENT_TONE, ring_s=0.5) for name in ("1001", "1002", "1003")]
    for _ in range(4):
        caller = live.number()
        phone = await live.dial(caller, press("4"), tone=TONE)
        await live.until(caller, "talking")

        async def others_are_ready() -> bool:
            return await live.pool() == {"talking": 1, "ready": 2}

        await eventually(others_are_ready, "one talks, and two could take the next call")
        assert sum(agent.evidence().talking_now for agent in agents) == 1
        phone.hang_up()
        await phone.finished()
        record = await live.record(caller)
        assert (record.outcome.value, record.offers) == ("answered", 3)
        await live.stand.agents_seen(3)
    assert all(agent.evidence().peak_calls == 1 for agent in agents)
    assert all(row["state"] == "ready" for row in await live.stand.ask("agents")), "nobody has missed anything"
    await live.off_duty(*agents)


async def test_nothing_is_left_of_all_this(live: Live) -> None:
    await live.nothing_left()
